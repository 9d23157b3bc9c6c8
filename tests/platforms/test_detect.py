from collections.abc import Mapping
from dataclasses import replace

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


GITLAB = {
    "CI": "true",
    "GITLAB_CI": "true",
    "CI_PROJECT_PATH": "group/sub/widget",
    "CI_DEFAULT_BRANCH": "main",
    "CI_COMMIT_SHA": HEAD,
    "CI_COMMIT_REF_NAME": "feature/x",
    "CI_JOB_URL": "https://gitlab.example/group/sub/widget/-/jobs/1",
    "CI_PIPELINE_URL": "https://gitlab.example/group/sub/widget/-/pipelines/9",
}
GITLAB_MR = {
    **GITLAB,
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "33",
    "CI_MERGE_REQUEST_ID": "9999",
    "CI_MERGE_REQUEST_PROJECT_ID": "1",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feature/x",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": BASE,
    "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
    "CI_COMMIT_BEFORE_SHA": "0" * 40,
}
GITLAB_FACTS = Context(
    platform="gitlab",
    repository="group/sub/widget",
    default_branch="main",
    run_url="https://gitlab.example/group/sub/widget/-/jobs/1",
    commit=HEAD,
)


def test_gitlab_push_schedule_and_tag() -> None:
    for event in ("push", "schedule"):
        branch = {**GITLAB, "CI_PIPELINE_SOURCE": event, "CI_COMMIT_BRANCH": "feature/x"}
        assert found(branch) == replace(GITLAB_FACTS, branch="feature/x", event=event)
    tag = {
        **GITLAB,
        "CI_PIPELINE_SOURCE": "push",
        "CI_COMMIT_TAG": "v1",
        "CI_COMMIT_REF_NAME": "v1",
    }
    assert found(tag) == replace(GITLAB_FACTS, tag="v1", event="push")


def test_gitlab_merge_request_is_known_by_its_number_in_the_project() -> None:
    assert found(GITLAB_MR) == replace(
        GITLAB_FACTS,
        base_commit=BASE,
        branch="feature/x",
        base_branch="main",
        pr_number=33,
        event="merge_request_event",
    )


def test_gitlab_merged_results_are_attached_to_the_source_commit() -> None:
    merged = {
        **GITLAB_MR,
        "CI_COMMIT_SHA": MERGE,
        "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": HEAD,
    }
    assert found(merged).commit == HEAD
    train = found({**merged, "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train"})
    assert (train.event, train.is_pull_request) == ("merge_train", True)


def test_gitlab_fork_is_another_project_or_an_unknown_one() -> None:
    assert not found(GITLAB_MR).is_fork
    assert found({**GITLAB_MR, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2"}).is_fork
    assert found({**GITLAB_MR, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": ""}).is_fork


JENKINS = {
    "JENKINS_URL": "https://jenkins.example/",
    "BUILD_URL": "https://jenkins.example/job/widget/7/",
    "GIT_COMMIT": HEAD,
}
JENKINS_FACTS = Context(
    platform="jenkins", commit=HEAD, run_url="https://jenkins.example/job/widget/7/"
)


def test_jenkins_branch_and_tag() -> None:
    assert found({**JENKINS, "BRANCH_NAME": "main"}) == replace(
        JENKINS_FACTS, branch="main", event="push"
    )
    assert found({**JENKINS, "GIT_BRANCH": "origin/release/1"}).branch == "release/1"
    assert found({**JENKINS, "BRANCH_NAME": "v1", "TAG_NAME": "v1"}) == replace(
        JENKINS_FACTS, tag="v1", event="tag"
    )


def test_jenkins_pull_request() -> None:
    change = {
        **JENKINS,
        "BRANCH_NAME": "PR-12",
        "CHANGE_ID": "12",
        "CHANGE_BRANCH": "feature/x",
        "CHANGE_TARGET": "main",
    }
    assert found(change) == replace(
        JENKINS_FACTS,
        branch="feature/x",
        base_branch="main",
        pr_number=12,
        event="pull_request",
    )
    assert found({**change, "CHANGE_FORK": "someone"}).is_fork


def test_jenkins_older_plugins() -> None:
    builder = {
        **JENKINS,
        "GIT_COMMIT": MERGE,
        "ghprbPullId": "12",
        "ghprbSourceBranch": "feature",
        "ghprbTargetBranch": "main",
        "ghprbActualCommit": HEAD,
        "ghprbGhRepository": "acme/widget",
    }
    context = found(builder)
    assert (context.commit, context.pr_number, context.branch) == (HEAD, 12, "feature")
    assert (context.base_branch, context.repository) == ("main", "acme/widget")
    assert context.is_fork, "nothing says that it is not"
    plugin = {
        **JENKINS,
        "gitlabMergeRequestIid": "3",
        "gitlabSourceBranch": "feature",
        "gitlabTargetBranch": "main",
        "gitlabSourceRepoHttpUrl": "https://gitlab.example/a/b.git",
        "gitlabTargetRepoHttpUrl": "https://gitlab.example/a/b.git",
    }
    assert not found(plugin).is_fork
    assert found(plugin).pr_number == 3


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


def test_github_speaks_before_what_an_outer_system_left() -> None:
    outer = {**GITLAB, **JENKINS, "GITHUB_ACTIONS": "true"}
    assert detect(outer, no_event).context.platform == "github"
