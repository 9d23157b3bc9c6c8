"""What of the names of stored objects an artifact has to know: which branch, which pair."""

import contextlib
import re
from collections.abc import Iterable

from perfci.baselines import WINDOW, branch_of

PAIRS = None
"""Group of the launches that are kept for a rerun: they belong to the workflow run."""
Group = str | None
"""A branch, or PAIRS."""
NUMBERS = 20
"""Artifacts of one name in one workflow run, at most: one for each job and attempt."""
_NAME = re.compile(r"[^\":<>|*?\r\n\\/\0]{1,200}")
_RUN = re.compile(r".*/runs/[^/]+\.json\.gz", re.DOTALL)


def is_artifact_name(name: str) -> bool:
    """Return whether GitHub takes this for the name of an artifact."""
    return _NAME.fullmatch(name) is not None and name.isprintable() and name == name.strip()


def artifact_of(group: Group, name: str) -> str:
    """Return the name of the artifacts of a branch, or of the pairs."""
    return f"{name}-pairs" if group is PAIRS else name


def numbered(name: str, number: int) -> str:
    """Return the name of the n-th artifact of a name in one run: of other jobs, and attempts."""
    return name if number == 1 else f"{name}-{number}"


def group_of(name: str, home: str) -> Group:
    """Return whose an object is: of which branch, or a pair of commits.

    Args:
        name: of the object.
        home: the branch of this workflow run, which carries what says nothing of a branch.
    """
    match name.split("/"):
        case [_, _, "pairs", _, *_]:
            return PAIRS
        case [_, _, "branches", first, *rest]:
            key, rest = _key(first, rest)
            with contextlib.suppress(UnicodeDecodeError):
                return branch_of(key) if rest else home
        case _:
            pass
    return home


def names_all(prefix: str) -> bool:
    """Return whether names of more than one branch may begin like this."""
    match prefix.split("/"):
        case [_, _, "pairs", _, *_]:
            return False
        case [_, _, "branches", first, *rest]:
            return not _key(first, rest)[1]
        case _:
            return True


def _key(first: str, rest: list[str]) -> tuple[str, list[str]]:
    """Split a branch's key from what follows it: but for the last, its parts end with `~`."""
    parts = [first]
    while parts[-1].endswith("~") and parts[-1] != "~" and rest:
        parts.append(rest[0])
        rest = rest[1:]
    return "/".join(parts), rest


def recent(names: Iterable[str]) -> set[str]:
    """Return the names that a branch's artifact carries on: all but its older runs."""
    ordered = sorted(names)
    runs = [name for name in ordered if _RUN.fullmatch(name)]
    return set(ordered) - set(runs[:-WINDOW])
