"""The house: short files, and commands that are what the README says they are."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
LONGEST = 400  # lines; more than that and a file says more than one thing


def python_files() -> list[Path]:
    folders = ["perfci", "tests", "scripts", "benchmarks"]
    below = [each for folder in folders for each in (HOUSE / folder).rglob("*.py")]
    return [*below, *HOUSE.glob("*.py")]


def test_no_python_file_is_longer_than_400_lines() -> None:
    files = python_files()
    lengths = {str(each): each.read_bytes().count(b"\n") for each in files}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
    assert len(files) > 10


@pytest.mark.parametrize(
    "command", ["pip install . && perfci run", "pip install '.[test]' && pytest"]
)
def test_ci_runs_the_readmes_two_commands_to_the_letter(command: str) -> None:
    readme = (HOUSE / "README.md").read_text()
    stranger = re.findall(
        r"^as_a_stranger (['\"])(.*)\1$", (HOUSE / ".ci/run").read_text(), re.MULTILINE
    )

    assert re.search(rf"^\s*(\$ )?{re.escape(command)}\s*$", readme, re.MULTILINE)
    assert command in [text for _, text in stranger]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    names = {re.match(r"[\w-]+", each)[0] for each in wanted} - {"perf-regression"}  # type: ignore[index]
    reasons = (HOUSE / "docs/decisions/0002-dependencies.md").read_text()

    assert set(re.findall(r"^\| `([\w-]+)` \| \w.+ \|$", reasons, re.MULTILINE)) == names
