"""Which file a program's name stands for, and what may have been meant where there is none."""

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from perfci.errors import MeasurementError
from perfci.model.text import printable

_USUAL = "/usr/local/bin:/usr/bin:/bin"


def executable(name: str, root: Path, environ: Mapping[str, str], side: str) -> Path:
    """Find the file that a command's first word starts.

    Args:
        name: as written; with a slash it is a path, seen from `root`.
        root: folder that the command starts in.
        environ: variables; `PATH` counts.
        side: for the message.

    Raises:
        MeasurementError: there is none, or it may not be executed.
    """
    shown = printable(name)
    if "/" not in name:
        for folder in _path(root, environ):
            if _runs(folder / name):
                return folder / name
        near = difflib.get_close_matches(name, _names(_path(root, environ)), n=1)
        raise MeasurementError(
            f"{shown} is in no folder of PATH",
            hint=f"did you mean {near[0]}?"
            if near
            else "install it in an earlier step, or name it by its path: ./build/program",
            side=side,
        )
    path = root / name
    if _runs(path):
        return path
    raise MeasurementError(
        f"{shown} {_what_is_wrong(path)}", hint=_advice(path, absolute=name[0] == "/"), side=side
    )


def find(name: str, root: Path, environ: Mapping[str, str]) -> Path | None:
    """Find an executable file like `executable` does; None where there is none."""
    if "/" in name:
        return root / name if _runs(root / name) else None
    return next((it / name for it in _path(root, environ) if _runs(it / name)), None)


def _path(root: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    # an empty entry means the current folder, which is the side's root
    return (root / entry for entry in environ.get("PATH", _USUAL).split(":"))


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _names(folders: Iterator[Path]) -> list[str]:
    found: set[str] = set()
    for folder in folders:
        try:
            found.update(os.listdir(folder))
        except OSError:
            continue  # folders of PATH need not exist
    return sorted(found)


def _what_is_wrong(path: Path) -> str:
    if path.is_dir():
        return "is a folder"
    return "is not executable" if path.exists() else "does not exist"


def _advice(path: Path, *, absolute: bool) -> str:
    if path.is_file():
        return f"chmod +x {path.name}"
    near = difflib.get_close_matches(path.name, _names(iter([path.parent])), n=1)
    if near:
        return f"did you mean {near[0]}?"
    if absolute:
        return ""
    return "build it with `setup:`, which runs once in each side before measuring"
