"""Sizes that are never told smaller than they are."""

import pytest

from perfci.model.metric import Better, Metric
from perfci.noise.wording import count, names, size
from tests.reports.builders import ERRORS, LATENCY


@pytest.mark.parametrize(
    ("change", "text"),
    [(0.0123, "1.3 %"), (0.07, "7 %"), (0.381, "39 %"), (1.234, "130 %"), (0.0, "0 %")],
)
def test_a_size_has_two_digits_and_is_rounded_up(change: float, text: str) -> None:
    assert size(LATENCY, change) == text


def test_absolute_sizes_are_points_or_have_their_unit() -> None:
    assert size(ERRORS, 0.0121) == "1.3 points"
    score = Metric(name="health", unit="score", better=Better.HIGHER, absolute=True)
    assert size(score, 2.5) == "2.50 score"
    assert size(LATENCY, float("inf")) == "?"


def test_names_beyond_the_third_are_counted() -> None:
    assert names(["a", "b", "c"]) == "a, b, c"
    assert names(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert (count(1, "gate"), count(1200, "gate")) == ("1 gate", "1,200 gates")
