"""Files and folders as a stream that an engine unpacks."""

import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from perfci.model.text import printable
from perfci.runners.container.refusal import ContainerError

Write = Callable[[tarfile.TarFile], None]
_LEFT_OUT = "./.git"
"""A worktree's points at a folder that is not there, and a repository's is large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose processes and files they are in a container."""

    user: int
    group: int

    def __str__(self) -> str:
        """Return it as an engine wants it."""
        return f"{self.user}:{self.group}"


@contextmanager
def archive(write: Write) -> Iterator[BinaryIO]:
    """Open a tar stream that is written while it is read: nothing large is held.

    Raises:
        ContainerError: a file could not be read; whatever the reader raised then is its result.
    """
    source, sink = os.pipe()
    failures: list[OSError] = []
    thread = threading.Thread(target=_write, args=(sink, write, failures), daemon=True)
    thread.start()
    try:
        with open(source, "rb") as reader:  # noqa: PTH123 - a handle has no path
            yield reader
    except ContainerError as error:
        thread.join()
        raise _unreadable(failures[0]) if failures else error from None
    finally:
        thread.join()
    if failures:
        raise _unreadable(failures[0])


def whole(root: Path, owner: Owner) -> Write:
    """Return what writes a folder with all in it but `.git`: links, modes and times are kept."""

    def kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        ordinary = member.isreg() or member.isdir() or member.issym() or member.islnk()
        return _owned(member, owner) if ordinary and member.name != _LEFT_OUT else None

    def write(tar: tarfile.TarFile) -> None:
        tar.add(root, arcname=".", filter=kept)

    return write


def some(
    files: Iterable[tuple[PurePosixPath, Path]], folders: Iterable[PurePosixPath] = ()
) -> Write:
    """Return what writes files under other names, and empty folders; all belong to root.

    Args:
        files: absolute paths there, and files here.
        folders: absolute paths there.
    """
    pairs, empty = tuple(files), tuple(folders)
    above = [each for path in (*(path for path, _ in pairs), *empty) for each in path.parents[::-1]]

    def write(tar: tarfile.TarFile) -> None:
        for folder in dict.fromkeys((*above, *empty)):
            if folder.name:
                member = tarfile.TarInfo(str(folder).lstrip("/"))
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(member)
        for path, source in pairs:
            with source.open("rb") as file:
                member = _owned(
                    tar.gettarinfo(arcname=str(path), fileobj=file), Owner(user=0, group=0)
                )
                member.mode |= 0o444
                tar.addfile(member, file)

    return write


def _owned(member: tarfile.TarInfo, owner: Owner) -> tarfile.TarInfo:
    member.uid, member.gid = owner.user, owner.group
    member.uname = member.gname = ""
    return member


def _write(sink: int, write: Write, failures: list[OSError]) -> None:
    try:
        # to close it is to write the rest, and may fail as any writing
        with open(sink, "wb") as file, tarfile.open(mode="w|", fileobj=file) as tar:
            write(tar)
    except BrokenPipeError:
        return  # the reader has gone
    except OSError as error:
        failures.append(error)


def _unreadable(error: OSError) -> ContainerError:
    where = printable(str(error.filename or ""), limit=200)
    said = printable(error.strerror or str(error), limit=200)
    return ContainerError(
        f"the tree could not be copied into a container: {where}: {said}".replace(": : ", ": "),
        hint="perfci has to be able to read all of it, and it must not change meanwhile",
    )
