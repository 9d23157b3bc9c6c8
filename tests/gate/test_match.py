"""Globs over series keys (contract, small print)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.gate.match import covers, matches, may_begin

KEY = "codec/parse[size=16MB]:latency"


@pytest.mark.parametrize(
    "glob",
    [
        "*",
        "codec/*",
        "codec/parse",
        "codec/parse*",
        "codec/parse:latency",
        "*:latency",
        "codec/parse[size=16MB]",
        "codec/parse[size=16MB]:latency",
        "codec/parse[*]:lat*",
        "c*e",
        "*/pars?",
    ],
)
def test_glob_means_the_series(glob: str) -> None:
    assert matches(glob, KEY)


@pytest.mark.parametrize(
    "glob",
    [
        "",
        "parse",
        "codec",
        "codec/parse:memory_usage",
        "codec/parse[size=1MB]",
        "codec/pars[e]",
        "*:lat",
        "codec.parse",
    ],
)
def test_glob_does_not_mean_the_series(glob: str) -> None:
    assert not matches(glob, KEY)


OWN = "unit/tests/a.py::Group::test_x[case=a:b]:latency"


@pytest.mark.parametrize(
    "glob",
    [
        "unit/tests/a.py::Group::test_x",
        "unit/tests/a.py::Group::test_x:latency",
        "unit/tests/a.py::Group::test_x[case=a:b]",
        "unit/tests/a.py::Group::test_x[case=a:b]:latency",
        "unit/tests/a.py::Group::*",
        "unit/tests/a.py::*",
        "*::test_x",
        "*::test_?:latency",
    ],
)
def test_a_name_may_have_colons_of_its_own(glob: str) -> None:
    assert matches(glob, OWN)


@pytest.mark.parametrize(
    ("glob", "key"),
    [
        ("*:latency", "unit/net::latency:size"),
        ("unit/*:size", "unit/net::size:latency"),
        ("unit/tests/a.py::Group", OWN),
        ("unit/tests/a.py", OWN),
        ("unit/tests/a.py::Group::test_x:size", OWN),
    ],
)
def test_a_metric_is_never_taken_for_the_end_of_a_name(glob: str, key: str) -> None:
    assert not matches(glob, key)


@given(st.text("ab*?:/[", max_size=8), st.text("ab:/", max_size=8))
def test_what_a_name_can_begin_with_a_glob_that_means_it_may_begin_with(
    glob: str, name: str
) -> None:
    if matches(glob, f"s/x{name}:latency"):
        assert may_begin(glob, "s/")


@pytest.mark.parametrize("glob", ["t/*", "s", "", "*t", "S/*"])
def test_a_glob_that_cannot_begin_with_a_suite_is_told(glob: str) -> None:
    assert may_begin(glob, "s/") is (glob == "*t")


@given(st.text(max_size=40))
def test_any_text_is_a_glob(glob: str) -> None:
    assert matches(glob, KEY) in {True, False}


def test_a_hostile_glob_costs_no_more_than_the_lengths() -> None:
    # tried against one another, forty stars over two hundred letters would never end
    assert not matches("*a" * 40 + "*b", f"s/{'a' * 200}:latency")
    assert matches("*a" * 40 + "*", f"s/{'a' * 200}:latency")


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_globs_mean_what_regular_expressions_would(glob: str, name: str) -> None:
    pattern = "".join({"*": ".*", "?": "."}.get(char, char) for char in glob)
    meant = re.fullmatch(f"s/x{pattern}", f"s/x{name}") is not None
    assert matches(f"s/x{glob}", f"s/x{name}:latency") == meant


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*", "codec/*"),
        ("*", "*:latency"),
        ("codec/*", "codec/parse"),
        ("codec/*", "codec/parse:latency"),
        ("codec/parse", "codec/parse:latency"),
        ("codec/parse", "codec/parse[size=1]"),
        ("codec/parse:latency", "codec/parse[size=1]:latency"),
        ("*:latency", "codec/*:latency"),
        ("codec/p?rse", "codec/p?rse"),
    ],
)
def test_one_glob_covers_another_and_not_the_other_way_round(wide: str, narrow: str) -> None:
    assert covers(wide, narrow)
    assert covers(narrow, wide) is (wide == narrow)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("codec/*", "*:latency"),
        ("codec/parse[size=1]", "codec/parse[size=2]"),
        ("codec/parse", "codec/encode"),
        ("codec/?", "codec/*"),
    ],
)
def test_globs_of_which_neither_covers_the_other(one: str, other: str) -> None:
    assert not covers(one, other)
    assert one == "codec/?" or not covers(other, one)


pieces = st.lists(st.sampled_from(["*", "?", "a", "/", ":", "[n=1]"]), max_size=6).map("".join)
keys = st.builds(
    "a/{}{}:{}".format, st.sampled_from("ab"), st.sampled_from(["", "[n=1]"]), st.sampled_from("ab")
)


@given(pieces, pieces, keys)
@settings(max_examples=300)
def test_what_a_covered_glob_means_the_wider_means_too(wide: str, narrow: str, key: str) -> None:
    if covers(wide, narrow) and matches(narrow, key):
        assert matches(wide, key)
