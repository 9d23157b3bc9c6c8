"""Looks around in a container and makes folders there; run by perfci's Python.

It reads one marshalled dictionary and writes one.
"""
# ruff: noqa: PTH101, PTH103, PTH113, PTH116, PTH118 - as in the spawner: no more than is needed

import marshal
import os
import sys


def _mark(path: str) -> tuple[int, int]:
    """Return what tells a file or folder from one of the same name; zeros where none is."""
    try:
        told = os.stat(path)
    except OSError:
        return 0, 0
    return told.st_ino, told.st_mtime_ns


def _make(path: str, user: int, group: int, mode: int) -> str:
    """Make a folder with all above it; return what went wrong."""
    try:
        os.makedirs(path, 0o755, exist_ok=True)
        os.chown(path, user, group)
        os.chmod(path, mode)
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""


def _find(name: str, folder: str, path: str) -> str:
    """Return the program that a name stands for; empty where there is none."""
    if "/" in name:
        places = [os.path.join(folder, name)]
    else:
        places = [os.path.join(folder, entry, name) for entry in path.split(":")]
    for place in places:
        if os.path.isfile(place) and os.access(place, os.X_OK):
            return place
    return ""


def main() -> None:
    """Answer one request."""
    request = marshal.load(sys.stdin.buffer)  # noqa: S302 - perfci itself wrote it
    wrong = [_make(*each) for each in request["make"]]
    answer = {
        "wrong": [each for each in wrong if each],
        "marks": [_mark(path) for path in request["stat"]],
        "found": [_find(*each) for each in request["find"]],
    }
    marshal.dump(answer, sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
