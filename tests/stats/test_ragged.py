"""Rows of different lengths, taken together, are what each is alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from perfci.model.given import Given
from perfci.model.measurement import Clock, Launch, Stage
from perfci.stats.launches import centres
from perfci.stats.ragged import ragged
from perfci.stats.read import clocks_of, opened, read_by
from perfci.stats.robust import joined, locate, medians

NUMBERS = st.floats(1e-9, 1e9)
ROWS = st.lists(st.lists(NUMBERS, min_size=1, max_size=9), min_size=1, max_size=20)


def launches(values: list[list[float]], clock: Clock) -> tuple[Launch, ...]:
    return tuple(
        Launch(number=at + 1, stage=Stage.SCREEN, position=at, clocks={clock: tuple(each)})
        for at, each in enumerate(values)
    )


@given(ROWS)
def test_the_median_of_each_row_is_its_own(rows: list[list[float]]) -> None:
    assert medians(rows).tolist() == [float(np.median(row)) for row in rows]
    assert medians(ragged([np.array(row) for row in rows])).tolist() == medians(rows).tolist()
    assert ragged(rows).least().tolist() == [min(row) for row in rows]
    assert ragged(rows).most().tolist() == [max(row) for row in rows]


def test_so_many_rows_that_they_are_sorted_in_parts_are_each_still_located_in_place() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(10.0, 1.0, (3_000, 60))
    found = locate(list(rows))
    assert np.array_equal(found.median, np.median(rows, axis=1))
    assert found.mean[2_999] == locate([rows[2_999]]).mean[0]
    parts = joined([locate(list(rows[:1_000])), locate(list(rows[1_000:]))])
    assert np.array_equal(parts.variance, found.variance)
    assert np.array_equal(parts.n, found.n)


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_centres_are_medians_of_launches_packed_or_not(sides: list[list[list[float]]]) -> None:
    packed = centres([read_by(Clock.WALL, Given(Clock.WALL, side)) for side in sides])
    plain = centres([read_by(Clock.WALL, launches(side, Clock.WALL)) for side in sides])
    assert packed.values.tolist() == plain.values.tolist()
    assert packed.values.tolist() == [float(np.median(each)) for side in sides for each in side]
    assert packed.sizes.tolist() == [len(side) for side in sides]


@given(ROWS)
def test_a_lone_launch_is_opened_into_its_values_and_several_are_not(
    values: list[list[float]],
) -> None:
    read = opened(read_by(Clock.WALL, Given(Clock.WALL, values)))
    alone = len(values) == 1
    assert centres([read]).values.tolist() == (
        values[0] if alone else [float(np.median(each)) for each in values]
    )


def test_a_clock_that_read_nothing_has_launches_without_values() -> None:
    read = read_by(Clock.CPU, Given(Clock.WALL, [[1.0], [2.0]]))
    assert (list(read.values), list(read.sizes)) == ([], [0, 0])


def test_the_clocks_of_launches_are_those_that_read_all_of_the_first() -> None:
    wall, both = launches([[1.0]], Clock.WALL), {Clock.WALL: (1.0,), Clock.CPU: (1.0,)}
    two = Launch(number=2, stage=Stage.SCREEN, position=1, clocks=both)
    assert clocks_of((two, *wall), 1) == {Clock.WALL, Clock.CPU}
    assert clocks_of((two, *wall), 2) == {Clock.WALL}
    assert clocks_of(Given(Clock.VALUE, [[1.0]]), 4) == {Clock.VALUE}
