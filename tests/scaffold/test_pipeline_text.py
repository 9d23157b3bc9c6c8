"""What a branch or a folder is called stays text, and no pipeline ends another's measurement."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfci.scaffold.files import gitlab, jenkins
from perfci.scaffold.github import workflow
from perfci.scaffold.place import Place
from perfci.scaffold.quoted import quoted
from perfci.scaffold.second_stage import second_stage

BRANCHES = ["main", "c++", "!x", "a!b", "a+", "x]", "é", "'", '"', "a{b}", "-x", "#1", "on", "1e3"]


def written(place: Place) -> dict[Any, Any]:
    document = yaml.safe_load(workflow((), place, forks=False))
    assert isinstance(document, dict)
    return document


def meaning(pattern: str) -> re.Pattern[str]:
    """Read a filter as GitHub documents it, as far as branches can hold its characters."""
    assert not pattern.startswith("!")
    words = re.findall(r"\\.|.", pattern)
    assert not set(words) & set("*?["), "these would stand for others"
    # `+` repeats what is before it; a backslash takes a character as it is
    return re.compile("".join(word if word == "+" else re.escape(word[-1]) for word in words))


@pytest.mark.parametrize("branch", BRANCHES)
def test_a_push_is_measured_on_the_named_branch_alone(branch: str) -> None:
    # YAML's `on` is a truth value to its older readers
    (pattern,) = written(Place(branch=branch))[True]["push"]["branches"]

    assert meaning(pattern).fullmatch(branch)
    for other in ("cc", "ccc", "c", "x", "aa", "a", "ab", "\\" + branch):
        assert not meaning(pattern).fullmatch(other)


def test_a_linter_takes_the_filters_as_names(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "actionlint"
    if not program.exists():
        # it comes with the extra `dev`: scripts/check runs this
        pytest.skip("actionlint is not installed")
    names = [tmp_path / f"{number}.yml" for number in range(len(BRANCHES))]
    for name, branch in zip(names, BRANCHES, strict=True):
        name.write_text(workflow((), Place(branch=branch), forks=False))

    done = subprocess.run([program, *names], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text", [*BRANCHES, "\U0001f680", "\u202ea", "\u2028", "\\ud83d", "\x7f"])
def test_a_quoted_text_is_the_same_in_yaml_and_in_toml(text: str) -> None:
    assert yaml.safe_load(quoted([text])) == [text]
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}
    assert quoted(text).isprintable()


@pytest.mark.parametrize("branch", ["c++", "''" + "'", "${id}", '"', "x`id`"])
def test_no_other_pipeline_names_the_branch(branch: str) -> None:
    assert gitlab((), Place(branch=branch)) == gitlab((), Place())
    assert jenkins((), Place(branch=branch)) == jenkins((), Place())


def group(document: dict[Any, Any], event: dict[str, str]) -> str:
    """Return the group of a run, as GitHub makes it: of `a || b` the first that is there."""

    def value(found: re.Match[str]) -> str:
        names = [name.strip() for name in found[1].split("||")]
        return next(event[name] for name in names if name in event)

    return re.sub(r"\$\{\{(.*?)\}\}", value, document["concurrency"]["group"])


def test_pushes_wait_for_nobody_and_cancel_nobody() -> None:
    runs = [{"github.run_id": str(number), "github.ref": "refs/heads/main"} for number in (1, 2, 3)]
    document = written(Place())

    assert len({group(document, run) for run in runs}) == 3
    assert document["concurrency"]["cancel-in-progress"] == (
        "${{ github.event_name == 'pull_request' }}"
    )


def test_a_newer_commit_of_a_pull_request_replaces_the_one_before() -> None:
    document = written(Place())
    first, second, other = (
        group(document, {"github.run_id": run, "github.event.pull_request.number": number})
        for run, number in (("1", "7"), ("2", "7"), ("3", "8"))
    )
    assert first == second != other


def test_projects_of_one_repository_measure_the_same_pull_request_side_by_side() -> None:
    event = {"github.run_id": "1", "github.event.pull_request.number": "7"}
    places = [Place(), Place(folder="web"), Place(folder="a/b"), Place(folder="a-b")]
    assert len({group(written(place), event) for place in places}) == 4


def test_a_push_of_the_same_commit_leaves_the_comment_of_a_pull_request_alone() -> None:
    document = yaml.safe_load(second_stage(Place()))
    both = [
        {"github.event.workflow_run.id": run, "github.event.workflow_run.head_sha": "a1"}
        for run in ("1", "2")
    ]
    assert len({group(document, event) for event in both}) == 2
