"""A repository as `perfci init` looks at it: bounded, read alone, no link followed."""

import os
import re
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MOST_ENTRIES = 20_000
"""What lies nearest to the root is looked at first; the rest of a larger tree is not."""
DEEPEST = 5
LARGEST = 1_000_000
"""Bytes; a larger file is generated, not written: not looked into."""
_OTHERS = frozenset(
    {
        "node_modules",
        "vendor",
        "third_party",
        "target",
        "build",
        "dist",
        "site-packages",
        "venv",
        "__pycache__",
        "perfci-results",
    }
)
"""Folders of what was built or fetched."""
_PLAIN = re.compile(r"[A-Za-z0-9_.@+][A-Za-z0-9_.@+ -]*")
"""Names that no shell, no YAML and no pipeline reads as anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The files of a repository whose names are plain."""

    root: Path
    files: tuple[str, ...]
    """Relative, with forward slashes; those nearest to the root first, then by name."""

    def text(self, path: str) -> str:
        """Return what a file says; empty where it is not there, no text, or larger than 1 MB."""
        return read_text(self.root / path) if path in self.files else ""

    def has(self, folder: str, *names: str) -> bool:
        """Tell whether a folder holds a file of one of these names."""
        return any(below(folder, name) in self.files for name in names)

    def under(self, folder: str, *endings: str) -> Iterator[str]:
        """Yield the files at or below a folder whose names end so."""
        start = below(folder, "")
        return (path for path in self.files if path.startswith(start) and path.endswith(endings))


def read_text(path: Path) -> str:
    """Return what a file says; empty where it is not there, a link, no text, or above 1 MB."""
    with suppress(OSError):
        # a pipe would wait for its writer, a link may lead anywhere
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
            facts = os.fstat(file.fileno())
            if stat.S_ISREG(facts.st_mode) and facts.st_size <= LARGEST:
                return file.read(LARGEST).decode("utf-8", "replace")
    return ""


def below(folder: str, name: str) -> str:
    """Return the path of a name in a folder; the root's is empty."""
    return f"{folder}/{name}" if folder else name


def within(folder: str, path: str) -> str:
    """Return a path as it is called from a folder above it."""
    return path.removeprefix(f"{folder}/") if folder else path


def look(root: Path, *, most: int = MOST_ENTRIES) -> Tree:
    """List a repository's files. What cannot be read is not there; nothing is executed.

    Args:
        root: folder of the project.
        most: entries of folders that are looked at.
    """
    found: list[str] = []
    waiting = deque([""])
    left = most
    while waiting and left > 0:
        folder = waiting.popleft()
        files, folders, seen = _entries(root / folder, left)
        left -= seen
        if folder and "pyvenv.cfg" in files:
            continue
        found += [below(folder, name) for name in sorted(files)]
        if len(PurePosixPath(folder).parts) < DEEPEST:
            waiting += [below(folder, name) for name in sorted(folders) if name not in _OTHERS]
    return Tree(root=root, files=tuple(found))


def _entries(folder: Path, most: int) -> tuple[list[str], list[str], int]:
    """Return the names of files and of folders, hidden folders left out, and how many were seen."""
    files: list[str] = []
    folders: list[str] = []
    seen = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            seen += 1
            if seen > most:
                break
            if not _PLAIN.fullmatch(entry.name):
                continue
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    folders.append(entry.name)
    return files, folders, seen
