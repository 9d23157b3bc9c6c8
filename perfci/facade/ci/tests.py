"""A pipeline's tests: the comprehensive suite, component by component, within its time."""

import asyncio
import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from perfci.facade.background import in_background
from perfci.facade.config import CICDConfig
from perfci.facade.naming import key_of
from perfci.facade.results import RegressionTestResult, Skipped, SuiteResults
from perfci.facade.suite.suite import run_suite
from perfci.facade.suite.summary import by_component, summary, told
from perfci.facade.suite.tests import choose
from perfci.model.comparison import Outcome
from perfci.wiring import process

if TYPE_CHECKING:
    from perfci.facade.framework import PerformanceRegressionFramework


@dataclass(slots=True, kw_only=True)
class Ran:
    """What a pipeline's tests came to."""

    expected: tuple[str, ...]
    """Keys of all that was to be measured."""
    skipped: tuple[Skipped, ...]
    """Components, or parts of them, that have nothing to measure here, with the reason."""
    warnings: tuple[str, ...]
    results: dict[str, RegressionTestResult] = field(default_factory=dict)
    """The last of each test, by its key."""
    late: bool = False
    """Whether the time was over before all was done."""


def suite_of(ran: Ran, *, started_at: datetime, elapsed: float) -> SuiteResults:
    """Return what `run_comprehensive_regression_suite` would, with the last try of each test."""
    results = list(ran.results.values())
    names = dict.fromkeys(
        [*(it.component for it in results), *(it.component for it in ran.skipped)]
    )
    return {
        "summary": summary(results, ran.skipped),
        "results": results,
        "components": by_component(results, ran.skipped, names),
        "skipped": told(ran.skipped),
        "warnings": list(ran.warnings),
        "started_at": started_at,
        "duration_seconds": elapsed,
    }


async def run_tests(framework: "PerformanceRegressionFramework", ci: CICDConfig) -> Ran:
    """Run the suite; what could not be measured is tried again as often as the settings say.

    Args:
        framework: with what it measures by itself and what was registered.
        ci: how often, for how long, and whether components are measured at the same time.
    """
    ran = await in_background(lambda _loop, _stop: _planned(framework))
    before = len(framework.test_results)
    components = list(dict.fromkeys(framework.config.enabled_components))
    bound = asyncio.timeout(60 * ci.test_timeout_minutes)
    try:
        async with bound:
            if ci.parallel_test_execution:
                async with asyncio.TaskGroup() as group:
                    for name in components:
                        group.create_task(_component(framework, ci, name, ran))
            else:
                for name in components:
                    await _component(framework, ci, name, ran)
    except TimeoutError:
        if not bound.expired():
            raise
        ran.late = True
        for result in framework.test_results[before:]:
            ran.results[key_of(result)] = result
    return ran


def _planned(framework: "PerformanceRegressionFramework") -> Ran:
    chosen = choose(framework.config, framework.registered, process.environ())
    keys = (it.benchmark.id.series(it.benchmark.metrics[0].name) for it in chosen.tests)
    return Ran(expected=tuple(keys), skipped=chosen.skipped, warnings=chosen.warnings)


async def _component(
    framework: "PerformanceRegressionFramework",
    ci: CICDConfig,
    name: str,
    ran: Ran,
) -> None:
    tries = 1 + (ci.max_test_retries if ci.retry_failed_tests else 0)
    wanted: set[str] | None = None
    for number in range(tries):
        found = await run_suite(_narrowed(framework, name, ran if number else None))
        results = _results(found, wanted)
        ran.results |= {key_of(result): result for result in results}
        wanted = {key_of(it) for it in results if it.outcome is Outcome.FAILED}
        if not wanted:
            break


def _results(found: SuiteResults, wanted: set[str] | None) -> Sequence[RegressionTestResult]:
    every: Sequence[RegressionTestResult] = found["results"]
    return [it for it in every if wanted is None or key_of(it) in wanted]


def _narrowed(
    framework: "PerformanceRegressionFramework", component: str, ran: Ran | None
) -> "PerformanceRegressionFramework":
    """Return the same framework for one component; on a retry, for the types that failed."""
    types = framework.config.enabled_test_types
    if ran:
        failed = {
            it.test_type
            for it in ran.results.values()
            if it.component == component and it.outcome is Outcome.FAILED
        }
        types = [it for it in types if it in failed]
    view = copy.copy(framework)
    view.config = replace(
        framework.config, enabled_components=[component], enabled_test_types=types
    )
    return view
