"""Whose stored runs head is compared with, or beside: which branches, and which of their runs."""

import re

from perfci.model.history import History
from perfci.stats.points import beside_base
from perfci.wiring.project import Project, base_of
from perfci.worktrees.git import Git

_STEPS = re.compile(r"[~^:]|@\{")
"""What no name of a branch holds: steps from a commit, and paths in it."""
_HASH = re.compile(r"[0-9a-f]{7,64}")


def branches_beside(project: Project) -> tuple[str, ...]:
    """Return the branches whose stored runs tell of what head is compared with, the best first.

    That is base's branch alone where one is named, whether runs of it are stored or not: those of
    head's own branch would hide what it has cost so far. A pull request, a merge queue's too, looks
    at its target and then at the default branch, a tag at the default branch, and all else at the
    branch that is checked out.
    """
    context = project.context
    named = _branch_named(project.git, project.loaded.settings.base or "")
    if named:
        return (named,)
    if context.is_pull_request:
        names: tuple[str, ...] = (context.base_branch, context.default_branch)
    elif context.tag and not context.branch:
        names = (context.default_branch,)
    else:
        names = (context.branch,)
    return tuple(dict.fromkeys(filter(None, names))) or (context.branch,)


def _branch_named(git: Git | None, ref: str) -> str:
    """Return the branch that a reference names, here or at the remote; empty where it is none."""
    if git is None or not ref or _STEPS.search(ref):
        return ""
    remote = git.remote()
    name = ref.removeprefix("refs/heads/").removeprefix(f"{remote}/" if remote else "")
    places = [f"refs/heads/{name}", *([f"refs/remotes/{remote}/{name}"] if remote else [])]
    if any(git.commit(place) for place in places):
        return name
    # a checkout in CI may lack the branch that is only fetched for measuring
    return "" if git.commit(ref) or _HASH.fullmatch(ref) else name


def stand_ins(project: Project, history: History) -> History:
    """Return the stored runs that may stand in for a base that cannot be run.

    Args:
        project: whose `--base` names it.
        history: of one of `branches_beside`.
    """
    base = project.git.commit(base_of(project)) if project.git else ""
    return beside_base(history, project.context.commit, base)
