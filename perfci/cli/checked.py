"""The gate's check on the platform: opened before measuring, closed whatever becomes of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from perfci import pipeline
from perfci.errors import PerfciError
from perfci.model.emission import Check, File
from perfci.pipeline import Undelivered
from perfci.ports import Observer, Sink
from perfci.reports.check import broken, opened
from perfci.wiring import telling


@contextmanager
def checked(
    project: str, repository: str, sinks: Sequence[Sink], observer: Observer
) -> Iterator[None]:
    """Open the check; where the body raises, close it with the reason.

    Args:
        project: the name under which baselines are kept.
        repository: `owner/name`.
        sinks: who brings it to the platform, and later its conclusion.
        observer: is told what could not be said.
    """

    def say(check: Check) -> None:
        tell_undelivered(pipeline.deliver([check], sinks), observer)

    try:
        say(opened(project, repository))
        yield
    except PerfciError as error:
        say(broken(project, repository, error))
        raise
    finally:
        telling.close(sinks)


def tell_undelivered(failed: Sequence[Undelivered], observer: Observer) -> None:
    """Warn of what nobody took, and say what to do about it; files are another matter."""
    for item in failed:
        if not isinstance(item.emission, File):
            hint = getattr(item.error, "hint", "")
            observer.warn(f"not delivered: {item.error}{f' ({hint})' if hint else ''}")
