"""The framework: baselines of callables, and tests against them."""

import logging
from datetime import timedelta
from os import PathLike

from perfci.errors import BusyError, MeasurementError
from perfci.facade import kept, line
from perfci.facade.background import in_background
from perfci.facade.config import RegressionTestConfig, RegressionTestType
from perfci.facade.folder import databases, insist_on_folder
from perfci.facade.listening import LOG
from perfci.facade.naming import (
    id_of,
    insist_on_callable,
    operation_of,
    test_type_of,
    version_named,
)
from perfci.facade.planning import live_benchmark
from perfci.facade.registered import Registered, TestFunc
from perfci.facade.results import RegressionTestResult, SuiteResults
from perfci.facade.storage import BaselineStorage
from perfci.facade.tidying import tidied
from perfci.facade.translation import result_of
from perfci.model.benchmark import Benchmark
from perfci.wiring import process
from perfci.wiring.live import Home, open_home


class PerformanceRegressionFramework:
    """Measures callables of this process, keeps baselines of them, and tells what got worse.

    Tests may run at the same time, in one event loop or in several, and several processes may use
    one folder. Only what a test function itself does is timed.

    Args:
        config: how tests are measured and judged.
        storage_path: folder of the baselines and of what every test came to; the command reads
            the same by `--store file:FOLDER`. It is made by the first write.

    Attributes:
        config: as given, or the defaults.
        storage_path: absolute.
        test_results: what the tests of this object came to, in the order in which they ended.
        baseline_storage: looks baselines up.
        warnings: what else was to be told, in the order in which it arose; also in the log.

    Raises:
        ConfigurationError: the folder cannot be written, or is none.
    """

    def __init__(
        self,
        config: RegressionTestConfig | None = None,
        storage_path: str | PathLike[str] = ".perfci",
    ) -> None:
        self.config = config or RegressionTestConfig()
        self.storage_path = insist_on_folder(storage_path)
        self.test_results: list[RegressionTestResult] = []
        self.warnings: list[str] = []
        self.baseline_storage = BaselineStorage(self.home, self.config)
        self._registered: dict[tuple[object, ...], Registered] = {}
        for path in databases(self.storage_path):
            self.warn(
                f"{path} is a database of another framework: perfci neither reads nor writes it; "
                "create the baselines again with create_baseline"
            )

    @property
    def registered(self) -> tuple[Registered, ...]:
        """Return what was registered for the comprehensive suite, in that order."""
        return tuple(self._registered.values())

    def register(
        self,
        component: str,
        operation: str,
        test_type: RegressionTestType | str,
        test_func: TestFunc,
    ) -> None:
        """Let the comprehensive suite run a test; one of the same name is replaced.

        Raises:
            ConfigurationError: as `create_baseline`.
        """
        kind = test_type_of(test_type)
        self._registered[id_of(component, operation), kind] = Registered(
            component=component,
            operation=operation,
            test_type=kind,
            test_func=insist_on_callable(test_func),
        )

    async def create_baseline(
        self,
        component: str,
        operation: str,
        test_type: RegressionTestType | str,
        test_func: TestFunc,
        version: str = "1.0.0",
    ) -> bool:
        """Measure a callable, and keep what it took as the baseline of a version.

        A new version replaces the one before as what tests are compared with; the same version
        again adds evidence to it.

        Args:
            component: `ai_providers`; a suite of the command.
            operation: `analyze_image`; a benchmark of the command.
            test_type: what is measured, or its name.
            test_func: sync or async, without arguments. Async functions run in the caller's event
                loop, all others in a thread. A number that it returns (no boolean) is its own
                measurement in the unit of the test type: ms, 1/s, MB, %, or a score of 0 to 100.
                Else the call is measured.
            version: what the baseline is called.

        Returns:
            False where it could not be measured; `warnings` says why.

        Raises:
            ConfigurationError: there is no such test type, a name is empty, or `test_func` cannot
                be called.
            StoreError: the folder cannot be read or written.
        """
        benchmark = self._benchmark(component, operation, test_type, test_func)
        return await self.record(benchmark, version_named(version))

    async def run_regression_test(
        self,
        component: str,
        operation: str,
        test_type: RegressionTestType | str,
        test_func: TestFunc,
    ) -> RegressionTestResult:
        """Measure a callable, and compare it with its baseline.

        Where it looks worse it is measured once more, as often, and only the second set counts.

        Args:
            component: as in `create_baseline`.
            operation: as there.
            test_type: as there.
            test_func: as there.

        Returns:
            What it came to; also in `test_results`, and kept for `get_test_history`. A callable
            that could not be measured is `failed`, one without a baseline is `new`.

        Raises:
            ConfigurationError: as `create_baseline`.
            StoreError: the folder cannot be read or written.
            BusyError: another process measures, and has done so for `test_timeout_seconds`.
        """
        return await self.test(self._benchmark(component, operation, test_type, test_func))

    async def run_comprehensive_regression_suite(self) -> SuiteResults:
        """Run every enabled component: what perfci measures itself, and what was registered.

        A test that has no baseline yet is `new`, and becomes it; a component with nothing to
        measure is skipped, with the reason and what to set.

        Returns:
            `summary`: counts: `total_tests`, `regressions_detected`, `critical_regressions`,
            `below_threshold`, `improvements`, `unchanged`, `inconclusive`, `new`, `failed`,
            `skipped`. `results`: every RegressionTestResult. `components`: by name, the counts,
            the results, and under `reasons` why something was skipped. `skipped`:
            `{"component", "reason"}` each. `warnings`: texts. `started_at`: aware.
            `duration_seconds`.

        Raises:
            StoreError: the folder cannot be read or written.
            BusyError: another process measures, and has done so for `test_timeout_seconds`.
        """
        from perfci.facade.suite.suite import run_suite

        return await run_suite(self)

    def get_test_history(
        self, component: str, operation: str, days: float = 30
    ) -> list[RegressionTestResult]:
        """Return what the tests of an operation came to, in other processes too; oldest first.

        Raises:
            ConfigurationError: a name is empty.
            StoreError: the folder cannot be read.
        """
        wanted = id_of(component, operation)
        return [
            each
            for each in self.kept_since(days)
            if (each.component, each.operation) == (wanted.suite, operation_of(wanted))
        ]

    def kept_since(self, days: float) -> list[RegressionTestResult]:
        """Return what all tests of the last days came to, oldest first.

        Raises:
            StoreError: the folder cannot be read.
        """
        since = process.SystemClock().now() - timedelta(days=days)
        found = []
        for each in kept.kept_since(self.home().store, since):
            if isinstance(each, str):
                self.warn(each)
            else:
                found.append(result_of(each))
        # ids tell the second, and several tests may fall into one
        return sorted(found, key=lambda each: each.timestamp)

    def cleanup_old_data(self) -> dict[str, int]:
        """Delete what is older than `data_retention_days`, but no run that a test may need.

        Returns:
            How many were deleted: `results`, `baselines` and `acceptances`.

        Raises:
            StoreError: something cannot be deleted.
        """
        moment = process.SystemClock().now() - timedelta(days=self.config.data_retention_days)
        counts, warnings = tidied(self.home(), moment)
        for text in warnings:
            self.warn(text)
        return counts

    def generate_regression_report(self) -> str:
        """Return a report of `test_results` as text, worst first."""
        from perfci.facade.text_report import text_report

        return text_report(self.test_results, self.warnings)

    async def test(self, benchmark: Benchmark) -> RegressionTestResult:
        """Measure any benchmark of one metric, compare it with its baseline, and keep the result.

        Raises:
            PerfciError: as `run_regression_test`.
        """
        evaluation = await in_background(
            lambda loop, stop: line.compare(
                line.Test(
                    home=self.home(), benchmark=benchmark, config=self.config, loop=loop, stop=stop
                )
            )
        )
        result = result_of(evaluation)
        self.test_results.append(result)
        return result

    async def record(self, benchmark: Benchmark, version: str) -> bool:
        """Measure any benchmark of one metric, and keep it as a baseline; False where that fails.

        Raises:
            PerfciError: as `create_baseline`.
        """
        try:
            told = await in_background(
                lambda loop, stop: line.create(
                    line.Test(
                        home=self.home(),
                        benchmark=benchmark,
                        config=self.config,
                        loop=loop,
                        stop=stop,
                    ),
                    version,
                )
            )
        except (MeasurementError, BusyError) as error:
            self.warn(f"no baseline of {benchmark.id} {version}: {error.line}")
            return False
        for text in told:
            self._note(f"baseline {version} of {benchmark.id}: {text}", logging.INFO)
        return True

    def home(self) -> Home:
        """Find out where this is: the project, its branch, its commit.

        Raises:
            ConfigurationError: the settings that are found here contradict themselves.
        """
        return open_home(self.storage_path)

    def warn(self, text: str) -> None:
        """Keep a warning, and write it to the log."""
        self._note(text, logging.WARNING)

    def _note(self, text: str, level: int) -> None:
        if text not in self.warnings:
            self.warnings.append(text)
            LOG.log(level, "%s", text)

    def _benchmark(
        self, component: object, operation: object, test_type: object, test_func: object
    ) -> Benchmark:
        kind = test_type_of(test_type)
        call = insist_on_callable(test_func)
        return live_benchmark(id_of(component, operation), kind, call, self.config)
