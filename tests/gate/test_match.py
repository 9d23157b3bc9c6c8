"""Globs over series keys (contract, small print)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.gate.match import matches

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
