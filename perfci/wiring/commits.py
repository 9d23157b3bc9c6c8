"""What the repository says of commits that changed something: subject, author, and how many."""

import re
from collections.abc import Iterable, Sequence

from perfci.errors import WorktreeError
from perfci.reports.history_words import Note
from perfci.reports.trends_events import Noted
from perfci.worktrees.git import Git

_HASH = re.compile(r"[0-9a-f]{7,64}")
_AT_ONCE = 200
_MOST = 1000
_HERE = {"GIT_NO_LAZY_FETCH": "1"}
"""What a partial clone lacks is not worth asking a server for."""


def notes_of(git: Git | None, commits: Iterable[tuple[str, str]]) -> dict[str, Note]:
    """Return what the repository knows of commits; of others it says nothing.

    Args:
        git: None outside a repository.
        commits: each with the one that was measured before it; hostile text.
    """
    before = {commit: other for commit, other in commits if _HASH.fullmatch(commit)}
    names = list(before)
    if git is None or not names:
        return {}
    found: dict[str, Note] = {}
    try:
        for start in range(0, len(names), _AT_ONCE):
            found |= _asked(git, names[start : start + _AT_ONCE])
        return {
            commit: Note(
                subject=note.subject, author=note.author, span=_span(git, before[commit], commit)
            )
            for commit, note in found.items()
        }
    except WorktreeError:  # what git would add is no reason to lose the answer
        return found


def noted_by(git: Git | None) -> Noted:
    """Return who tells what a repository says of commits."""
    return lambda commits: notes_of(git, ((commit, "") for commit in commits))


def _asked(git: Git, names: Sequence[str]) -> dict[str, Note]:
    form = "--format=%H%x00%an%x00%s"
    asked = ("log", "--no-walk=unsorted", "--ignore-missing", form, *names, "--")
    answer = git.ask(*asked, variables=_HERE)
    if answer.code != 0:
        return {}
    full = {}
    for each in answer.out.splitlines():
        identity, _, rest = each.partition("\0")
        author, _, subject = rest.partition("\0")
        full[identity] = Note(subject=subject, author=author)
    found = {}
    for name in names:
        meant = [note for identity, note in full.items() if identity.startswith(name)]
        if len(meant) == 1:
            found[name] = meant[0]
    return found


def _span(git: Git, before: str, commit: str) -> int:
    if not _HASH.fullmatch(before):
        return 1
    asked = ("rev-list", "--count", f"--max-count={_MOST}", f"{before}..{commit}", "--")
    answer = git.ask(*asked, variables=_HERE)
    text = answer.out.strip()
    return int(text) if answer.code == 0 and text.isdigit() else 1
