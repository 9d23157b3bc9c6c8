"""Regular files below a folder that others may have filled: no link is followed, nothing waits.

A store comes out of caches, archives and shared disks: a pipe in it would be waited for for ever, a
link could lead to a device without end, or to files that are none of the store's.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MOST = 512 * 2**20
"""Bytes of one file; no document of perfci's is as long."""


def insist_on_folders(root: Path, folder: Path) -> None:
    """Make sure that no link stands between a store's folder, which may be one, and one below it.

    Raises:
        OSError: a link does.
    """
    while folder != root:
        if folder.is_symlink():
            raise OSError(errno.ELOOP, "a link is not followed inside a store", str(folder))
        folder = folder.parent


def read(path: Path) -> bytes:
    """Return a file's content.

    Raises:
        OSError: it is not there, a link, no regular file, too large, or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        problem = "a link is not followed inside a store"
        raise OSError(errno.ELOOP, problem, str(path)) from error
    # as a plain handle: a folder opens, too, and open() would say so in other words
    try:
        facts = os.fstat(handle)
        if stat.S_ISDIR(facts.st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.ENXIO, "it is no regular file", str(path))
        if facts.st_size > MOST:
            raise OSError(errno.EFBIG, f"it is larger than {MOST // 2**20} MiB", str(path))
        with open(handle, "rb", closefd=False) as file:
            return file.read(MOST)
    finally:
        os.close(handle)


def names_below(folder: Path) -> Iterator[str]:
    """Yield the regular files below a folder, relative, without what begins with a dot.

    None where the folder is not there.

    Raises:
        OSError: a folder cannot be read.
    """
    inside = [""]
    # not by recursion: folders can be nested deeper than that
    while inside:
        above = inside.pop()
        with suppress(FileNotFoundError), os.scandir(folder / above) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inside.append(f"{above}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    yield f"{above}{entry.name}"
