"""One measurement at a time on a machine: two at once would disturb each other."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfci.errors import BusyError

_NAME = "perfci-measuring.lock"


@contextmanager
def measuring_lock(folder: Path) -> Iterator[None]:
    """Hold the machine's lock; the kernel frees it when this process ends, however it ends.

    Args:
        folder: the machine's folder for temporary files; whoever uses another does not see it.

    Raises:
        BusyError: another process holds it, or it cannot be made here.
    """
    path = folder / _NAME
    try:
        descriptor = _open(path)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        _take(descriptor, path)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Open the lock's file, or make it for all users; never through a link that somebody laid."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK  # Python adds O_CLOEXEC
    try:
        # without O_CREAT first: in a shared folder Linux refuses it on files of other users
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        try:
            descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            descriptor = os.open(path, flags)  # another was faster
        else:
            with suppress(OSError):
                os.fchmod(descriptor, 0o666)  # whatever the umask
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return descriptor


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        written = os.pread(descriptor, 20, 0).strip()
        holder = f" (process {int(written)})" if written.isdigit() else ""
        raise BusyError(
            f"another perfci{holder} is measuring on this machine; two at once would disturb"
            " each other",
            hint="wait until it has ended, or let the jobs run one after the other",
        ) from error
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> BusyError:
    return BusyError(
        f"the lock {path}, which keeps two measurements apart, cannot be used: {error.strerror}",
        hint="remove that file, or set TMPDIR to a folder on a local disk that you can write",
    )
