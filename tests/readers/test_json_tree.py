"""Values of a hostile document: where they stand, and numbers, many at once."""

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


@pytest.mark.parametrize("text", ["1_5", "٣", "0x10", "1,5", ""])
def test_a_text_that_only_a_language_would_take_is_no_number(text: str) -> None:
    assert Node("-1.5e+3", "x.json").number() == -1500
    with pytest.raises(FormatError, match=r"its root is the text .*, not a number"):
        Node(text, "x.json").number()


def test_a_value_tells_its_file_and_its_place_however_it_was_come_by() -> None:
    root = Node({"a": [{"b": {"": None}}, 7]}, "x.json")
    first = root.get("a").at(0)
    (_, inside), *_ = first.items()
    assert [it.place for it in root.need("a")] == ["a[0]", "a[1]"]
    assert (root.place, first.place, inside.place) == ("", "a[0]", "a[0].b")
    assert first.need("b").get("").place == "a[0].b."
    assert inside.get("c").get("d").place == "a[0].b.c.d"
    assert {it.source for it in (root, first, inside)} == {"x.json"}
    assert Node([[]], "y.json", "rows[2]").at(0).place == "rows[2][0]"


def test_a_place_may_be_as_deep_as_a_document() -> None:
    node = Node(None, "x.json")
    for _ in range(5_000):
        node = node.get("a")
    assert node.place == ".".join("a" * 5_000)


@pytest.mark.parametrize("given", [[[1.0, 2.5], [3.0]], [[1, 2.5], [3]], [["1", 2.5], ["3"]]])
def test_lists_of_numbers_are_read_as_each_alone(given: list[list[object]]) -> None:
    found = Node(given, "x.json", "forks").lists()
    assert [tuple(each) for each in found] == [(1.0, 2.5), (3.0,)]
    assert {type(value) for each in found for value in each} == {float}


def test_null_among_lists_of_numbers_has_none() -> None:
    assert [tuple(each) for each in Node([[1.0], None], "x.json").lists()] == [(1.0,), ()]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([[1.0], [2.0, True]], r"forks\[1\]\[1\] is true, not a number"),
        ([[1.0], {"2.0": 1.0}], r"forks\[1\] is an object, not a list of numbers"),
        ([[1.0], "2.0"], r"forks\[1\] is the text '2.0', not a list of numbers"),
        ({"0": [1.0]}, "forks is an object, not a list"),
    ],
)
def test_what_is_no_list_of_numbers_is_refused_with_its_place(given: object, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        Node(given, "x.json", "forks").lists()
