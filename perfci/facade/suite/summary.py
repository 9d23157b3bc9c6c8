"""The answer of the comprehensive suite: counts, results, and what was not measured."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from perfci.facade.results import RegressionSeverity, RegressionTestResult, Skipped
from perfci.model.comparison import Outcome

_PLAIN = {
    "improvements": Outcome.IMPROVED,
    "unchanged": Outcome.UNCHANGED,
    "inconclusive": Outcome.INCONCLUSIVE,
    "new": Outcome.NEW,
    "failed": Outcome.FAILED,
}


def summary(results: Sequence[RegressionTestResult], skipped: Iterable[Skipped]) -> dict[str, int]:
    """Count what came out.

    Every test is counted once among `regressions_detected`, `below_threshold` (proven worse, by
    less than `minor_threshold`) and the plain outcomes; `critical_regressions` are some of the
    first. What was skipped is no test.
    """
    outcomes = Counter(it.outcome for it in results)
    found = {
        "total_tests": len(results),
        "regressions_detected": sum(it.is_regression for it in results),
        "critical_regressions": sum(
            it.regression_severity is RegressionSeverity.CRITICAL for it in results
        ),
        "below_threshold": sum(
            it.outcome is Outcome.REGRESSED and not it.is_regression for it in results
        ),
    }
    found |= {name: outcomes[outcome] for name, outcome in _PLAIN.items()}
    return found | {"skipped": len(list(skipped))}


def by_component(
    results: Sequence[RegressionTestResult], skipped: Sequence[Skipped], names: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Return the counts and results of each component.

    Args:
        results: of all of them.
        skipped: of all of them.
        names: components in the order of the configuration; also those without a test.
    """
    found = {}
    for name in names:
        own = [it for it in results if it.component == name]
        left = [it for it in skipped if it.component == name]
        found[name] = {
            **summary(own, left),
            "results": own,
            "reasons": [it.reason for it in left],
        }
    return found


def told(skipped: Iterable[Skipped]) -> list[dict[str, str]]:
    """Return what was skipped as plain dictionaries: `{"component": ..., "reason": ...}`."""
    return [asdict(it) for it in skipped]
