from collections.abc import Mapping
from dataclasses import replace

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


def test_github_speaks_before_what_an_outer_system_left() -> None:
    outer = {**GITLAB, **JENKINS, "GITHUB_ACTIONS": "true"}
    assert detect(outer, no_event).context.platform == "github"
