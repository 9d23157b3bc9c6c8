"""The folder of a framework: whether it can be used, and what lies in it that is not perfci's."""

import os
from pathlib import Path

from perfci.errors import ConfigurationError

_SQLITE = b"SQLite format 3\x00"


def insist_on_folder(path: "str | os.PathLike[str]") -> Path:
    """Return the folder, absolute; it is made by the first write.

    Raises:
        ConfigurationError: it cannot be written, or is no folder.
    """
    try:
        text = str(Path(path).expanduser()) if path else ""
    except (TypeError, RuntimeError):  # of another type, or of a user who is not there
        text = ""
    folder = Path(text).absolute()
    if not text or "\0" in text:
        raise ConfigurationError(
            f"storage_path is {str(path)[:60]!r}", hint="name a folder, e.g. /data/performance"
        )
    if _is_database(folder):
        raise ConfigurationError(
            f"storage_path {folder} is an SQLite database, and baselines are kept in a folder",
            hint="name a folder; the database is left as it is",
        )
    there = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not there.is_dir():
        raise ConfigurationError(
            f"storage_path {folder} cannot be a folder: {there} is a file",
            hint="name another folder, or move that file",
        )
    if not os.access(there, os.W_OK | os.X_OK):
        raise ConfigurationError(
            f"storage_path {folder} cannot be written",
            hint=f"give the user that runs this the right to write {there}, or name another folder",
        )
    return folder


def databases(folder: Path) -> tuple[Path, ...]:
    """Return the SQLite databases that lie in a folder: perfci reads and writes none."""
    try:
        found = sorted(folder.glob("*.db"))
    except OSError:
        return ()
    return tuple(path for path in found if _is_database(path))


def _is_database(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False
