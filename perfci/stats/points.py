"""Which stored points a series may be compared with, and in which clock."""

from collections.abc import Sequence
from dataclasses import replace

from perfci.model.history import History, Point
from perfci.model.measurement import Clock, Launch
from perfci.model.metric import Metric
from perfci.stats.clock import Choice
from perfci.stats.level import holds, levels

WINDOW = 20
"""Stored runs that are looked at, the newest."""


def points_by_series(
    history: History, fingerprint: str, *, without: str = ""
) -> dict[str, tuple[Point, ...]]:
    """Return what each series is compared with, oldest first: the level that holds now.

    Args:
        history: of the branch.
        fingerprint: of this machine; only runs of an equal environment count.
        without: id of a run to leave out: the one that is to be judged, once it is stored.
    """
    found = levels_by_series(history, fingerprint, without=without)
    return {key: by_level(points)[-1] for key, points in found.items()}


def levels_by_series(
    history: History, fingerprint: str, *, without: str = ""
) -> dict[str, tuple[Point, ...]]:
    """Return the same with the levels before it, which tell how far runs spread.

    Of the points of a level only the first is marked as accepted, if it was: `by_level` parts
    them there.

    Args:
        history: of the branch.
        fingerprint: of this machine; only runs of an equal environment count.
        without: id of a run to leave out: the one that is to be judged, once it is stored.
    """
    found: dict[str, list[Point]] = {}
    for run in history.comparable(fingerprint):
        if run.id == without:
            continue
        for key, point in run.points.items():
            found.setdefault(key, []).append(point)
    counted = {
        key: tuple(point for one in levels(points) for point in (one[0], *map(_joined, one[1:])))
        for key, points in found.items()
    }
    return {key: points[-WINDOW:] for key, points in counted.items() if points}


def _joined(point: Point) -> Point:
    """Return a point as one that continues the level before it."""
    return replace(point, regressed=False, accepted=False) if point.accepted else point


def by_level(points: Sequence[Point]) -> tuple[tuple[Point, ...], ...]:
    """Part points as `levels_by_series` marks them: one level or more, the one of now last."""
    begins = [0, *(place for place, point in enumerate(points) if place and point.accepted)]
    ends = [*begins[1:], len(points)]
    return tuple(tuple(points[begin:end]) for begin, end in zip(begins, ends, strict=True))


def runs_compared(history: History, fingerprint: str, *, without: str = "") -> int:
    """Return how many stored runs a series is compared with, at most; see `points_by_series`."""
    points = points_by_series(history, fingerprint, without=without)
    return max(map(len, points.values()), default=0)


def beside_base(history: History, head: str, base: str) -> History:
    """Return what can stand in for a base: no run of head's own commit tells of it.

    Args:
        history: of base's branch.
        head: full hash.
        base: full hash. Where it is head's, head is uncommitted work, and its runs are base's.
    """
    if head == base:
        return history
    return replace(history, runs=tuple(run for run in history.runs if run.commit != head))


def unlike(points: Sequence[Point], metric: Metric) -> str:
    """Say in what all stored points are of another metric than head's; empty where in nothing."""
    if not points or any(_is_of(point, metric) for point in points):
        return ""
    newest = points[-1]
    if newest.unit != metric.unit:
        theirs, own = newest.unit or "none", metric.unit or "none"
        return f"the units differ: {theirs} in the stored runs, {own} in head"
    return (
        f"the directions differ: {newest.better} is better in the stored runs, {metric.better} is "
        "better in head"
    )


def _is_of(point: Point, metric: Metric) -> bool:
    return point.unit == metric.unit and point.better in {None, metric.better}


def agree(
    choice: Choice | None, head: Sequence[Launch], points: Sequence[Point], metric: Metric
) -> tuple[Choice | None, tuple[Point, ...]]:
    """Settle on a clock that both head and the stored runs can provide.

    Args:
        choice: what head alone would take.
        head: its launches.
        points: stored ones, oldest first, as `levels_by_series` gives them.
        metric: a point in another unit, or from when its direction was the other, says nothing.

    Returns:
        The clock, and the points of the level that holds now which have a centre of it: all of
        them if any clock allows that.
    """
    recent = [point for point in by_level(points)[-1] if _is_of(point, metric)][-WINDOW:]
    if choice is None:
        return None, tuple(recent)
    order = (choice.clock, Clock.NET, Clock.CPU, Clock.VALUE, Clock.WALL)
    for clock in order:
        if all(clock in launch.clocks for launch in head) and all(
            holds(point, clock) for point in recent
        ):
            if clock is choice.clock:
                return choice, tuple(recent)
            reason = f"the stored runs were not all read by the {choice.clock} clock"
            return Choice(clock=clock, reason=reason), tuple(recent)
    return choice, tuple(point for point in recent if holds(point, choice.clock))
