"""The pipelines are thin, pinned, and ask for no more than they need."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

HOUSE = Path(__file__).parents[2]
WORKFLOWS = sorted((HOUSE / ".github/workflows").glob("*.yml"))
each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def steps(path: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@each_workflow
def test_foreign_actions_are_pinned_to_a_commit_with_its_version_beside(path: Path) -> None:
    for used in re.findall(r"uses: (.+)", path.read_text()):
        assert used == "./" or re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used


@each_workflow
def test_a_workflow_starts_without_permissions(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())

    assert workflow["permissions"] == {}
    assert all(job["permissions"] for job in workflow["jobs"].values())


@each_workflow
def test_the_checkout_leaves_no_token_behind(path: Path) -> None:
    checkouts = [step for step in steps(path) if "actions/checkout@" in step.get("uses", "")]

    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_github_and_gitlab_run_the_same_script() -> None:
    github = [step.get("run") for step in steps(HOUSE / ".github/workflows/ci.yml")]
    gitlab = yaml.safe_load((HOUSE / ".gitlab/check.yml").read_text())["check"]["script"]

    assert [each for each in github if each] == gitlab == [".ci/run"]
