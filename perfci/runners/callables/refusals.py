"""What to say of a callable that gave no measurement: the worker's own words made an error."""

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from perfci.errors import MeasurementError
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.model.work import Function
from perfci.runners.callables.interpreter import Interpreter
from perfci.runners.failures import Subject, clean

_NEW = "if the code is new, there is nothing to compare with until base has it, too"
_PACKAGES = (
    "install what it needs in `setup:`, or name the Python that has it: `interpreter:"
    " .venv/bin/python`"
)
_FORKED = "let the child end with os._exit(), or the calls multiply the processes"

_COUNTS = (
    "return bytes, text, a number, or a list, tuple, set or dict of such (an array's bytes or a sum"
    " will do); or take `checksum` out"
)


def refusal(
    answer: Mapping[str, Any], subject: Subject, python: Interpreter, output: str
) -> MeasurementError:
    """Return the error for an answer that holds one.

    Args:
        answer: the worker's: `error`, `text`, `part`, and what goes with the kind of error.
        subject: whom it is about.
        python: what runs the worker.
        output: what the callable has printed, made harmless.
    """
    work = subject.benchmark.work
    assert isinstance(work, Function)  # noqa: S101 - wiring names the runner by the work
    kind, text, part = (str(answer[key]) for key in ("error", "text", "part"))
    subject = replace(subject, step=part if part in ("setup", "teardown") else "")
    target = printable({"setup": work.setup, "teardown": work.teardown}.get(part, work.target))
    newcomer = _NEW if subject.paired and subject.side is Side.BASE else ""
    said = clean("\n".join(filter(None, (output, text))))
    match kind:
        case "import":
            absent = "ImportError: " in text or "ModuleNotFoundError: " in text
            return subject.error(
                "could not be imported",
                after=f": {target}, by {python}, {_path(answer)}",
                hint=newcomer or (_PACKAGES if "ModuleNotFoundError" in text else ""),
                output=said,
                absent=absent,
            )
        case "missing":
            near = difflib.get_close_matches(text, map(str, answer["names"]), n=1)
            return subject.error(
                "could not be found",
                after=f": {target} has no {printable(text)}",
                hint=newcomer or (f"did you mean {printable(near[0])}?" if near else ""),
                absent=True,
            )
        case "shape":
            what = "cannot be called"
            return subject.error(what, after=f": {target} {printable(text)}")
        case "forked":
            what = "forks, and its child returns as if it were the benchmark"
            return subject.error(what, hint=_FORKED, output=said)
        case "checksum":
            what = "has no checksum"
            told = printable(text, limit=200)
            return subject.error(what, after=f": what {target} returns {told}", hint=_COUNTS)
        case "clock":
            what = f"has a clock that {printable(text)}"
            return subject.error(what, after=f", in {python}")
        case _:
            last = printable(text.strip().rpartition("\n")[2], limit=200)
            return subject.error("raised an error", after=f": {last}", output=said)


def _path(answer: Mapping[str, Any]) -> str:
    folders = ", ".join(printable(str(folder)) for folder in answer["path"])
    return f"which looked in {folders} before its own path"
