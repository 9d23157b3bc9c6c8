"""What a program is started with: its file, its input, its output.

Part of the spawner, whose size is the floor of every peak of memory: nothing big is imported.
"""
# ruff: noqa: PTH113, PTH116, PTH118 - pathlib would make the spawner large

import os
import stat

_PATH = b"/usr/local/bin:/usr/bin:/bin"


class Refused(Exception):  # noqa: N818 - it is an answer
    """What kept a program from being started: `input`, `cwd`, `output`, `program`, and why."""


def redirections(
    given: str, output: str, printed: str, handles: list[int]
) -> list[tuple[int, int, int]]:
    """Open what a program reads and writes; appending, for its output may be cut short meanwhile.

    Args:
        given: file to read; empty for nothing.
        output: file to write.
        printed: file for standard output alone; empty where it goes to `output`, too.
        handles: gets what was opened: the input, the output, and the file for standard output
            where it is one of its own; the caller closes them.

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
        for path in filter(None, (output, printed)):
            handles.append(os.open(path, how, 0o600))  # noqa: PERF401 - each has to be closed
    except OSError as error:
        raise Refused("output", error.strerror) from error
    to = os.POSIX_SPAWN_DUP2
    return [(to, handles[0], 0), (to, handles[-1], 1), (to, handles[1], 2)]


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
