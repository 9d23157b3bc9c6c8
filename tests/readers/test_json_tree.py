"""Numbers of a hostile document, many at once."""

import math

import pytest

from perfci.errors import FormatError
from perfci.readers.json_tree import Node


def test_whole_numbers_among_others_become_floats() -> None:
    found = Node([1, 2.5, -3], "x.json", "times").numbers()
    assert found == (1.0, 2.5, -3.0)
    assert set(map(type, found)) == {float}


def test_null_among_them_is_nan() -> None:
    assert math.isnan(Node([1, None], "x.json", "times").numbers()[1])


@pytest.mark.parametrize("number", [10**400, -(10**400)])
def test_one_that_no_float_can_be_is_refused_with_its_place(number: int) -> None:
    with pytest.raises(FormatError, match=r"x\.json: times\[1\] is"):
        Node([1, number], "x.json", "times").numbers()
