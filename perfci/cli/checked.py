"""The gate's check on the platform: opened before measuring, closed whatever becomes of it."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from perfci import pipeline
from perfci.errors import PerfciError
from perfci.model.emission import Emission, File
from perfci.model.mask import Mask
from perfci.pipeline import Undelivered
from perfci.ports import Observer, Sink
from perfci.reports.check import opened
from perfci.wiring import parts, process, telling
from perfci.wiring.project import Project, open_project, project_name, without_settings


def opened_project(options: Namespace, observer: Observer, *, speaks: bool) -> Project:
    """Read the settings; where they cannot be read, say so to whoever can be told without them.

    Args:
        options: of the command.
        observer: is told what could not be said.
        speaks: whether anybody but the log is told.

    Raises:
        ConfigurationError: they contradict themselves or name something unknown.
        WorktreeError: a fork's settings come from its base, and that cannot be had.
    """
    try:
        return open_project(options)
    except PerfciError as error:
        with suppress(PerfciError):
            project = without_settings()
            if speaks and project.context.in_ci:
                parts.clear_answers(parts.output_folder(project, options))
                sinks = telling.messengers(project)
                _break_down(project, error, sinks, observer, known=False)
                telling.close(sinks)
        raise


@contextmanager
def checked(project: Project, sinks: Sequence[Sink], observer: Observer) -> Iterator[None]:
    """Open the check; where the body raises, say everywhere what has happened.

    Args:
        project: whose gate it is.
        sinks: who brings it to the platform, and later its conclusion.
        observer: is told what could not be said.
    """
    try:
        _say([opened(project_name(project), project.context.repository)], sinks, observer)
        yield
    except PerfciError as error:
        _break_down(project, error, sinks, observer, known=True)
        raise
    finally:
        telling.close(sinks)


def _break_down(
    project: Project,
    error: PerfciError,
    sinks: Sequence[Sink],
    observer: Observer,
    *,
    known: bool,
) -> None:
    # what a benchmark's own settings name as secret is masked where it is measured
    Mask.of(project.environ, ()).error(error)
    _say(telling.breakdown(project, error, known=known), sinks, observer)


def _say(emissions: Sequence[Emission], sinks: Sequence[Sink], observer: Observer) -> None:
    tell_undelivered(pipeline.deliver(emissions, sinks), observer)


def tell_undelivered(failed: Sequence[Undelivered], observer: Observer) -> None:
    """Warn of what nobody took, and say what to do about it; files are another matter."""
    mask = Mask.of(process.environ(), ())
    for item in failed:
        if not isinstance(item.emission, File):
            error = item.error
            told = error.line if isinstance(error, PerfciError) else str(error)
            observer.warn(f"not delivered: {mask(told)}")
