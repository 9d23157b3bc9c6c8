"""Paths as git takes them."""

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath


def inside(root: Path, subfolder: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return paths as seen from a repository's root, forward slashes.

    What lies outside the repository, or is all of it, is left out. A link counts by its own
    place, not by what it points at.

    Args:
        root: the repository's root.
        subfolder: where relative paths begin, as seen from the root; empty for the root.
        paths: relative or absolute.
    """
    found = []
    for path in paths:
        place = Path(os.path.normpath(root / subfolder / path))
        seen = os.path.relpath(place.parent.resolve() / place.name, root.resolve())
        if seen not in {".", ".."} and not seen.startswith("../"):
            found.append(PurePosixPath(seen).as_posix())
    return tuple(found)


def pathspecs(exclude: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments that mean the whole tree but for some paths, seen from its root."""
    return (":(top)", *(f":(top,exclude,literal){path}" for path in exclude))
