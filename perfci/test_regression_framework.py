"""Does the framework work on this machine? Real measurements whose truth is known.

`python -m perfci test`, or `python -m unittest perfci.test_regression_framework`.
"""

import asyncio
import logging
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from contextlib import ExitStack, chdir
from pathlib import Path

from perfci.facade.ci.integration import CICDIntegration
from perfci.facade.config import CICDConfig, RegressionTestConfig, RegressionTestType
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.facade.results import CICDResult, RegressionTestResult
from perfci.model.comparison import Outcome

_COMPONENT, _OPERATION = "self_test", "work"
_TYPE = RegressionTestType.LATENCY
_SHORT, _LONG = 0.02, 0.06
"""Seconds; that the second takes three times as long shows on the busiest machine."""


class TestPerformanceRegressionFramework(unittest.TestCase):
    """A baseline is kept, a slowdown is found, the same again is none, and the gate says so."""

    def setUp(self) -> None:
        """Work in a folder of its own: settings and baselines of this place are none of it."""
        stack = ExitStack()
        self.addCleanup(stack.close)
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(chdir(self.folder))
        # the framework's warnings are no news here
        quiet = logging.NullHandler()
        logging.getLogger("perfci").addHandler(quiet)
        stack.callback(logging.getLogger("perfci").removeHandler, quiet)
        config = RegressionTestConfig(
            test_iterations=6,
            warm_up_iterations=1,
            cooldown_seconds=0,
            enabled_components=[_COMPONENT],
        )
        self.framework = PerformanceRegressionFramework(config, self.folder / "baselines")

    def test_a_baseline_is_kept_and_read_again(self) -> None:
        """What `create_baseline` measured is what the storage returns."""
        self._baseline()
        found = self.framework.baseline_storage.get_baseline(_COMPONENT, _OPERATION, _TYPE)
        if found is None:
            self.fail("no baseline is there, though it was created")
        self._insist(
            found.baseline_value >= 1000 * _SHORT,
            f"{_SHORT} s of work were measured as {found.baseline_value} ms",
        )

    def test_a_slowdown_is_found(self) -> None:
        """Three times as long is a critical regression."""
        self._baseline()
        found = self._run(_working(_LONG))
        self._insist(found.is_regression, f"three times as long, and: {found.message}")
        self._insist(found.change_percentage > 0, f"slower is {found.change_percentage} %")

    def test_the_same_again_is_no_regression(self) -> None:
        """What is not slower is not called so."""
        self._baseline()
        found = self._run(_working(_SHORT))
        self._insist(not found.is_regression, f"the same code, and: {found.message}")

    def test_without_a_baseline_nothing_is_judged(self) -> None:
        """The first measurement has nothing to be compared with."""
        found = self._run(_working(_SHORT))
        self._insist(found.outcome is Outcome.NEW, f"no baseline, and: {found.outcome}")

    def test_a_gate_passes_with_0_and_fails_with_1(self) -> None:
        """The exit codes are those that a pipeline goes by."""
        self._baseline()
        passed = self._gate(_working(_SHORT))
        self._insist(passed.exit_code == 0, f"the same code: {passed.message}")
        failed = self._gate(_working(_LONG))
        self._insist(failed.exit_code == 1, f"three times as long: {failed.message}")

    def test_a_gate_that_cannot_measure_ends_with_2(self) -> None:
        """A test that raises is neither passed nor failed."""
        found = self._gate(_broken)
        self._insist(found.exit_code == 2, f"the test raised: {found.message}")

    def _baseline(self) -> None:
        made = self.framework.create_baseline(_COMPONENT, _OPERATION, _TYPE, _working(_SHORT))
        self._insist(asyncio.run(made), "the baseline could not be created")

    def _run(self, work: Callable[[], None]) -> RegressionTestResult:
        test = self.framework.run_regression_test(_COMPONENT, _OPERATION, _TYPE, work)
        return asyncio.run(test)

    def _gate(self, work: Callable[[], None]) -> CICDResult:
        self.framework.register(_COMPONENT, _OPERATION, _TYPE, work)
        config = CICDConfig(enable_notifications=False, retry_failed_tests=False)
        gate = CICDIntegration(config, self.framework, self.folder / "output")
        return asyncio.run(gate.run_ci_cd_performance_tests())

    def _insist(self, fact: object, told: str) -> None:
        if not fact:
            self.fail(told)


def _working(seconds: float) -> Callable[[], None]:
    """Return what computes for so long, whatever else the machine does."""

    def work() -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    return work


def _broken() -> None:
    message = "on purpose"
    raise RuntimeError(message)


def run_all_tests(verbosity: int = 1) -> bool:
    """Run all checks, in seconds; say on standard error what they found.

    Args:
        verbosity: 0 for the outcome alone, 1 for a dot a check, 2 for their names.

    Returns:
        Whether all passed.
    """
    checks = unittest.defaultTestLoader.loadTestsFromTestCase(TestPerformanceRegressionFramework)
    return (
        unittest.TextTestRunner(stream=sys.stderr, verbosity=verbosity).run(checks).wasSuccessful()
    )


if __name__ == "__main__":
    unittest.main()
