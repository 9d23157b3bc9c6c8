"""The event that started a job, out of the file that the runner has put down."""

import os
import stat
from collections.abc import Mapping

from pydantic_core import from_json

from perfci.wire.answer import amount

_LARGEST = 32 << 20
"""Bytes; GitHub sends no event of more than 25 MB."""
_AT_ONCE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def read_event(path: str) -> Mapping[str, object]:
    """Return the JSON object in a file.

    Whatever a variable names comes to an end here: of a pipe nobody may ever write to, and of a
    device that never ends, nothing is read.

    Args:
        path: as the variable has it.

    Raises:
        OSError: it cannot be opened or read.
        ValueError: it is no regular file, too large, or no JSON object.
    """
    with open(path, "rb", opener=lambda name, _: os.open(name, _AT_ONCE)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            message = "it is no regular file"
            raise ValueError(message)
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        message = f"it is larger than {amount(_LARGEST)}"
        raise ValueError(message)
    # of Python's own reader hostile nesting uses up the stack, also for whatever is collected then
    document: object = from_json(data)
    if not isinstance(document, Mapping):
        message = "it holds no JSON object"
        raise ValueError(message)  # noqa: TRY004 - what is wrong is the file
    return document
