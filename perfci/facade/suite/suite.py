"""The comprehensive suite: every enabled component, measured for real, test by test."""

from asyncio import AbstractEventLoop
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from perfci.errors import MeasurementError
from perfci.facade.background import in_background
from perfci.facade.config import RegressionTestConfig
from perfci.facade.line import Test
from perfci.facade.results import RegressionTestResult, SuiteResults
from perfci.facade.suite import line
from perfci.facade.suite.components.shared import Launches
from perfci.facade.suite.summary import by_component, summary, told
from perfci.facade.suite.tests import Chosen, SuiteTest, choose
from perfci.facade.translation import result_of
from perfci.model.evaluation import Evaluation
from perfci.model.run import Environment
from perfci.runners.live.stop import Stop
from perfci.wiring import process
from perfci.wiring.live import Home

if TYPE_CHECKING:
    from perfci.facade.framework import PerformanceRegressionFramework


async def run_suite(framework: "PerformanceRegressionFramework") -> SuiteResults:
    """Measure what is enabled and there, and compare it with its baselines.

    `system_monitor` is this machine. `ha_integration` is the Home Assistant that `HA_URL` and
    `HA_TOKEN` name, or an add-on's own by `SUPERVISOR_TOKEN`. `ai_providers` are the models that
    `OPENAI_MODEL` (with `OPENAI_BASE_URL`, `OPENAI_API_KEY`) and `OLLAMA_MODEL` (with
    `OLLAMA_HOST`) name. To any component belongs what was registered for it. A test that has no
    baseline yet is `new`, and becomes it; a server that does not answer is `failed`.

    Returns:
        `summary`: counts, see `suite_summary.summary`. `results`: every RegressionTestResult.
        `components`: by name, the counts, the results, and under `reasons` why something was
        skipped. `skipped`: `{"component", "reason"}` of what has nothing to measure here.
        `warnings`: texts. `started_at`: aware. `duration_seconds`.

    Raises:
        PerfciError: the framework's folder cannot be used, or another process measures and has
            done so for `test_timeout_seconds`. What was measured until then is kept.
    """
    clock = process.SystemClock()
    started_at, start = clock.now(), clock.ticks()
    suite = await _Suite.of(framework)
    results: list[RegressionTestResult] = []
    for test in suite.chosen.tests:
        result = result_of(await suite.compare(test))
        framework.test_results.append(result)
        results.append(result)
    skipped = suite.chosen.skipped
    return {
        "summary": summary(results, skipped),
        "results": results,
        "components": by_component(
            results, skipped, dict.fromkeys(framework.config.enabled_components)
        ),
        "skipped": told(skipped),
        "warnings": list(suite.chosen.warnings),
        "started_at": started_at,
        "duration_seconds": clock.ticks() - start,
    }


async def renew_baselines(
    framework: "PerformanceRegressionFramework", keys: Collection[str], version: str
) -> dict[str, str]:
    """Measure tests of the suite anew, and keep them as the baselines of a version.

    Args:
        framework: as for `run_suite`.
        keys: of their series: `ha_integration/cycle:ha_integration`.
        version: what the baselines are called.

    Returns:
        Why it could not be done, by key; empty texts where it was. What is no test of the suite
        here is left out.

    Raises:
        PerfciError: as `run_suite`.
    """
    suite = await _Suite.of(framework)
    found: dict[str, str] = {}
    for test in suite.chosen.tests:
        if test.key not in keys:
            continue
        try:
            await suite.renew(test, version)
        except MeasurementError as error:
            found[test.key] = error.line
        else:
            found[test.key] = ""
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suite:
    """One run of the suite, and the world that its tests have in common."""

    config: RegressionTestConfig
    """The framework's, at each test's share of its error level."""
    home: Home
    environment: Environment
    chosen: Chosen
    launches: Launches = field(default_factory=Launches)

    @classmethod
    async def of(cls, framework: "PerformanceRegressionFramework") -> "_Suite":
        """Find out where this is, and what there is to measure."""
        config, registered = framework.config, framework.registered

        def look(_loop: AbstractEventLoop, _stop: Stop) -> "_Suite":
            home = framework.home()
            chosen = choose(config, registered, home.project.environ)
            # so that all tests together raise no more false alarms than one may by itself
            share = (1 - config.confidence_level) / max(len(chosen.tests), 1)
            return cls(
                config=replace(config, confidence_level=1 - share),
                home=home,
                environment=home.environment(),
                chosen=chosen,
            )

        return await in_background(look)

    async def compare(self, test: SuiteTest) -> Evaluation:
        """Measure a test and judge it."""
        return await in_background(
            lambda loop, stop: line.compare(
                self._test(test, loop, stop), test.offered, self.launches, self.environment
            )
        )

    async def renew(self, test: SuiteTest, version: str) -> None:
        """Measure a test as a baseline."""
        await in_background(
            lambda loop, stop: line.renew(
                self._test(test, loop, stop),
                test.offered,
                self.launches,
                self.environment,
                version,
            )
        )

    def _test(self, test: SuiteTest, loop: AbstractEventLoop, stop: Stop) -> Test:
        return Test(
            home=self.home, benchmark=test.benchmark, config=self.config, loop=loop, stop=stop
        )
