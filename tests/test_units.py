"""Quantities at the door."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.units import (
    duration,
    limit,
    parse_duration,
    parse_percent,
    parse_quantity,
    percent,
    scale_for,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("300s", 300), ("10m", 600), ("2ms", 0.002), ("1h", 3600), (" 1.5 s ", 1.5), ("3us", 3e-6)],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "10", "s", "10 parsecs", "1e999s", "nan s", "5%", "1s 2s"])
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"10s or 5m|out of range"):
        parse_duration(text)


def test_percent_and_quantities() -> None:
    assert parse_percent("5%") == pytest.approx(0.05)
    assert parse_quantity("512MB") == (512e6, "B")
    assert parse_quantity("2ms") == (0.002, "s")
    assert parse_quantity("3%") == (0.03, "ratio")
    assert parse_quantity("512") == (512.0, "count")
    with pytest.raises(ValueError, match="write it like"):
        parse_quantity("512 parsecs")


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("s", 0.0412, "41.2 ms"),
        ("s", 0.009996, "10.0 ms"),
        ("s", 0.9996, "1.00 s"),
        ("s", 90.0, "90.0 s"),
        ("s", 2.5e-8, "25.0 ns"),
        ("B", 512e6, "512 MB"),
        ("B", 0, "0 B"),
        ("ratio", 0.034, "3.40 %"),
        ("1/s", 12345, "12.3 k/s"),
        ("furlong", 12.345, "12.3 furlong"),
    ],
)
def test_values_show_three_significant_digits(unit: str, value: float, text: str) -> None:
    assert scale_for(unit, value).text(value) == text


def test_one_scale_serves_a_whole_column() -> None:
    scale = scale_for("s", 0.0412, 0.0663)
    assert (scale.number(0.0412), scale.text(0.0663)) == ("41.2", "66.3 ms")


@given(st.floats(min_value=1e-12, max_value=1e12))
def test_a_shown_value_is_the_value_to_three_digits(value: float) -> None:
    scale = scale_for("s", value)
    shown = float(scale.number(value)) * scale.factor
    assert math.isclose(shown, value, rel_tol=0.006) or value < 1e-10


def test_percent_and_spans_for_people() -> None:
    assert percent(0.612) == "+61.2 %"
    assert percent(-0.0025) == "-0.25 %"
    assert percent(12.3, signed=False) == "1230 %"
    assert percent(math.nan) == "?"
    assert limit(0.05) == "5 %"
    assert limit(0.005) == "0.5 %"
    assert [duration(s) for s in (4.2, 192, 3900)] == ["4.2 s", "3 min 12 s", "1 h 5 min"]
