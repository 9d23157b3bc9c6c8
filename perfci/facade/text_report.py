"""The results of a framework as text: the verdict first, then one paragraph a test, worst first."""

from collections.abc import Sequence

from perfci.facade.results import RegressionSeverity, RegressionTestResult
from perfci.model.comparison import Outcome
from perfci.reports.text import clean, wrapped

_WIDTH = 100
_ORDER = (
    Outcome.REGRESSED,
    Outcome.FAILED,
    Outcome.MISSING,
    Outcome.INCONCLUSIVE,
    Outcome.IMPROVED,
    Outcome.NEW,
    Outcome.UNCHANGED,
)


def text_report(results: Sequence[RegressionTestResult], warnings: Sequence[str]) -> str:
    """Draw a report.

    Args:
        results: of any tests.
        warnings: about all of them.

    Returns:
        Lines, each with its line break.
    """
    lines = [_headline(results), ""]
    for result in sorted(results, key=_rank):
        lines += _lines(result)
    every = (*warnings, *(text for result in results for text in result.warnings))
    for text in dict.fromkeys(every):
        lines += wrapped(clean(text, 400), _WIDTH, first="warning: ", rest="  ")
    return "".join(f"{line}\n" for line in lines)


def _headline(results: Sequence[RegressionTestResult]) -> str:
    if not results:
        return "Performance: nothing was tested yet"
    worse = [result for result in results if result.is_regression]
    bands = ", ".join(
        f"{count} {band}"
        for band in reversed(RegressionSeverity)
        if (count := sum(result.regression_severity is band for result in worse))
    )
    failed = sum(result.outcome is Outcome.FAILED for result in results)
    tests = f"{len(results)} test{'' if len(results) == 1 else 's'}"
    text = f"Performance: {len(worse) or 'no'} regression{'' if len(worse) == 1 else 's'}"
    text += f" in {tests}" + (f" ({bands})" if bands else "")
    return text + (f", {failed} could not be measured" if failed else "")


def _rank(result: RegressionTestResult) -> tuple[bool, int, float]:
    return (not result.is_regression, _ORDER.index(result.outcome), -abs(result.change_percentage))


def _lines(result: RegressionTestResult) -> list[str]:
    name = clean(f"{result.component}/{result.operation}:{result.test_type}")
    outcome = result.outcome.value
    if result.is_regression:
        outcome += f" ({result.regression_severity})"
    parts = [outcome, name]
    if result.baseline_value is not None and result.current_value is not None:
        parts.append(f"{result.change_percentage:+.1f} %")
        values = f"{result.baseline_value:.4g} -> {result.current_value:.4g} {result.unit}"
        parts.append(values.rstrip())
    elif result.current_value is not None:
        parts.append(f"{result.current_value:.4g} {result.unit}".rstrip())
    about = wrapped(clean(result.message, 1000), _WIDTH, first="    ", rest="    ")
    return ["  ".join(parts), *about, ""]
