"""Two stages: a fork's job measures without a token, a second one says what came out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command.conftest import Answer, App, Run
from tests.platforms.fake_github import JOB, FakeGitHub, github

HERE = {"id": 1001, "full_name": "acme/widget", "default_branch": "main"}
THEIRS = {"id": 2002, "full_name": "eve/widget"}
SETTINGS = """\
benchmarks:
  - {name: hold, suite: memory, run: [python3, -I, -S, hold.py], metrics: [memory_usage]}
measure: {rounds: 3}
report: {html: false}
"""


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with github() as found:
        yield found


def job(perfci: Run, folder: Path, event: str, payload: Any, **more: str) -> Answer:
    """Start perfci in a job of a workflow."""
    verb = more.pop("verb", "run").split()
    path = folder.parent / "event.json"
    path.write_text(json.dumps({"repository": HERE, **payload}))
    return perfci(
        *verb,
        cwd=folder,
        CI="true",
        GITHUB_ACTIONS="true",
        GITHUB_EVENT_NAME=event,
        GITHUB_EVENT_PATH=str(path),
        GITHUB_REPOSITORY="acme/widget",
        **more,
    )


@pytest.fixture
def measured(app: App, perfci: Run) -> str:
    """Let a fork's pull request be measured, and return its head."""
    app.settings(SETTINGS)
    app.write(".gitignore", "/perfci-results/\n")
    app.write("hold.py", "x = bytes([1]) * 20_000_000\n")
    base = app.commit()
    app.write("hold.py", "x = bytes([1]) * 60_000_000\n")
    head = app.commit()
    pull = {
        "number": 12,
        "head": {"sha": head, "ref": "main", "repo": THEIRS},
        "base": {"sha": base, "ref": "main"},
    }
    merge = {"GITHUB_REF": "refs/pull/12/merge", "GITHUB_SHA": head}
    answer = job(perfci, app.root, "pull_request", {"number": 12, "pull_request": pull}, **merge)
    assert answer.code == 1, answer
    return head


@pytest.fixture
def publish(perfci: Run, app: App, fake: FakeGitHub, tmp_path: Path) -> Any:
    """Start the second stage for a head, in a folder that holds the artifact and nothing else."""

    def start(head: str, **more: str) -> Answer:
        folder = tmp_path / "second"
        folder.mkdir(exist_ok=True)
        artifact = folder / "perfci-results"
        if not artifact.exists():
            (app.root / "perfci-results").rename(artifact)
        run = {"event": "pull_request", "head_sha": head, "head_repository": THEIRS}
        payload = {"workflow_run": {**run, "head_branch": "main", "pull_requests": []}}
        variables = {"GITHUB_API_URL": fake.address, "GITHUB_TOKEN": JOB} | more
        return job(
            perfci, folder, "workflow_run", payload, verb="publish perfci-results", **variables
        )

    return start


@pytest.mark.slow
def test_the_second_stage_comments_where_the_first_could_not(
    measured: str, publish: Any, fake: FakeGitHub, tmp_path: Path
) -> None:
    fake.pulls[12] = measured
    summary = tmp_path / "summary"
    answer = publish(measured, GITHUB_STEP_SUMMARY=str(summary))
    assert answer.code == 0, answer
    (comment,) = fake.comments
    assert "### Performance: 1 benchmark got worse" in comment.body
    assert "`memory/hold`" in comment.body
    assert "1 benchmark got worse" in summary.read_text()
    assert not fake.checks, "a fork's own word is no check"
    assert publish(measured).code == 0
    assert len(fake.comments) == 1, "and a second time it is the same one"


@pytest.mark.slow
def test_the_number_in_the_artifact_is_not_believed(
    measured: str, publish: Any, fake: FakeGitHub
) -> None:
    fake.pulls[12] = "b" * 40
    answer = publish(measured)
    assert answer.code == 0, answer
    assert f"no open pull request has {measured[:7]} as its head" in answer.err
    assert fake.comments == []


@pytest.mark.slow
def test_a_result_of_another_commit_is_refused(
    measured: str, publish: Any, fake: FakeGitHub
) -> None:
    fake.pulls[12] = "c" * 40
    answer = publish("c" * 40)
    assert answer.code == 2, answer
    assert "this result is of" in answer.err
    assert "run-id: ${{ github.event.workflow_run.id }}" in answer.err
    assert fake.requests == []


@pytest.mark.slow
def test_a_server_that_says_no_changes_nothing_but_a_warning(
    measured: str, publish: Any, fake: FakeGitHub
) -> None:
    answer = publish(measured, GITHUB_TOKEN="ghs_unknown-secret")
    assert answer.code == 0, answer
    assert "not delivered: the pull request: cannot read number 12" in answer.err
    assert "ghs_unknown-secret" not in answer.out + answer.err


@pytest.mark.slow
def test_a_green_verdict_over_red_findings_is_not_published(
    measured: str, publish: Any, app: App, fake: FakeGitHub
) -> None:
    path = app.root / "perfci-results/result.json"
    forged = {**json.loads(path.read_text()), "verdict": "pass", "exit_code": 0}
    path.write_text(json.dumps(forged))
    answer = publish(measured)
    assert answer.code == 2, answer
    assert "contradicts itself" in answer.err
    assert fake.requests == []


def test_a_result_that_is_none_is_refused(app: App, perfci: Run) -> None:
    app.write("perfci-results/result.json", '{"schema": "perfci.result/1"')
    answer = perfci("publish", "perfci-results")
    assert answer.code == 2
    assert "perfci-results/result.json" in answer.err
