"""Whether the same work was done: what launches put out, side by side and one after the other."""

from dataclasses import replace

import pytest

from perfci.errors import MeasurementError
from perfci.measure.checksums import Checksums, looked_at_again
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from tests.runners.stage import bench, function, shell

COMMAND = replace(bench(shell("x")), id=BenchmarkId(suite="codec", name="parse-big"))
CALLABLE = bench(function("b.py:f"))
ONE, TWO, THREE = (digit * 64 for digit in "123")


def sides(base: str, head: str) -> dict[Side, frozenset[str]]:
    return {Side.BASE: frozenset(base.split()), Side.HEAD: frozenset(head.split())}


def refused(
    *launches: dict[Side, frozenset[str]], benchmark: Benchmark = COMMAND
) -> MeasurementError:
    *good, last = launches
    checksums = Checksums()
    for found in good:
        checksums.check(benchmark, found)
    with pytest.raises(MeasurementError) as caught:
        checksums.check(benchmark, last)
    return caught.value


def test_equal_work_passes_launch_after_launch_and_so_does_work_without_a_checksum() -> None:
    checksums = Checksums()
    for _ in range(3):
        checksums.check(COMMAND, sides(ONE, ONE))
        checksums.check(CALLABLE, sides(TWO, TWO))
        checksums.check(replace(COMMAND, id=BenchmarkId(suite="s", name="n")), {})


def test_different_work_on_the_two_sides_is_told_with_both_checksums_and_a_way_out() -> None:
    error = refused(sides("3f2a9c" + ONE, "81b0de" + ONE))

    assert error.message == (
        "codec/parse-big did different work on the two sides: the checksum of its output is"
        " 3f2a9c... on base and 81b0de... on head"
    )
    assert "take `checksum` out in this change" in error.hint
    assert '`checksum: "digest:"`' in error.hint
    assert error.side == "head"


def test_checksums_that_begin_alike_are_told_in_full() -> None:
    assert (
        f"{ONE}... on base and 111111{TWO}... on head"
        in refused(sides(ONE, "111111" + TWO)).message
    )


def test_of_a_callable_it_is_what_it_returns() -> None:
    error = refused(sides(ONE, TWO), benchmark=CALLABLE)

    assert "the checksum of what it returns is 111111..." in error.message
    assert "return only what must stay the same" in error.hint


@pytest.mark.parametrize(
    ("launches", "side"),
    [
        ([sides(ONE, ONE), sides(ONE, TWO)], "head"),
        ([sides(ONE, ONE), sides(TWO, TWO)], "base"),
        ([sides(ONE, f"{ONE} {TWO}")], "head"),
        ([sides(f"{ONE} {TWO}", f"{ONE} {TWO}")], "base"),
    ],
)
def test_output_that_changes_by_itself_is_told_as_that(
    launches: list[dict[Side, frozenset[str]]], side: str
) -> None:
    error = refused(*launches)

    assert error.message == (
        f"codec/parse-big: its output differs from launch to launch on {side}: its checksum cannot"
        " tell whether the work is the same"
    )
    assert "times, random numbers, the order of a set" in error.hint
    assert error.side == side


def test_alone_the_launches_are_compared_with_each_other() -> None:
    one, two = ({Side.HEAD: frozenset({each})} for each in (ONE, TWO))

    error = refused(one, one, two)

    assert "differs from launch to launch: its checksum" in error.message


def test_sides_that_differ_are_looked_at_once_more_and_equal_ones_are_not() -> None:
    asked: list[Side] = []

    def again(side: Side) -> str:
        asked.append(side)
        return {Side.BASE: ONE, Side.HEAD: THREE}[side]

    assert looked_at_again(sides(ONE, ONE), again) == sides(ONE, ONE)
    assert asked == []
    assert looked_at_again(sides(ONE, TWO), again) == sides(ONE, f"{TWO} {THREE}")
    assert asked == [Side.BASE, Side.HEAD]
