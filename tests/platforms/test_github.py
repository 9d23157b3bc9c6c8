import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.model.context import Context
from perfci.platforms.detect import detect

EVENTS = Path(__file__).with_name("events")
HEAD, BASE, MERGE, DEFAULT = ("a" * 39 + "1", "b" * 39 + "2", "c" * 39 + "3", "d" * 39 + "4")
JOB = {
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "acme/widget",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_RUN_ID": "4242",
    "GITHUB_RUN_ATTEMPT": "1",
}
COMMON = Context(
    platform="github",
    repository="acme/widget",
    default_branch="main",
    run_url="https://github.com/acme/widget/actions/runs/4242",
)


def read(path: str) -> Mapping[str, object]:
    document: dict[str, object] = json.loads(Path(path).read_bytes())
    return document


def github(event: str, payload: str, **variables: str) -> Context:
    found = detect(
        {
            **JOB,
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(EVENTS / f"{payload}.json"),
            **{f"GITHUB_{name}": value for name, value in variables.items()},
        },
        read,
    )
    assert found.problems == ()
    return found.context


def test_push_judges_what_was_pushed() -> None:
    context = github("push", "push", SHA=HEAD, REF="refs/heads/main")
    assert context == replace(COMMON, commit=HEAD, branch="main", event="push")
    assert not context.is_pull_request


def test_pushed_tag_is_no_branch() -> None:
    context = github("push", "push_tag", SHA=HEAD, REF="refs/tags/v1.0")
    assert context == replace(COMMON, commit=HEAD, tag="v1.0", event="push")


def test_push_that_deletes_a_branch_has_no_commit() -> None:
    context = github("push", "push_deleted", SHA=DEFAULT, REF="refs/heads/gone")
    assert (context.commit, context.base_commit) == ("", "")


@pytest.mark.parametrize(
    ("event", "sha", "ref"),
    [
        ("pull_request", MERGE, "refs/pull/12/merge"),
        ("pull_request_target", DEFAULT, "refs/heads/main"),
    ],
)
def test_pull_request_judges_its_own_head_and_never_the_jobs_commit(
    event: str, sha: str, ref: str
) -> None:
    assert github(event, "pull_request", SHA=sha, REF=ref) == replace(
        COMMON,
        commit=HEAD,
        base_commit=BASE,
        branch="feature/ä-#1",
        base_branch="main",
        pr_number=12,
        event=event,
    )


@pytest.mark.parametrize(
    ("payload", "is_fork"),
    [
        ("pull_request", False),
        ("pull_request_fork", True),
        ("pull_request_fork_deleted", True),
        ("pull_request_inside_fork", False),
    ],
)
def test_fork_is_told_by_the_repositories_ids(payload: str, *, is_fork: bool) -> None:
    context = github("pull_request", payload, SHA=MERGE, REF="refs/pull/12/merge")
    assert context.is_fork is is_fork


def test_merge_queue_compares_with_the_entry_before() -> None:
    reference = f"refs/heads/gh-readonly-queue/release/2.x/pr-12-{BASE}"
    context = github("merge_group", "merge_group", SHA=HEAD, REF=reference)
    assert context == replace(
        COMMON,
        commit=HEAD,
        base_commit=BASE,
        branch=reference.removeprefix("refs/heads/"),
        base_branch="release/2.x",
        pr_number=12,
        event="merge_group",
    )
    assert context.is_pull_request


def test_schedule_and_manual_start_judge_their_branch() -> None:
    scheduled = github("schedule", "schedule", SHA=DEFAULT, REF="refs/heads/main")
    assert scheduled == replace(COMMON, commit=DEFAULT, branch="main", event="schedule")
    started = github("workflow_dispatch", "workflow_dispatch", SHA=HEAD, REF="refs/heads/try")
    assert started == replace(COMMON, commit=HEAD, branch="try", event="workflow_dispatch")


def test_a_release_judges_its_tag_and_is_of_no_branch() -> None:
    context = github("release", "release", SHA=HEAD, REF="refs/tags/v1.0")
    assert context == replace(COMMON, commit=HEAD, tag="v1.0", event="release")


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_a_fork_is_one_however_its_pull_request_is_run(event: str) -> None:
    context = github(event, "pull_request_fork", SHA=DEFAULT, REF="refs/heads/main")
    assert (context.is_fork, context.commit, context.pr_number) == (True, HEAD, 12)


def test_second_stage_judges_what_the_first_ran_on() -> None:
    context = github("workflow_run", "workflow_run", SHA=DEFAULT, REF="refs/heads/main")
    assert context == replace(
        COMMON,
        commit=HEAD,
        base_commit=BASE,
        branch="feature",
        base_branch="main",
        pr_number=12,
        event="workflow_run",
    )


@pytest.mark.parametrize("payload", ["workflow_run_fork", "workflow_run_target"])
def test_second_stage_of_a_fork_is_known_as_one(payload: str) -> None:
    context = github("workflow_run", payload, SHA=DEFAULT, REF="refs/heads/main")
    assert context.is_fork
    assert context.commit == HEAD
    assert context.pr_number is None


def test_comment_on_a_pull_request_names_it_and_trusts_nothing() -> None:
    context = github("issue_comment", "issue_comment", SHA=DEFAULT, REF="refs/heads/main")
    assert context == replace(COMMON, pr_number=12, is_fork=True, event="issue_comment")
    plain = github("issue_comment", "issue_comment_plain", SHA=DEFAULT, REF="refs/heads/main")
    assert plain == replace(COMMON, commit=DEFAULT, branch="main", event="issue_comment")


def test_second_attempt_has_its_own_address() -> None:
    context = github("push", "push", SHA=HEAD, REF="refs/heads/main", RUN_ATTEMPT="2")
    assert context.run_url.endswith("/actions/runs/4242/attempts/2")


@pytest.mark.parametrize(("variable", "name"), [("GITEA", "gitea"), ("FORGEJO", "forgejo")])
def test_relatives_of_github_are_told_apart(variable: str, name: str) -> None:
    environ = {
        **JOB,
        f"{variable}_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(EVENTS / "pull_request.json"),
    }
    context = detect(environ, read).context
    assert (context.platform, context.pr_number, context.commit) == (name, 12, HEAD)


def absent(path: str) -> Mapping[str, object]:
    raise FileNotFoundError(2, "No such file", path)


def deep(path: str) -> Mapping[str, object]:
    del path
    document: Mapping[str, object] = json.loads("[" * 100_000)
    return document


def listed(path: str) -> Mapping[str, object]:
    del path
    document: Mapping[str, object] = json.loads("[]")
    return document


def hostile(path: str) -> Mapping[str, object]:
    del path
    return {
        "number": "12; rm -rf",
        "pull_request": {
            "number": True,
            "head": {"sha": "--upload-pack=x", "ref": 5, "repo": [1001]},
            "base": {"sha": ["b"], "ref": None},
        },
        "repository": {"id": "1001", "default_branch": {}},
    }


@pytest.mark.parametrize("reader", [absent, deep, listed, hostile])
def test_damaged_event_costs_the_facts_and_nothing_else(
    reader: Callable[[str], Mapping[str, object]],
) -> None:
    environ = {
        **JOB,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": "/github/workflow/event.json",
        "GITHUB_SHA": MERGE,
        "GITHUB_REF": "refs/pull/12/merge",
        "GITHUB_HEAD_REF": "feature",
        "GITHUB_BASE_REF": "main",
    }
    found = detect(environ, reader)
    assert found.context == replace(
        COMMON,
        default_branch="",
        branch="feature",
        base_branch="main",
        pr_number=12,
        event="pull_request",
        is_fork=True,
    )
    (problem,) = found.problems
    assert "GITHUB_EVENT_PATH" in problem


def test_missing_event_variable_is_told() -> None:
    found = detect({**JOB, "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": HEAD}, read)
    assert "the variable is not set" in found.problems[0]
    assert found.context.commit == HEAD
