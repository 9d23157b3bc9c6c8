"""Launches packed, and lines parted by the megabyte, are what they would be one by one."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.readers import text
from perfci.readers.reading import Packed
from perfci.readers.source import Source

VALUES = st.lists(st.floats(allow_nan=False), max_size=6)


@given(st.lists(VALUES, max_size=6), st.slices(6))
def test_launches_are_what_they_would_be_unpacked(launches: list[list[float]], part: slice) -> None:
    packed = Packed(chain.from_iterable(launches), map(len, launches))
    assert_is(packed, tuple(map(tuple, launches)), part)


@given(VALUES, st.slices(6))
def test_launches_of_one_value_need_no_sizes(values: list[float], part: slice) -> None:
    assert_is(Packed(values), tuple((value,) for value in values), part)
    assert Packed(values) == Packed(values, [1] * len(values))
    assert repr(Packed([1.0, 2.0], [2])) == "Packed([1.0, 2.0], [2])"


def assert_is(packed: Packed, plain: tuple[tuple[float, ...], ...], part: slice) -> None:
    assert tuple(packed) == plain
    assert len(packed) == len(plain)
    assert [packed[at] for at in range(len(packed))] == [*plain]
    assert packed[part] == plain[part]
    assert packed == plain
    assert hash(packed) == hash(plain)


@pytest.mark.parametrize("before", [0, 1, 2, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
def test_lines_are_the_same_in_a_text_that_is_parted_piece_by_piece(before: int) -> None:
    written = "a" * before + "\n\nb\n" * 700_000 + "the end"
    found = [*text.lines(Source(name="x", data=written.encode()))]
    assert found == [*enumerate(written.split("\n"), start=1)]
