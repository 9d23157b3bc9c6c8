"""What the page on histories shows is what comes out."""

import json
import math
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from perfci.cli.parser import parse
from tests.command.conftest import App, Run

PAGE = (Path(__file__).parents[3] / "docs/history.md").read_text()
(TABLE,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
(RECORD,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
SHOWN = dict(re.findall(r"```text\n\$ perfci (.*?)\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = re.findall(r"^\$ perfci (.*?)(?:  +#.*)?$", PAGE, re.MULTILINE)


def shape(text: str) -> list[str]:
    """Return the words of a table, with `#` for numbers and bars."""
    return re.sub(r"[▁-█]+|[+-]?\b[0-9][0-9.,]*", "#", text).split()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one_that_there_is(command: str) -> None:
    parse(shlex.split(command))


def test_the_example_prints_what_the_page_shows(app: App, inside: Run) -> None:
    app.write("runs.csv", TABLE)
    answer = inside("history", "runs.csv")
    assert (answer.code, answer.err) == (0, "")
    shown = SHOWN["history runs.csv"]
    assert shape(answer.out) == shape(shown)
    assert answer.out.splitlines()[:6] == shown.splitlines()[:6]


def test_the_document_is_as_the_page_shows(app: App, inside: Run) -> None:
    app.write("runs.csv", TABLE)
    ((command, text),) = [item for item in SHOWN.items() if "--json" in item[0]]
    answer = inside(*shlex.split(command))
    found, shown = json.loads(answer.out), json.loads(text)
    assert alike(found, shown), answer.out


def alike(found: Any, shown: Any) -> bool:
    """Tell whether two documents have the same keys, texts and whole numbers, and near others."""
    if isinstance(shown, dict):
        return list(found) == list(shown) and all(alike(found[key], shown[key]) for key in shown)
    if isinstance(shown, list):
        pairs = zip(found, shown, strict=True)
        return len(found) == len(shown) and all(alike(*pair) for pair in pairs)
    if isinstance(shown, float):
        return math.isclose(found, shown, rel_tol=0.2) or max(found, shown) < 1e-6
    return bool(found == shown)


def test_the_record_is_read(app: App, inside: Run) -> None:
    app.write("one.jsonl", RECORD)
    document = json.loads(inside("history", "one.jsonl", "--json").out)
    assert [each["name"] for each in document["series"]] == ["parse"]
