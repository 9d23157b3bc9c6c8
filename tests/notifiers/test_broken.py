"""The messages of a run that came to no verdict."""

import json
from typing import Any

import pytest

from perfci.errors import PerfciError
from perfci.model.breakdown import Breakdown
from perfci.model.context import Context
from perfci.model.emission import Service
from perfci.notifiers.harmless import units
from perfci.notifiers.occasions import Occasion
from perfci.notifiers.reporter import broken
from tests.notifiers.said import PULL_REQUEST, lines, sent, within_job
from tests.notifiers.test_harmless import FORGED
from tests.reports.suites import picture

CHATS = (Service.SLACK, Service.DISCORD, Service.TEAMS)


def said(service: Service, text: str = "", *, size: int = 1, occasion: str = "fail") -> Any:
    """Return the body for one service; None where it is told nothing."""
    error = PerfciError(
        f"the base commit is gone {text}".strip() * size,
        hint=f"fetch it {text}".strip() * size,
        output="what a stranger's program printed",
    )
    hostile = Context(platform="github", repository=text, commit=text, branch=text, run_url=text)
    found = broken(
        Breakdown(
            project=f"codec{text}",
            context=hostile if text else PULL_REQUEST,
            error=error,
            author=f"A. Name{text}",
        ),
        [service],
        Occasion(occasion),
    )
    return json.loads(found[0].body) if found else None


@pytest.mark.parametrize("service", CHATS)
def test_a_chat_hears_what_happened_whose_it_is_and_what_is_next(service: Service) -> None:
    seen = lines(said(service))
    for part in (
        "ERROR codec: perfci could not do its job",
        "A. Name",
        "pull request 12",
        "the base commit is gone",
        "Next: fetch it",
        "Until then the gate cannot pass.",
    ):
        assert part in seen
    assert "stranger's program" not in seen


@pytest.mark.parametrize("occasion", ["change", "always"])
def test_it_is_red_on_every_occasion(occasion: str) -> None:
    assert said(Service.SLACK, occasion=occasion)


def test_nobody_is_told_where_nobody_wants_to_be() -> None:
    assert said(Service.SLACK, occasion="never") is None


def test_a_program_gets_the_fields_of_any_other_message() -> None:
    told = said(Service.WEBHOOK)
    usual = sent(within_job(picture()), Service.WEBHOOK)
    assert told.keys() == usual.keys()
    assert told["summary"].keys() == usual["summary"].keys()
    assert (told["verdict"], told["exit_code"]) == ("error", 2)
    assert told["message"] == "the base commit is gone"
    assert told["pull_request"] == {"number": 12, "target": "main"}
    kinds = {name: type(value) for name, value in usual.items() if name != "previous"}
    assert {name: type(value) for name, value in told.items() if name != "previous"} == kinds


@pytest.mark.parametrize("service", CHATS)
@pytest.mark.parametrize("size", [1, 1_000])
def test_no_text_of_a_stranger_acts_or_overflows(service: Service, size: int) -> None:
    for text in FORGED:
        told = json.dumps(said(service, text, size=size), ensure_ascii=False)
        for active in ("@everyone", "@here", "<!", "<@", "<#", "<at>", "{{", "${"):
            assert active not in told, (active, told)
        assert units(told) <= 6_000
