"""Which stored points a series may be compared with, and in which clock."""

from collections.abc import Sequence

from perfci.model.history import History, Point
from perfci.model.measurement import Clock, Launch
from perfci.stats.clock import Choice
from perfci.stats.level import holds, level

WINDOW = 20
"""Stored runs that are looked at, the newest."""


def points_by_series(
    history: History, fingerprint: str, *, without: str = ""
) -> dict[str, tuple[Point, ...]]:
    """Return what each series may be compared with, oldest first.

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
    levels = {key: level(points)[-WINDOW:] for key, points in found.items()}
    return {key: points for key, points in levels.items() if points}


def runs_compared(history: History, fingerprint: str, *, without: str = "") -> int:
    """Return how many stored runs a series is compared with, at most; see `points_by_series`."""
    points = points_by_series(history, fingerprint, without=without)
    return max(map(len, points.values()), default=0)


def agree(
    choice: Choice | None, head: Sequence[Launch], points: Sequence[Point], unit: str
) -> tuple[Choice | None, tuple[Point, ...]]:
    """Settle on a clock that both head and the stored runs can provide.

    Args:
        choice: what head alone would take.
        head: its launches.
        points: stored ones, oldest first.
        unit: of the metric; a point in another unit says nothing.

    Returns:
        The clock, and the points that hold a centre of it: all of them if any clock allows that.
    """
    recent = [point for point in points if point.unit == unit][-WINDOW:]
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
