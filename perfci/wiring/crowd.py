"""Many series looked at by several processes, here or on a cluster; the same comes out."""

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context, parent_process
from threading import Thread

from perfci.errors import PerfciError
from perfci.model.timeline import Course, Timeline
from perfci.stats.course import follow_all
from perfci.wiring.cluster import by_cluster

WORTH = 1_000_000
"""Values from which on more processes save more than they take: 2 s of one core."""
CHUNK = 50_000
"""Values of one piece of work: a tenth of a second."""

_shared: list[Timeline] = []
"""In a process of the pool: all series."""


def followed(
    timelines: Sequence[Timeline], *, cluster: str | None = None, worth: int = WORTH
) -> tuple[Course, ...]:
    """Find what became of every series.

    Args:
        timelines: in any order.
        cluster: address of a Dask scheduler, `tcp://HOST:8786`; None: this machine alone.
        worth: values from which on more than one process is started here.

    Raises:
        ConfigurationError: the cluster cannot be used; it says why.
    """
    pieces = list(_pieces(timelines))
    if cluster is not None:
        found: Iterable[Sequence[Course]] = by_cluster(
            [timelines[piece] for piece in pieces], cluster
        )
    else:
        cores = min(len(os.sched_getaffinity(0)), len(pieces))
        if cores < 2 or sum(len(each.spots) for each in timelines) < worth:
            return follow_all(timelines)
        found = _by_pool(timelines, pieces, cores)
    return tuple(_joined(timelines, (course for piece in found for course in piece)))


def _pieces(timelines: Sequence[Timeline]) -> Iterator[slice]:
    start = size = 0
    for place, each in enumerate(timelines, start=1):
        size += len(each.spots)
        if size >= CHUNK or place == len(timelines):
            yield slice(start, place)
            start, size = place, 0


def _joined(timelines: Sequence[Timeline], courses: Iterable[Course]) -> Iterator[Course]:
    """Give the courses their series back, and their changes the commits."""
    for timeline, course in zip(timelines, courses, strict=True):
        changes = (
            replace(each, commit=timeline.spots[each.index].commit) for each in course.changes
        )
        yield replace(course, timeline=timeline, changes=tuple(changes))


def _by_pool(
    timelines: Sequence[Timeline], pieces: Sequence[slice], cores: int
) -> list[list[Course]]:
    # copies of this process: a fresh one would run the program again that called this
    pool = ProcessPoolExecutor(
        cores, mp_context=get_context("fork"), initializer=_attach, initargs=(timelines,)
    )
    try:
        return list(pool.map(_look, pieces))
    except BrokenProcessPool as error:
        raise PerfciError(
            "a process that looked at series was ended from outside",
            hint="was the memory exhausted? Bound the series by --last or --select",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _attach(timelines: Sequence[Timeline]) -> None:
    """Take the series over, leave signals to the parent, and end with it, however it ends."""
    _shared[:] = timelines
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _look(piece: slice) -> list[Course]:
    """Look at some of the series; they themselves stay here."""
    return [
        replace(course, timeline=replace(course.timeline, spots=()))
        for course in follow_all(_shared[piece])
    ]


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
