"""What GitHub takes from a step: its summary page, outputs for later steps, annotations."""

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import assert_never

from perfci.errors import DeliveryError
from perfci.model.emission import (
    Annotation,
    Check,
    Comment,
    Emission,
    File,
    Notice,
    Output,
    Summary,
)
from perfci.model.text import printable
from perfci.platforms.detected import Environ
from perfci.platforms.once import Once

_SUMMARY, _OUTPUT = "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"
SUMMARY_LIMIT = 1_000_000
"""Bytes; beyond 1 MiB GitHub throws the whole summary away."""
_TEXT = 4000
"""Characters of an annotation; the runner cuts it at 4,096."""
_TITLE = 255
_CUT = "\n*The summary is too long for this page; the report has all of it.*\n"


class GitHubSink:
    """Appends to the files that GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name, where they are set.

    Args:
        environ: the process's variables.
        token: returns text that nobody can guess, new on every call.
        say: writes lines into the job's log, where the runner looks for annotations.
    """

    def __init__(
        self, environ: Environ, *, token: Callable[[], str], say: Callable[[str], None]
    ) -> None:
        self._annotates = environ.get("GITHUB_ACTIONS") == "true"
        self._say = say
        self._summary = environ.get(_SUMMARY, "")
        self._output = environ.get(_OUTPUT, "")
        self._once = Once()
        self._token = token

    def deliver(self, emission: Emission) -> None:
        """Append a summary or an output, or annotate the job; files pass.

        Raises:
            OSError: the output could forge others.
            DeliveryError: the file cannot be written, which is said once of all outputs.
        """
        match emission:
            case Summary():
                if self._summary:
                    with self._reaching(_SUMMARY, self._summary):
                        _append(Path(self._summary), emission.markdown, limit=SUMMARY_LIMIT)
            case Output():
                if self._output:
                    block = self._block(emission)
                    with self._reaching(_OUTPUT, self._output):
                        _append(Path(self._output), block)
            case Annotation():
                if self._annotates:
                    self._say(_command(emission))
            case File() | Comment() | Check() | Notice():
                pass
            case _ as never:
                assert_never(never)

    @contextmanager
    def _reaching(self, variable: str, path: str) -> Iterator[None]:
        """Tell what keeps the body from writing to the file that a variable names."""
        with self._once.complaining():
            try:
                yield
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or error
                raise DeliveryError(
                    f"nothing can be appended to the file that {variable} names "
                    f"({printable(path, limit=200)}): {why}",
                    hint="leave the variable as the runner sets it",
                ) from error

    def _block(self, output: Output) -> str:
        """Return the one form in which a value cannot end early and begin another output."""
        delimiter = f"perfci_{self._token()}"
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", output.name):
            raise OSError(errno.EINVAL, "not the name of an output", output.name)
        if delimiter in output.value:
            raise OSError(errno.EINVAL, "the value holds its own delimiter", output.name)
        return f"{output.name}<<{delimiter}\n{output.value}\n{delimiter}\n"


def _command(annotation: Annotation) -> str:
    """Return the one line that the runner reads; nothing in it can begin another."""
    line = str(annotation.line) if annotation.path and annotation.line > 0 else ""
    named = {"file": annotation.path, "line": line, "title": annotation.title[:_TITLE]}
    properties = ",".join(f"{name}={_property(text)}" for name, text in named.items() if text)
    text = _escaped(annotation.text[:_TEXT])
    return f"::{annotation.level}{' ' if properties else ''}{properties}::{text}\n"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    """Escape what ends a line, and the older syntax, which is obeyed anywhere in one."""
    text = re.sub(r"##(?=\w*\[)", "## ", text)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _append(path: Path, text: str, limit: int | None = None) -> None:
    """Append lines, beginning on a line of their own."""
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(-1, os.SEEK_END)
            text = text if file.read(1) == b"\n" else f"\n{text}"
        data = text.encode("utf-8", "replace")
        if not data.endswith(b"\n"):
            data += b"\n"
        file.write(data if limit is None else _cut(data, limit - size))


def _cut(data: bytes, limit: int) -> bytes:
    """Return what fits, whole lines only, with a note where something is missing."""
    if len(data) <= limit:
        return data
    note = _CUT.encode()
    kept = data[: max(0, limit - len(note))]
    return (kept[: kept.rfind(b"\n") + 1] + note)[: max(0, limit)]
