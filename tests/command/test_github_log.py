"""What GitHub's runner would take for a command to itself in perfci's log: nothing foreign."""

import re

import pytest

from tests.command.conftest import Answer, App, Run

FORGED = (
    "::error::forged",
    "  ::set-output name=verdict::pass",
    "\t::add-mask::e",
    "done ##[error]forged",
    "###[warning]forged",
    "##[add-mask]e",
    "a\r::stop-commands::x",
    "\x1b[1m::group::forged",
    "\u200b::notice::forged",
    "#\u200b#[debug]forged",
)
OUTPUT = "".join(f"{line}\n" for line in FORGED)
PRINTS = f"import sys\nfor out in (sys.stdout, sys.stderr):\n    out.write({OUTPUT!r})\n"


def obeyed(answer: Answer) -> list[str]:
    """Return the lines that the runner obeys: by its own rules, of both streams."""
    lines = re.split(r"\r\n|\r|\n", f"{answer.out}\n{answer.err}")
    return [line for line in lines if line.lstrip()[:2] == "::" or "##[" in line]


def on_github(perfci: Run, *arguments: str) -> Answer:
    return perfci(*arguments, GITHUB_ACTIONS="true", GITHUB_EVENT_NAME="push", CI="true")


@pytest.mark.parametrize(
    "settings",
    [
        "setup: python3 prints.py\nbenchmarks:\n  - {name: a, run: 'python3 prints.py; exit 3'}\n",
        "benchmarks:\n  - {name: a, python: 'raises.py:work'}\n",
        "setup: python3 prints.py; exit 3\nbenchmarks:\n  - {name: a, run: 'true'}\n",
        "benchmarks:\n  - {name: '##[error]x', suite: '::error::y', run: 'true'}\n",
        "'##[error]x': 1\nbenchmarks: []\n",
    ],
    ids=["command", "callable", "setup", "name", "key"],
)
def test_no_line_of_the_log_is_a_command_of_what_was_measured(
    app: App, perfci: Run, settings: str
) -> None:
    app.write("prints.py", PRINTS)
    app.write("raises.py", f"{PRINTS}\ndef work():\n    raise ValueError({OUTPUT!r})\n")
    app.settings(f"{settings}measure: {{rounds: 1}}\n")

    answer = on_github(perfci, "run", "--debug", "--json")

    foreign = [line for line in obeyed(answer) if not line.startswith(("::error ", "::warning "))]
    assert foreign == [], answer
    assert re.search(r"forged|error.?x", answer.out + answer.err), "it is told all the same"
