"""Events as GitHub publishes them: every example of its own, whole.

`.ci/parts` installs @octokit/webhooks-examples and names its file in PERFCI_TEST_GITHUB_EVENTS.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfci.model.context import Context
from perfci.platforms.detect import detect
from perfci.platforms.detected import ReadEvent

_FILE = os.environ.get("PERFCI_TEST_GITHUB_EVENTS", "")
_JOB = "1" * 40
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not _FILE, reason="PERFCI_TEST_GITHUB_EVENTS names no examples of events"),
]


def _reads(payload: dict[str, Any]) -> ReadEvent:
    return lambda _path: payload


def examples(event: str) -> Iterator[tuple[dict[str, Any], Context]]:
    """Yield each example of an event, and what is made of it."""
    every = json.loads(Path(_FILE).read_bytes())
    for payload in next(each["examples"] for each in every if each["name"] == event):
        environ = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": "event.json",
            "GITHUB_SHA": _JOB,
            "GITHUB_REF": payload.get("ref") or "refs/heads/main",
        }
        found = detect(environ, _reads(payload))
        assert found.problems == ()
        assert found.context.default_branch == payload["repository"]["default_branch"]
        yield payload, found.context


@pytest.mark.parametrize("event", ["pull_request", "pull_request_review"])
def test_a_pull_request_is_judged_by_its_own_head(event: str) -> None:
    for payload, context in examples(event):
        pull = payload["pull_request"]
        assert context.pr_number == pull["number"]
        assert (context.commit, context.branch) == (pull["head"]["sha"], pull["head"]["ref"])
        assert (context.base_commit, context.base_branch) == (
            pull["base"]["sha"],
            pull["base"]["ref"],
        )
        assert context.is_fork is (pull["head"]["repo"]["id"] != payload["repository"]["id"])
        assert context.labels == tuple(label["name"] for label in pull.get("labels", []))


def test_a_push_is_judged_by_what_was_pushed() -> None:
    for payload, context in examples("push"):
        assert context.commit == ("" if payload["deleted"] else payload["after"])
        tag = payload["ref"].startswith("refs/tags/")
        assert (context.tag, context.branch) == (
            (payload["ref"].removeprefix("refs/tags/"), "")
            if tag
            else ("", payload["ref"].removeprefix("refs/heads/"))
        )


def test_a_finished_run_is_judged_by_what_it_ran_on() -> None:
    for payload, context in examples("workflow_run"):
        run = payload["workflow_run"]
        assert context.commit == run["head_sha"]
        assert context.branch == run["head_branch"]
        assert context.is_fork is (run["head_repository"]["id"] != payload["repository"]["id"])


def test_a_merge_queue_is_judged_by_its_own_commit() -> None:
    for payload, context in examples("merge_group"):
        group = payload["merge_group"]
        assert (context.commit, context.base_commit) == (group["head_sha"], group["base_sha"])
        assert context.is_pull_request


def test_a_comment_is_of_a_pull_request_or_is_not() -> None:
    for payload, context in examples("issue_comment"):
        pull = "pull_request" in payload["issue"]
        assert context.pr_number == (payload["issue"]["number"] if pull else None)


@pytest.mark.parametrize("event", ["workflow_dispatch", "release", "create", "delete"])
def test_whatever_else_starts_a_job_is_judged_by_the_jobs_own_commit(event: str) -> None:
    for _, context in examples(event):
        assert (context.commit, context.pr_number, context.is_fork) == (_JOB, None, False)
