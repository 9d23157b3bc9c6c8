"""An evaluation as the framework answers it: units, per cent, severity by whole per cent."""

from dataclasses import replace

import pytest

from perfci.facade.results import RegressionSeverity, RegressionTestResult
from perfci.facade.translation import result_of
from perfci.schema import result
from tests.reports.builders import ERRORS, LATENCY, MEMORY, THROUGHPUT, came, evaluation

BANDS = {
    "minor_threshold": "0.1",
    "moderate_threshold": "0.25",
    "major_threshold": "0.5",
    "critical_threshold": "1",
}


def told(outcome: str, change: float | None, **more: object) -> RegressionTestResult:
    found = evaluation(came("hub/ping", outcome, change, **more))  # type: ignore[arg-type]
    settings = {**BANDS, "outliers": "1", "sample_size": "9", "baseline_version": "1.0.0"}
    found = replace(found, settings=settings)
    answer = result_of(found)
    # what is kept as a file tells the same on another day
    assert result_of(result.load(result.dump(found), "test")) == answer
    return answer


@pytest.mark.parametrize(
    ("change", "band"),
    [
        (0.094, "none"),
        (0.096, "minor"),
        (0.244, "minor"),
        (0.246, "moderate"),
        (0.494, "moderate"),
        (0.4951, "major"),
        (0.994, "major"),
        (0.996, "critical"),
    ],
)
def test_severity_goes_by_whole_per_cent(change: float, band: str) -> None:
    answer = told("regressed", change)

    assert answer.regression_severity is RegressionSeverity(band)
    assert answer.is_regression is (band != "none")
    assert answer.change_percentage == pytest.approx(100 * change)


def test_a_metric_of_which_more_is_better_regresses_downwards() -> None:
    answer = told("regressed", -0.5, metric=THROUGHPUT, base=80.0)

    assert answer.regression_severity is RegressionSeverity.MAJOR
    assert (answer.change_percentage, answer.unit) == (-50.0, "1/s")
    assert (answer.baseline_value, answer.current_value) == (80.0, 40.0)


@pytest.mark.parametrize("outcome", ["improved", "unchanged", "inconclusive"])
def test_only_what_is_proven_is_a_regression(outcome: str) -> None:
    answer = told(outcome, 0.9)

    assert not answer.is_regression
    assert answer.regression_severity is RegressionSeverity.NONE


@pytest.mark.parametrize(
    ("metric", "base", "shown", "unit"),
    [(LATENCY, 0.0412, 41.2, "ms"), (MEMORY, 5.5e6, 5.5, "MB"), (ERRORS, 0.2, 20.0, "%")],
)
def test_values_are_told_in_the_unit_of_the_test_type(
    metric: object, base: float, shown: float, unit: str
) -> None:
    answer = told("unchanged", 0.0, metric=metric, base=base)

    assert (answer.baseline_value, answer.current_value, answer.unit) == (shown, shown, unit)


@pytest.mark.parametrize(
    ("base", "change", "per_cent"), [(0.2, 0.1, 50.0), (0.0, 0.05, 500.0), (0.005, 0.01, 100.0)]
)
def test_the_change_of_a_share_is_finite_where_it_was_nothing(
    base: float, change: float, per_cent: float
) -> None:
    answer = told("regressed", change, metric=ERRORS, base=base, interval=(0.0, change))

    assert answer.change_percentage == pytest.approx(per_cent)
    assert answer.confidence_interval == pytest.approx((0.0, per_cent))
    assert answer.is_regression


def test_what_has_no_baseline_has_no_change() -> None:
    answer = told("new", None, base=None)

    assert (answer.baseline_value, answer.change_percentage) == (None, 0.0)
    assert answer.confidence_interval is None
    assert (answer.outliers, answer.sample_size, answer.baseline_version) == (1, 9, "1.0.0")
    assert (answer.component, answer.operation) == ("hub", "ping")
