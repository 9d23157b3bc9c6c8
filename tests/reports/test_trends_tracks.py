"""Stored runs as series: one clock, one unit, and the right way up."""

from datetime import UTC, datetime, timedelta

import pytest

from perfci.model.history import Point, StoredRun
from perfci.model.measurement import Clock
from perfci.model.metric import Better
from perfci.reports.trends_tracks import tracks_of

BEGAN = datetime(2026, 8, 1, tzinfo=UTC)


def runs(*points: Point, key: str = "s/b:latency") -> list[StoredRun]:
    return [
        StoredRun(
            id=f"run-{at}",
            commit=f"c{at}",
            started_at=BEGAN + timedelta(days=at),
            fingerprint="f",
            verdict="pass",
            points={key: point},
        )
        for at, point in enumerate(points)
    ]


def point(clock: Clock, unit: str = "s", n: int = 4, **centres: float) -> Point:
    values = {Clock(name): value for name, value in centres.items()}
    return Point(centres=values, clock=clock, spread=0.02, n=n, unit=unit)


def test_every_value_is_of_the_clock_that_decided_last() -> None:
    (track,) = tracks_of(
        runs(
            point(Clock.WALL, wall=9.0, net=1.0),
            point(Clock.WALL, wall=9.0),  # without the clock of now it says nothing
            point(Clock.NET, wall=9.0, net=2.0),
        ),
        {},
    )
    assert [spot.value for spot in track.course.timeline.spots] == [1.0, 2.0]
    assert [spot.commit for spot in track.course.timeline.spots] == ["c0", "c2"]


def test_a_value_of_another_unit_says_nothing() -> None:
    (track,) = tracks_of(
        runs(
            point(Clock.VALUE, "B", value=1.0),
            point(Clock.VALUE, value=2.0),
            point(Clock.VALUE, value=3.0),
        ),
        {},
    )
    assert [spot.value for spot in track.course.timeline.spots] == [2.0, 3.0]


def test_one_value_is_no_series() -> None:
    assert tracks_of(runs(point(Clock.NET, net=1.0)), {}) == ()


@pytest.mark.parametrize(
    ("key", "better"),
    [
        ("s/b:latency", Better.LOWER),
        ("s/b:throughput", Better.HIGHER),
        ("s/b:own", Better.HIGHER),
        ("s/b:other", Better.LOWER),
        ("no key", Better.LOWER),
    ],
)
def test_which_way_is_better_is_known_of_the_metric_or_told(key: str, better: Better) -> None:
    points = [point(Clock.VALUE, value=1.0 + at) for at in range(2)]
    told = {"s/b:own": Better.HIGHER, "s/b:latency": Better.HIGHER}
    (track,) = tracks_of(runs(*points, key=key), told)
    assert track.course.timeline.better is better
    assert (track.suite, track.name) == (("s", key[2:]) if "/" in key else ("", key))


def test_the_spread_of_a_single_launch_is_not_known() -> None:
    (track,) = tracks_of(runs(point(Clock.NET, net=1.0), point(Clock.NET, n=1, net=1.0)), {})
    assert track.spreads == (0.02, 0.0)
