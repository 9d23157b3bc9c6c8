"""Regressions that are accepted outside the settings: by a commit's trailer, by a label."""

from perfci.gate.accept import LABEL, Acceptance, accepted_by_commit
from perfci.wiring.project import Project


def accepted_elsewhere(
    project: Project, base: str
) -> tuple[tuple[Acceptance, ...], tuple[str, ...]]:
    """Return what commits and the pull request's label accept, and what is to be warned of.

    Args:
        project: where perfci was started.
        base: commit or ref that head is compared with; without one, head's own message counts.
    """
    trailers: list[Acceptance] = []
    warnings: list[str] = []
    for commit, text in _messages(project, base):
        accepted, wrong = accepted_by_commit(commit, text)
        trailers += accepted
        warnings += wrong
    if project.context.is_fork and trailers:
        warnings.append(
            f"Perf-Accept of {trailers[0].source} is not followed: a fork cannot accept its own "
            f"regressions; set the label {LABEL} if they are acceptable"
        )
        trailers = []
    return (*_by_label(project), *trailers), tuple(warnings)


def _by_label(project: Project) -> tuple[Acceptance, ...]:
    if LABEL not in project.context.labels:
        return ()
    reason = "all regressions of this pull request"
    return (Acceptance(match="*", reason=reason, source=f"label {LABEL}"),)


def _messages(project: Project, base: str) -> list[tuple[str, str]]:
    """Return hash and message of each commit that head brings."""
    if project.git is None:
        return []
    there = project.git.commit(base) if base else ""
    wanted = (f"{there}..HEAD",) if there else ("-1", "HEAD")
    answer = project.git.ask("log", "--format=%H%x00%B%x01", "--max-count=1000", *wanted, "--")
    parts = (part.strip("\n").partition("\0") for part in answer.out.split("\x01"))
    return [(commit, text) for commit, _, text in parts if commit]
