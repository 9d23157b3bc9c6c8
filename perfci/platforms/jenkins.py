"""Jenkins: multibranch pipelines, and the two older plug-ins that build pull requests."""

from perfci.model.context import Context
from perfci.platforms.detected import Environ
from perfci.platforms.values import commit, first, number


def detect(environ: Environ) -> Context | None:
    """Return what the variables say; None where this is another system.

    Where Jenkins merges a pull request with its target before it builds, GIT_COMMIT is that
    merge, which exists nowhere else; nothing tells the two apart.
    """
    if not environ.get("JENKINS_URL"):
        return None
    request = first(environ, "CHANGE_ID", "ghprbPullId", "gitlabMergeRequestIid")
    source = first(environ, "CHANGE_BRANCH", "ghprbSourceBranch", "gitlabSourceBranch")
    built = first(environ, "BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH")
    tag = environ.get("TAG_NAME", "")
    branch = source if request else built.removeprefix("origin/")
    target = first(environ, "CHANGE_TARGET", "ghprbTargetBranch", "gitlabTargetBranch")
    return Context(
        platform="jenkins",
        repository=environ.get("ghprbGhRepository", ""),
        commit=commit(first(environ, "ghprbActualCommit", "GIT_COMMIT")),
        branch="" if tag else branch,
        base_branch=target if request else "",
        pr_number=number(request),
        event="pull_request" if request else "tag" if tag else "push",
        tag=tag,
        is_fork=bool(request) and _foreign(environ),
        run_url=environ.get("BUILD_URL", ""),
    )


def _foreign(environ: Environ) -> bool:
    """Return whether the change comes from another repository, or from one unknown."""
    if environ.get("CHANGE_ID"):
        return bool(environ.get("CHANGE_FORK"))
    source = environ.get("gitlabSourceRepoHttpUrl", "")
    return not source or source != environ.get("gitlabTargetRepoHttpUrl", "")
