"""GitLab CI."""

from perfci.model.context import Context
from perfci.platforms.detected import Environ
from perfci.platforms.values import commit, first, number


def detect(environ: Environ) -> Context | None:
    """Return what the variables say; None where this is another system."""
    if environ.get("GITLAB_CI") != "true":
        return None
    request = number(environ.get("CI_MERGE_REQUEST_IID"))
    tag = environ.get("CI_COMMIT_TAG", "")
    event = environ.get("CI_PIPELINE_SOURCE", "")
    if environ.get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train":
        event = "merge_train"
    # in merged-results pipelines CI_COMMIT_SHA is a merge commit that nobody will see again
    source = commit(environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"))
    named = first(environ, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH")
    return Context(
        platform="gitlab",
        repository=environ.get("CI_PROJECT_PATH", ""),
        commit=source or commit(environ.get("CI_COMMIT_SHA")),
        base_commit=commit(environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")),
        branch=named or ("" if tag else environ.get("CI_COMMIT_REF_NAME", "")),
        base_branch=environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""),
        default_branch=environ.get("CI_DEFAULT_BRANCH", ""),
        pr_number=request,
        event=event,
        tag=tag,
        labels=tuple(filter(None, environ.get("CI_MERGE_REQUEST_LABELS", "").split(","))),
        is_fork=request is not None and _foreign(environ),
        run_url=first(environ, "CI_JOB_URL", "CI_PIPELINE_URL"),
    )


def _foreign(environ: Environ) -> bool:
    """Return whether the merge request comes from another project, or from one unknown."""
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "")
    return not source or source != environ.get("CI_MERGE_REQUEST_PROJECT_ID", "")
