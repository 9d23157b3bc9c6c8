"""Launches packed, and lines parted by the megabyte, are what they would be one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.readers import text
from perfci.readers.reading import Single
from perfci.readers.source import Source

VALUES = st.lists(st.floats(allow_nan=False), max_size=6)


@given(VALUES, st.slices(6))
def test_launches_of_one_value_are_what_they_would_be_unpacked(
    values: list[float], part: slice
) -> None:
    packed, plain = Single(values), tuple((value,) for value in values)
    assert tuple(packed) == plain
    assert [packed[at] for at in range(len(packed))] == [*plain]
    assert packed[part] == plain[part]
    assert packed == plain
    assert packed == Single(values)
    assert hash(packed) == hash(plain)
    assert repr(Single([1.0])) == "Single([1.0])"


@pytest.mark.parametrize("before", [0, 1, 2, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
def test_lines_are_the_same_in_a_text_that_is_parted_piece_by_piece(before: int) -> None:
    written = "a" * before + "\n\nb\n" * 700_000 + "the end"
    found = [*text.lines(Source(name="x", data=written.encode()))]
    assert found == [*enumerate(written.split("\n"), start=1)]
