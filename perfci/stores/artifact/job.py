"""Which job of which workflow run this is."""

from collections.abc import Mapping
from dataclasses import dataclass

_BRANCH = "refs/heads/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What an artifact belongs to."""

    name: str
    """Of the artifacts."""
    run: str
    """Number of the workflow run; empty where none is known."""
    ref: str
    """`refs/heads/main`, `refs/pull/7/merge`, ..."""
    target: str
    """Branch that a pull request goes to; empty elsewhere."""

    @property
    def on_branch(self) -> bool:
        """Return whether the run belongs to a branch, and not to a pull request or a tag."""
        return self.ref.startswith(_BRANCH) and not self.target

    @property
    def branch(self) -> str:
        """Return the branch whose artifacts hold what says nothing of a branch."""
        return self.target or self.ref.removeprefix(_BRANCH)


def job_of(name: str, environ: Mapping[str, str]) -> Job:
    """Return the job that some variables tell of."""
    return Job(
        name=name,
        run=environ.get("GITHUB_RUN_ID", "").strip(),
        ref=environ.get("GITHUB_REF", "").strip(),
        target=environ.get("GITHUB_BASE_REF", "").strip(),
    )
