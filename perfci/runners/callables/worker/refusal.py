"""What the user has to be told, as an answer."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

_FOLDER = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
LOOP_FILE = "<perfci>"
"""Name under which the timed loop is compiled."""
_LONGEST = 16_384
"""Characters of a traceback that are told, from its end."""


class Refused(Exception):  # noqa: N818 - an answer more than an error
    """Something that the user has to be told.

    Args:
        kind: `import`, `missing`, `shape`, `call`, `forked`, `clock` or `checksum`.
        text: in words, or a traceback.
        part: which target: `function`, `setup` or `teardown`.
        more: facts beside it.
    """

    def __init__(self, kind: str, text: str, part: str = "function", **more: Any) -> None:
        super().__init__(kind, text)
        self.answer = {"error": kind, "text": text, "part": part, **more}


def trimmed(error: BaseException) -> str:
    """Return the end of a traceback, from the user's first frame on."""
    own = (_FOLDER, LOOP_FILE, "<frozen importlib")
    at: TracebackType | None = error.__traceback__
    while at is not None:
        file = at.tb_frame.f_code.co_filename
        if not file.startswith(own) and f"{os.sep}asyncio{os.sep}" not in file:
            break
        at = at.tb_next
    return "".join(traceback.format_exception(type(error), error, at))[-_LONGEST:]
