"""What a program is started with: its file, its input, its output.

Part of the spawner, whose size is the floor of every peak of memory: nothing big is imported.
"""
# ruff: noqa: PTH113, PTH116, PTH118 - pathlib would make the spawner large

import os
import stat

_PATH = b"/usr/local/bin:/usr/bin:/bin"


class Refused(Exception):  # noqa: N818 - it is an answer
    """What kept a program from being started: `input`, `cwd`, `output`, `program`, and why."""


def redirections(given: str, output: str, handles: list[int]) -> list[tuple[int, int, int]]:
    """Open what a program reads and writes; appending, for its output may be cut short meanwhile.

    Args:
        given: file to read; empty for nothing.
        output: file to write.
        handles: gets what was opened, first the input, then the output; the caller closes them.

    Returns:
        The actions for `posix_spawn`.

    Raises:
        Refused: one of the two cannot be used.
    """
    try:
        if given and not stat.S_ISREG(os.stat(given).st_mode):
            raise Refused("input", "it is not a file")
        handles.append(os.open(given or os.devnull, os.O_RDONLY))
    except OSError as error:
        raise Refused("input", error.strerror) from error
    try:
        how = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        handles.append(os.open(output, how, 0o600))
    except OSError as error:
        raise Refused("output", error.strerror) from error
    read, written = handles
    to = os.POSIX_SPAWN_DUP2
    return [(to, read, 0), (to, written, 1), (to, written, 2)]


def found(name: bytes, environ: dict[bytes, bytes]) -> bytes:
    """Return the file that is executed; a bare name is looked for where the program would.

    Raises:
        Refused: there is none.
    """
    if b"/" in name:
        return name
    for folder in environ.get(b"PATH", _PATH).split(b":"):
        path = os.path.join(folder or b".", name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise Refused("program", "it is in no folder of PATH")
