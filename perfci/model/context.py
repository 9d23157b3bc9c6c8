"""Where perfci runs: which platform, which commit, which pull request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a platform's environment says about this job; empty or None where it says nothing."""

    platform: str = "local"
    """`github`, `gitlab`, `jenkins`, another CI's name, or `local`."""
    repository: str = ""
    """Slug `owner/name`."""
    commit: str = ""
    """The commit to attach results to: the pull request's own head, never a merge commit."""
    base_commit: str = ""
    """What a pull request should be compared with."""
    branch: str = ""
    """Head's branch; for a pull request its source branch."""
    base_branch: str = ""
    """A pull request's target branch."""
    default_branch: str = ""
    pr_number: int | None = None
    event: str = ""
    """The platform's own word: `push`, `pull_request`, `merge_request_event`, `schedule`, ..."""
    tag: str = ""
    is_fork: bool = False
    labels: tuple[str, ...] = ()
    """Of the pull request; whoever may set them may also merge."""
    run_url: str = ""

    @property
    def is_pull_request(self) -> bool:
        """Return whether this job judges a proposed change rather than a branch."""
        return self.pr_number is not None or self.event in {"merge_group", "merge_train"}

    @property
    def in_ci(self) -> bool:
        """Return whether a CI system runs this job."""
        return self.platform != "local"
