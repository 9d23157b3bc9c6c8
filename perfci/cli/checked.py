"""The gate's check on the platform: opened before measuring, closed whatever becomes of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from perfci import pipeline
from perfci.errors import PerfciError
from perfci.model.emission import Emission, File
from perfci.model.mask import Mask
from perfci.pipeline import Undelivered
from perfci.ports import Observer, Sink
from perfci.reports.check import opened
from perfci.wiring import telling
from perfci.wiring.project import Project, project_name


@contextmanager
def checked(project: Project, sinks: Sequence[Sink], observer: Observer) -> Iterator[None]:
    """Open the check; where the body raises, say everywhere what has happened.

    Args:
        project: whose gate it is.
        sinks: who brings it to the platform, and later its conclusion.
        observer: is told what could not be said.
    """

    def say(emissions: Sequence[Emission]) -> None:
        tell_undelivered(pipeline.deliver(emissions, sinks), observer)

    try:
        say([opened(project_name(project), project.context.repository)])
        yield
    except PerfciError as error:
        # what a benchmark's own settings name as secret is masked where it is measured
        Mask.of(project.environ, ()).error(error)
        say(telling.breakdown(project, error))
        raise
    finally:
        telling.close(sinks)


def tell_undelivered(failed: Sequence[Undelivered], observer: Observer) -> None:
    """Warn of what nobody took, and say what to do about it; files are another matter."""
    for item in failed:
        if not isinstance(item.emission, File):
            error = item.error
            told = error.line if isinstance(error, PerfciError) else error
            observer.warn(f"not delivered: {told}")
