"""Which file a program's name stands for, and what may have been meant where there is none."""

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from perfci.model.text import printable

_USUAL = "/usr/local/bin:/usr/bin:/bin"


def find(name: str, root: Path, environ: Mapping[str, str]) -> Path | None:
    """Find the file that a command's first word starts; None where there is none.

    Args:
        name: as written; with a slash it is a path, seen from `root`.
        root: folder that the command starts in.
        environ: variables; `PATH` counts.
    """
    if "/" in name:
        return root / name if _runs(root / name) else None
    return next((it / name for it in _path(root, environ) if _runs(it / name)), None)


def why_not_found(name: str, root: Path, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong with a name for which `find` has no answer, and what to do."""
    shown = printable(name)
    if "/" in name:
        path = root / name
        wrong = f"{shown} {_what_is_wrong(path)}"
        return wrong, _advice(path, absolute=name.startswith("/"))
    near = difflib.get_close_matches(name, _names(_path(root, environ)), n=1)
    return f"{shown} is in no folder of PATH", (
        f"did you mean {printable(near[0])}?"
        if near
        else "install it in an earlier step, or name it by its path: ./build/program"
    )


def _path(root: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    # an empty entry means the current folder, which is the side's root
    return (root / entry for entry in environ.get("PATH", _USUAL).split(":"))


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _names(folders: Iterator[Path]) -> list[str]:
    found: set[str] = set()
    for folder in folders:
        try:
            found.update(each.name for each in folder.iterdir())
        except OSError:
            continue  # folders of PATH need not exist
    return sorted(found)


def _what_is_wrong(path: Path) -> str:
    if path.is_dir():
        return "is a folder"
    return "is not executable" if path.exists() else "does not exist"


def _advice(path: Path, *, absolute: bool) -> str:
    if path.is_file():
        return f"chmod +x {printable(path.name)}"
    near = difflib.get_close_matches(path.name, _names(iter([path.parent])), n=1)
    if near:
        return f"did you mean {printable(near[0])}?"
    if absolute:
        return ""
    return "build it with `setup:`, which runs once in each side before measuring"
