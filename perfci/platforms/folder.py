"""The output folder as a sink: every file whole or not at all."""

import errno
import os
from contextlib import suppress
from pathlib import Path, PurePosixPath

from perfci.model.emission import Emission, File


class FolderSink:
    """Writes files below a folder.

    As root in a container the files are given to whoever owns the folder around them, so that
    the runner can delete them later.

    Args:
        root: the folder; made where it is not there.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def deliver(self, emission: Emission) -> None:
        """Write a file; other emissions pass.

        Raises:
            OSError: it could not be written, or its path leads out of the folder.
        """
        if isinstance(emission, File):
            self._write(self._place(emission.path), emission.content)

    def _place(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        fits = parts and "\0" not in path and not path.startswith("/") and ".." not in parts
        place = self._root.joinpath(*parts) if fits else self._root
        # also by way of a link that something measured has put there
        if not fits or not place.parent.resolve().is_relative_to(self._root.resolve()):
            raise OSError(errno.EINVAL, "leads out of the output folder", path)
        return place

    def _write(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        owner = owner_of(self._root.absolute().parent)
        # from the root of the output down: whoever made it may have been root, too
        depth = len(place.parent.relative_to(self._root).parts)
        for folder in (place.parent, *place.parent.parents)[: depth + 1]:
            give(folder, owner)
        replace_file(place, content, owner)


def replace_file(place: Path, content: bytes, owner: tuple[int, int] | None) -> None:
    """Put a regular file there, whole or not at all; what was there before goes, a link, too.

    Args:
        place: in a folder that is there.
        content: of the file.
        owner: who gets it, as `owner_of` returns it.

    Raises:
        OSError: it could not be written; what was there is as it was.
    """
    part = place.with_name(f".perfci-{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        give(part, owner)
        part.replace(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(place.parent)


def owner_of(around: Path) -> tuple[int, int] | None:
    """Return who is to own new files there; None where nothing can or need be changed."""
    if os.geteuid() != 0:
        return None
    facts = around.stat()
    return (facts.st_uid, facts.st_gid) if facts.st_uid != 0 else None


def give(place: Path, owner: tuple[int, int] | None) -> None:
    """Make somebody the owner of a file or a folder, where that can be done."""
    if owner is not None:
        with suppress(OSError):
            os.chown(place, *owner, follow_symlinks=False)


def _sync(folder: Path) -> None:
    """Make the renaming itself durable, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
