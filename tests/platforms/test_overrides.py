"""What a pipeline may say of itself where its CI system does not."""

from collections.abc import Mapping

import pytest

from perfci.model.context import Context
from perfci.platforms.detect import detect
from perfci.platforms.detected import Detected

HEAD, BASE = "a" * 39 + "1", "b" * 39 + "2"
CIRCLE = {
    "CIRCLECI": "true",
    "CIRCLE_SHA1": HEAD,
    "CIRCLE_BRANCH": "feature",
    "CIRCLE_PULL_REQUEST": "https://github.com/acme/widget/pull/12",
}


def found(environ: Mapping[str, str]) -> Detected:
    return detect(environ, lambda _: {})


def test_an_unknown_system_is_told_its_pull_request_and_base() -> None:
    environ = {"CI": "true", "PERFCI_PR": "12", "PERFCI_BASE_REF": "refs/heads/main"}
    assert found(environ).context == Context(
        platform="ci", pr_number=12, event="pull_request", base_branch="main", is_fork=True
    )


def test_a_base_that_the_system_does_not_know_is_added() -> None:
    context = found({**CIRCLE, "PERFCI_BASE_REF": "develop"}).context
    assert (context.pr_number, context.base_branch, context.is_fork) == (12, "develop", False)


def test_the_same_number_said_twice_changes_nothing() -> None:
    assert found({**CIRCLE, "PERFCI_PR": "12"}) == found(CIRCLE)


def test_a_base_may_be_a_commit() -> None:
    context = found({**CIRCLE, "PERFCI_BASE_REF": BASE}).context
    assert (context.base_commit, context.base_branch) == (BASE, "")


def test_a_named_base_goes_over_the_systems_own() -> None:
    environ = {
        "BITBUCKET_BUILD_NUMBER": "5",
        "BITBUCKET_PR_ID": "12",
        "BITBUCKET_PR_DESTINATION_BRANCH": "main",
        "BITBUCKET_PR_DESTINATION_COMMIT": BASE,
        "PERFCI_BASE_REF": "release",
    }
    context = found(environ).context
    assert (context.base_branch, context.base_commit) == ("release", "")


def test_without_a_pull_request_a_base_means_nothing() -> None:
    environ = {"CI": "true", "PERFCI_BASE_REF": "main"}
    assert found(environ).context == Context(platform="ci", event="push")


@pytest.mark.parametrize("said", ["", " ", "false", "None"])
def test_no_pull_request_is_no_problem(said: str) -> None:
    assert found({"CI": "true", "PERFCI_PR": said}) == found({"CI": "true"})


@pytest.mark.parametrize("said", ["abc", "-1", "0", "12/../3", "1" * 40, "x\x1b[31m\n::error::y"])
def test_what_is_no_number_is_said(said: str) -> None:
    detected = found({"CI": "true", "PERFCI_PR": said})
    assert detected.context.pr_number is None
    (problem,) = detected.problems
    assert problem.startswith("PERFCI_PR is no number of a pull request: ")
    assert problem.isprintable()
