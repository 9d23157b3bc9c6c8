"""Many series at once: each of them as if it were alone."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from perfci.stats.course import follow, follow_all
from tests.stats.course.made import stepped, timeline, wandering, white


def test_many_series_are_followed_as_each_alone_whatever_maps_them() -> None:
    series = [timeline(stepped(seed, 12, 24, 0.1), name=str(seed)) for seed in range(70)]
    alone = tuple(follow(one) for one in series)
    sizes: list[int] = []

    def mapped(function: Callable[[Any], Any], batches: Iterable[Any]) -> list[Any]:
        kept = list(batches)
        sizes.extend(len(one) for one in kept)
        return [function(one) for one in kept]

    assert follow_all(iter(series)) == alone
    assert follow_all(series, map=mapped) == alone
    assert sizes == [50, 20]
    assert follow_all([]) == ()


def test_series_of_all_lengths_are_followed_side_by_side_as_each_alone() -> None:
    lengths = (0, 1, 2, 9, 10, 60, 3, 250, 40, 0, 130)
    series = [timeline(wandering(seed, n, 0.6)) for seed, n in enumerate(lengths)]
    series += [timeline(stepped(seed, n // 2, n, 0.2)) for seed, n in enumerate(lengths)]
    series += [timeline([5.0] * n) for n in lengths]
    courses = follow_all(series)
    assert courses == tuple(follow(one) for one in series)
    assert [course.timeline for course in courses] == series
    assert [len(courses[at].changes) for at in (16, 18, 21)] == [1, 1, 1]


def test_one_series_with_a_value_that_is_not_finite_stops_all() -> None:
    with pytest.raises(ValueError, match="not finite"):
        follow_all([timeline(white(1, 40)), timeline([math.inf]), timeline(white(2, 40))])
