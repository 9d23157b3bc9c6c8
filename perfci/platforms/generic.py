"""CI systems that say everything in plain variables: one row of names each."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from perfci.model.context import Context
from perfci.platforms.detected import Environ
from perfci.platforms.values import branch, commit, first, number

_SCHEDULED = {"cron", "schedule"}


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The variables of one CI system; of several names the first that is set counts."""

    platform: str
    present: Callable[[Environ], bool]
    repository: str = ""
    commit: tuple[str, ...]
    branch: tuple[str, ...]
    """The source branch of a pull request before the branch of a push."""
    default_branch: str = ""
    tag: str = ""
    pull_request: tuple[str, ...]
    """Its number, or an address that ends in it."""
    base_branch: str = ""
    base_commit: str = ""
    event: str = ""
    run_url: str = ""
    """A template."""
    fork: Callable[[Environ], bool] = lambda _: True
    """Whether a pull request is from a fork; without a way to know, it counts as one."""

    def detect(self, environ: Environ) -> Context | None:
        """Return what the variables say; None where this is another system."""
        if not self.present(environ):
            return None
        request = number(first(environ, *self.pull_request).rpartition("/")[2])
        named = first(environ, *self.branch)
        tag = environ.get(self.tag, "")
        if named.startswith("refs/tags/"):
            tag = named.removeprefix("refs/tags/")
        scheduled = environ.get(self.event, "").lower() in _SCHEDULED
        pushed = "tag" if tag else "schedule" if scheduled else "push"
        return Context(
            platform=self.platform,
            repository=environ.get(self.repository, ""),
            commit=commit(first(environ, *self.commit)),
            base_commit=commit(environ.get(self.base_commit)) if request else "",
            branch="" if tag and not request else branch(named),
            base_branch=branch(environ.get(self.base_branch)) if request else "",
            default_branch=environ.get(self.default_branch, ""),
            pr_number=request,
            event="pull_request" if request else pushed,
            tag="" if request else tag,
            is_fork=request is not None and self.fork(environ),
            run_url=_filled(self.run_url, environ),
        )


def _filled(template: str, environ: Environ) -> str:
    """Return a template with its `{VARIABLES}`; empty where one is missing."""
    names = re.findall(r"\{(\w+)\}", template)
    if not all(environ.get(name) for name in names):
        return ""
    return re.sub(r"\{(\w+)\}", lambda found: environ[found[1]], template)


def _slug(url: str) -> str:
    return "/".join(re.split(r"[:/]", url.rstrip("/").removesuffix(".git"))[-2:])


WOODPECKER = System(
    platform="woodpecker",
    present=lambda environ: environ.get("CI") == "woodpecker",
    repository="CI_REPO",
    commit=("CI_COMMIT_SHA",),
    branch=("CI_COMMIT_SOURCE_BRANCH", "CI_COMMIT_BRANCH"),
    default_branch="CI_REPO_DEFAULT_BRANCH",
    tag="CI_COMMIT_TAG",
    pull_request=("CI_COMMIT_PULL_REQUEST",),
    base_branch="CI_COMMIT_TARGET_BRANCH",
    event="CI_PIPELINE_EVENT",
    run_url="{CI_PIPELINE_URL}",
)
"""Its names overlap with GitLab's, so it is asked before GitLab."""

OTHERS = (
    System(
        platform="azure",
        present=lambda environ: environ.get("TF_BUILD") == "True" or "BUILD_BUILDURI" in environ,
        repository="BUILD_REPOSITORY_NAME",
        # BUILD_SOURCEVERSION of a pull request is a merge commit
        commit=("SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"),
        branch=("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"),
        pull_request=("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID"),
        base_branch="SYSTEM_PULLREQUEST_TARGETBRANCH",
        event="BUILD_REASON",
        run_url="{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}",
        fork=lambda environ: environ.get("SYSTEM_PULLREQUEST_ISFORK", "").lower() != "false",
    ),
    System(
        platform="bitbucket",
        present=lambda environ: "BITBUCKET_BUILD_NUMBER" in environ,
        repository="BITBUCKET_REPO_FULL_NAME",
        commit=("BITBUCKET_COMMIT",),
        branch=("BITBUCKET_BRANCH",),
        tag="BITBUCKET_TAG",
        pull_request=("BITBUCKET_PR_ID",),
        base_branch="BITBUCKET_PR_DESTINATION_BRANCH",
        base_commit="BITBUCKET_PR_DESTINATION_COMMIT",
        run_url="https://bitbucket.org/{BITBUCKET_REPO_FULL_NAME}/pipelines/results/{BITBUCKET_BUILD_NUMBER}",
    ),
    System(
        platform="circleci",
        present=lambda environ: environ.get("CIRCLECI") == "true",
        commit=("CIRCLE_SHA1",),
        branch=("CIRCLE_BRANCH",),
        tag="CIRCLE_TAG",
        pull_request=("CIRCLE_PR_NUMBER", "CIRCLE_PULL_REQUEST"),
        run_url="{CIRCLE_BUILD_URL}",
        # the number alone is there for forks only
        fork=lambda environ: bool(environ.get("CIRCLE_PR_NUMBER")),
    ),
    System(
        platform="buildkite",
        present=lambda environ: environ.get("BUILDKITE") == "true",
        commit=("BUILDKITE_COMMIT",),
        branch=("BUILDKITE_BRANCH",),
        default_branch="BUILDKITE_PIPELINE_DEFAULT_BRANCH",
        tag="BUILDKITE_TAG",
        pull_request=("BUILDKITE_PULL_REQUEST",),
        base_branch="BUILDKITE_PULL_REQUEST_BASE_BRANCH",
        event="BUILDKITE_SOURCE",
        run_url="{BUILDKITE_BUILD_URL}",
        fork=lambda environ: (
            _slug(environ.get("BUILDKITE_PULL_REQUEST_REPO", ""))
            != _slug(environ.get("BUILDKITE_REPO", ""))
        ),
    ),
    System(
        platform="drone",
        present=lambda environ: environ.get("DRONE") == "true",
        repository="DRONE_REPO",
        commit=("DRONE_COMMIT_SHA",),
        branch=("DRONE_SOURCE_BRANCH", "DRONE_BRANCH"),
        default_branch="DRONE_REPO_BRANCH",
        tag="DRONE_TAG",
        pull_request=("DRONE_PULL_REQUEST",),
        base_branch="DRONE_TARGET_BRANCH",
        event="DRONE_BUILD_EVENT",
        run_url="{DRONE_BUILD_LINK}",
    ),
)

UNKNOWN = System(
    platform="ci",
    present=lambda environ: environ.get("CI", "").lower() not in {"", "0", "false"},
    commit=(),
    branch=(),
    pull_request=(),
)
"""Some CI system: git has to say the rest."""
