from collections.abc import Mapping

import pytest

from perfci.model.context import Context
from perfci.platforms.detect import detect

HEAD, BASE, MERGE = ("a" * 39 + "1", "b" * 39 + "2", "c" * 39 + "3")


def no_event(path: str) -> Mapping[str, object]:
    raise AssertionError(path)


def found(environ: Mapping[str, str]) -> Context:
    detected = detect(environ, no_event)
    assert detected.problems == ()
    return detected.context


CASES: dict[str, tuple[dict[str, str], Context]] = {
    "bitbucket push": (
        {
            "CI": "true",
            "BITBUCKET_BUILD_NUMBER": "5",
            "BITBUCKET_COMMIT": HEAD,
            "BITBUCKET_BRANCH": "main",
            "BITBUCKET_REPO_FULL_NAME": "acme/widget",
        },
        Context(
            platform="bitbucket",
            repository="acme/widget",
            commit=HEAD,
            branch="main",
            event="push",
            run_url="https://bitbucket.org/acme/widget/pipelines/results/5",
        ),
    ),
    "bitbucket pull request": (
        {
            "BITBUCKET_BUILD_NUMBER": "5",
            "BITBUCKET_COMMIT": HEAD,
            "BITBUCKET_BRANCH": "feature",
            "BITBUCKET_PR_ID": "12",
            "BITBUCKET_PR_DESTINATION_BRANCH": "main",
            "BITBUCKET_PR_DESTINATION_COMMIT": BASE,
        },
        Context(
            platform="bitbucket",
            commit=HEAD,
            base_commit=BASE,
            branch="feature",
            base_branch="main",
            pr_number=12,
            event="pull_request",
            is_fork=True,
        ),
    ),
    "circle pull request": (
        {
            "CIRCLECI": "true",
            "CIRCLE_SHA1": HEAD,
            "CIRCLE_BRANCH": "feature",
            "CIRCLE_PULL_REQUEST": "https://github.com/acme/widget/pull/12",
            "CIRCLE_BUILD_URL": "https://circleci.com/gh/acme/widget/1",
        },
        Context(
            platform="circleci",
            commit=HEAD,
            branch="feature",
            pr_number=12,
            event="pull_request",
            run_url="https://circleci.com/gh/acme/widget/1",
        ),
    ),
    "circle fork": (
        {
            "CIRCLECI": "true",
            "CIRCLE_BRANCH": "pull/12",
            "CIRCLE_PR_NUMBER": "12",
            "CIRCLE_PULL_REQUEST": "https://github.com/acme/widget/pull/12",
        },
        Context(
            platform="circleci", branch="pull/12", pr_number=12, event="pull_request", is_fork=True
        ),
    ),
    "azure tag": (
        {
            "TF_BUILD": "True",
            "BUILD_SOURCEVERSION": HEAD,
            "BUILD_SOURCEBRANCH": "refs/tags/v1",
            "BUILD_REASON": "IndividualCI",
        },
        Context(platform="azure", commit=HEAD, tag="v1", event="tag"),
    ),
    "azure schedule": (
        {
            "TF_BUILD": "True",
            "BUILD_SOURCEVERSION": HEAD,
            "BUILD_SOURCEBRANCH": "refs/heads/main",
            "BUILD_REASON": "Schedule",
        },
        Context(platform="azure", commit=HEAD, branch="main", event="schedule"),
    ),
    "azure pull request": (
        {
            "BUILD_BUILDURI": "vstfs:///Build/Build/8",
            "BUILD_BUILDID": "8",
            "BUILD_SOURCEVERSION": MERGE,
            "BUILD_SOURCEBRANCH": "refs/pull/12/merge",
            "BUILD_REASON": "PullRequest",
            "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/",
            "SYSTEM_TEAMPROJECT": "widget",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "71234",
            "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "12",
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": HEAD,
            "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/feature",
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
            "SYSTEM_PULLREQUEST_ISFORK": "False",
        },
        Context(
            platform="azure",
            commit=HEAD,
            branch="feature",
            base_branch="main",
            pr_number=12,
            event="pull_request",
            run_url="https://dev.azure.com/acme/widget/_build/results?buildId=8",
        ),
    ),
    "buildkite push": (
        {
            "BUILDKITE": "true",
            "BUILDKITE_COMMIT": HEAD,
            "BUILDKITE_BRANCH": "main",
            "BUILDKITE_PULL_REQUEST": "false",
            "BUILDKITE_SOURCE": "webhook",
            "BUILDKITE_PIPELINE_DEFAULT_BRANCH": "main",
        },
        Context(
            platform="buildkite", commit=HEAD, branch="main", default_branch="main", event="push"
        ),
    ),
    "buildkite pull request": (
        {
            "BUILDKITE": "true",
            "BUILDKITE_COMMIT": "HEAD",
            "BUILDKITE_BRANCH": "feature",
            "BUILDKITE_PULL_REQUEST": "12",
            "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main",
            "BUILDKITE_PULL_REQUEST_REPO": "git://github.com/acme/widget.git",
            "BUILDKITE_REPO": "git@github.com:acme/widget.git",
        },
        Context(
            platform="buildkite",
            branch="feature",
            base_branch="main",
            pr_number=12,
            event="pull_request",
        ),
    ),
    "drone push": (
        {
            "CI": "true",
            "DRONE": "true",
            "DRONE_REPO": "acme/widget",
            "DRONE_COMMIT_SHA": HEAD,
            "DRONE_BRANCH": "main",
            "DRONE_SOURCE_BRANCH": "main",
            "DRONE_TARGET_BRANCH": "main",
            "DRONE_REPO_BRANCH": "main",
            "DRONE_BUILD_EVENT": "cron",
            "DRONE_BUILD_LINK": "https://drone.example/1",
        },
        Context(
            platform="drone",
            repository="acme/widget",
            commit=HEAD,
            branch="main",
            default_branch="main",
            event="schedule",
            run_url="https://drone.example/1",
        ),
    ),
    "woodpecker pull request, whose names are also GitLab's": (
        {
            "CI": "woodpecker",
            "GITLAB_CI": "true",
            "CI_REPO": "acme/widget",
            "CI_COMMIT_SHA": HEAD,
            "CI_COMMIT_BRANCH": "main",
            "CI_COMMIT_SOURCE_BRANCH": "feature",
            "CI_COMMIT_TARGET_BRANCH": "main",
            "CI_COMMIT_PULL_REQUEST": "12",
            "CI_PIPELINE_EVENT": "pull_request",
            "CI_PIPELINE_URL": "https://woodpecker.example/1",
        },
        Context(
            platform="woodpecker",
            repository="acme/widget",
            commit=HEAD,
            branch="feature",
            base_branch="main",
            pr_number=12,
            event="pull_request",
            is_fork=True,
            run_url="https://woodpecker.example/1",
        ),
    ),
    "some other system": ({"CI": "true"}, Context(platform="ci", event="push")),
    "nothing": ({"HOME": "/root", "CI": "false"}, Context()),
}


@pytest.mark.parametrize("case", CASES)
def test_variables_become_a_context(case: str) -> None:
    environ, expected = CASES[case]
    assert found(environ) == expected
