"""A stored result does not choose which comment it is: the place that publishes it does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.schema import result
from tests.command.conftest import Answer, Run
from tests.platforms.fake_github import JOB, USERS, FakeGitHub, github
from tests.reports.builders import HEAD
from tests.reports.suites import picture

HERE = {"id": 1001, "full_name": "acme/widget", "default_branch": "main"}
MARK = "<!-- perfci:v1 project={} -->"


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with github() as found:
        found.pulls[12] = HEAD.commit
        yield found


def publish(perfci: Run, fake: FakeGitHub, folder: Path, project: str, **more: str) -> Answer:
    """Publish the result of a fork's pull request that says which project it is of."""
    artifact = folder / "second" / "perfci-results"
    artifact.mkdir(parents=True, exist_ok=True)
    found = picture()
    forged = replace(found, recording=replace(found.recording, project=project))
    (artifact / "result.json").write_bytes(result.dump(forged))
    run = {
        "event": "pull_request",
        "head_sha": HEAD.commit,
        "head_branch": "main",
        "head_repository": {"id": 2002, "full_name": "eve/widget"},
        "pull_requests": [],
    }
    event = folder / "event.json"
    event.write_text(json.dumps({"repository": HERE, "workflow_run": run}))
    answer = perfci(
        "publish",
        "perfci-results",
        cwd=artifact.parent,
        CI="true",
        GITHUB_ACTIONS="true",
        GITHUB_EVENT_NAME="workflow_run",
        GITHUB_EVENT_PATH=str(event),
        GITHUB_REPOSITORY="acme/widget",
        GITHUB_API_URL=fake.address,
        GITHUB_TOKEN=JOB,
        **more,
    )
    assert answer.code == 0, answer
    return answer


def test_another_projects_comment_is_not_in_its_reach(
    perfci: Run, fake: FakeGitHub, tmp_path: Path
) -> None:
    core = fake.say(USERS[JOB], f"{MARK.format('core')}\nfine")
    answer = publish(perfci, fake, tmp_path, "core")
    assert core.body == f"{MARK.format('core')}\nfine"
    assert [each.body.partition("\n")[0] for each in fake.comments] == [
        MARK.format("core"),
        MARK.format("acme/widget"),
    ]
    assert "this result calls its project core; here it is acme/widget" in answer.err
    assert "PERFCI_PROJECT" in answer.err


def test_whatever_it_calls_itself_it_is_one_comment_and_a_short_warning(
    perfci: Run, fake: FakeGitHub, tmp_path: Path
) -> None:
    answer = publish(perfci, fake, tmp_path, f"a -->\n@everyone\n::error::b{'x' * 60_000}")
    assert len(answer.err) < 2000
    assert "\n::error::" not in answer.err
    (comment,) = fake.comments
    assert comment.body.startswith(MARK.format("acme/widget"))


@pytest.mark.slow
@pytest.mark.parametrize("named", ["settings", "variable"])
def test_a_project_that_is_known_here_has_its_own_comment(
    perfci: Run, fake: FakeGitHub, tmp_path: Path, named: str
) -> None:
    variables = {"PERFCI_PROJECT": "core"} if named == "variable" else {}
    if named == "settings":
        (tmp_path / "second").mkdir()
        (tmp_path / "second/perfci.yml").write_text("project: core\n")
    answer = publish(perfci, fake, tmp_path, "core", **variables)
    (comment,) = fake.comments
    assert comment.body.startswith(MARK.format("core"))
    assert "calls its project" not in answer.err
