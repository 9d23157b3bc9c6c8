"""What to say of a live callable that gave no value."""

import traceback
from asyncio import CancelledError
from pathlib import Path

from perfci.errors import MeasurementError
from perfci.model.text import printable
from perfci.runners.failures import Subject, clean

_OURS = str(Path(__file__).parent)


def raised(subject: Subject, error: BaseException) -> MeasurementError:
    """Say what a callable raised, and where."""
    name = type(error).__qualname__
    if isinstance(error, CancelledError):
        return subject.error("was cancelled by something else in its event loop")
    told = printable(_text(error), limit=400)
    return subject.error(
        f"raised {name}{f': {told}' if told else ''}", output=clean(_traceback(error))
    )


def hung(subject: Subject, *, left: bool) -> MeasurementError:
    """Say that a call did not end within the test's time."""
    after = "; it was cancelled"
    if left:
        after = "; it still runs in its thread, which Python cannot end"
    return subject.error(
        f"did not end within {subject.benchmark.timeout:g} s",
        after=after,
        hint="raise test_timeout_seconds, or give it less to do: fewer test_iterations, a shorter "
        "cooldown_seconds",
    )


def _text(error: BaseException) -> str:
    try:
        return str(error)
    # an exception's own `__str__` may raise anything; what it was is told all the same
    except Exception:  # noqa: BLE001 - the user's own class
        return ""


def _traceback(error: BaseException) -> str:
    """Return the traceback from the callable on: perfci's own frames say nothing."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OURS):
        trace = trace.tb_next
    try:
        return "".join(traceback.format_exception(type(error), error, trace))
    # an exception's own `__str__` may raise anything; what it was is told all the same
    except Exception:  # noqa: BLE001 - the user's own class
        return ""
