"""An evaluation of one test, as the framework answers it."""

from collections.abc import Mapping

from perfci.facade.config import RegressionTestType
from perfci.facade.judging import OUTLIERS, SAMPLE, VERSION
from perfci.facade.naming import operation_of
from perfci.facade.results import RegressionSeverity, RegressionTestResult
from perfci.facade.units import change_of, interval_of, shown, unit_of
from perfci.model.comparison import Estimate, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.metric import Metric
from perfci.units import whole_percent

_BANDS = (
    RegressionSeverity.MINOR,
    RegressionSeverity.MODERATE,
    RegressionSeverity.MAJOR,
    RegressionSeverity.CRITICAL,
)


def result_of(evaluation: Evaluation) -> RegressionTestResult:
    """Return what a test came to; of a result that was kept, the same as on its day.

    Raises:
        ValueError: it is not the evaluation of one test.
    """
    (finding,) = evaluation.verdict.findings
    item, recording, told = finding.comparison, evaluation.recording, evaluation.settings
    change = change_of(item)
    severity = RegressionSeverity.NONE
    if item.outcome is Outcome.REGRESSED:
        severity = _severity(change * item.metric.sign, told)
    return RegressionTestResult(
        test_id=recording.run.id,
        component=item.id.suite,
        operation=operation_of(item.id),
        test_type=RegressionTestType(item.metric.name),
        outcome=item.outcome,
        is_regression=severity is not RegressionSeverity.NONE,
        regression_severity=severity,
        change_percentage=change,
        baseline_value=_value(item.base, item.metric),
        current_value=_value(item.head, item.metric),
        unit=unit_of(item.metric).name,
        confidence_interval=interval_of(item),
        p_value=item.p_value,
        sample_size=int(told.get(SAMPLE, "0")),
        outliers=int(told.get(OUTLIERS, "0")),
        message=finding.reason,
        timestamp=recording.run.started_at,
        duration_seconds=recording.elapsed,
        baseline_version=told.get(VERSION, ""),
        warnings=evaluation.warnings,
    )


def _severity(worsening: float, told: Mapping[str, str]) -> RegressionSeverity:
    """Return the band of a worsening in per cent, by the thresholds of its day."""
    rounded = whole_percent(worsening / 100)
    reached = [
        band for band in _BANDS if rounded >= float(told.get(f"{band}_threshold", "inf")) - 1e-12
    ]
    return reached[-1] if reached else RegressionSeverity.NONE


def _value(estimate: Estimate | None, metric: Metric) -> float | None:
    return None if estimate is None else shown(estimate.point, metric)
