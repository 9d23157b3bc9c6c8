"""The Python API's reports: what the last days brought, as a page, as JSON and as pictures."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfci.errors import ConfigurationError
from perfci.facade.config import CICDConfig
from perfci.facade.results import RegressionTestResult

if TYPE_CHECKING:
    from perfci.facade.framework import PerformanceRegressionFramework

_LONGEST = 36_500
"""Days that can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceReport:
    """What the last days brought, and where it is written."""

    report_id: str
    """Unique, and sorted by time."""
    generated_at: datetime
    """Aware."""
    time_window_days: float
    total_tests: int
    """Results of that time, other processes' included."""
    regressions_detected: int
    """Those of them that are regressions."""
    critical_alerts: tuple[RegressionTestResult, ...]
    """The newest critical result of each test that had one."""
    improvements: tuple[RegressionTestResult, ...]
    """The newest proven improvement of each test that had one."""
    components: dict[str, dict[str, Any]]
    """Counts and results by component, as in the comprehensive suite's answer."""
    trends: dict[str, Any]
    """Change points, episodes and drifts of every series, and the commits behind them, in base
    units: what `perfci history --json` prints."""
    html_path: Path
    json_path: Path
    chart_paths: tuple[Path, ...]
    """PNG files."""
    warnings: tuple[str, ...] = ()


class PerformanceReporter:
    """Reports on what a framework has measured. It measures and decides nothing by itself.

    Args:
        framework: whose folder is read.
        output_dir: folder for the files; made by the first report.
        ci_config: what fails a pipeline; the defaults where nothing is given.

    Raises:
        ConfigurationError: an argument is of the wrong kind.
    """

    def __init__(
        self,
        framework: "PerformanceRegressionFramework",
        output_dir: str | PathLike[str] = "performance_reports",
        ci_config: CICDConfig | None = None,
    ) -> None:
        from perfci.facade.framework import PerformanceRegressionFramework

        if not isinstance(framework, PerformanceRegressionFramework):
            raise ConfigurationError(
                f"PerformanceReporter: framework is of type {type(framework).__name__}",
                hint="give the framework first, then the output folder",
            )
        try:
            self.output_dir = Path(output_dir)
        except TypeError:
            raise ConfigurationError(
                f"PerformanceReporter: output_dir is of type {type(output_dir).__name__}",
                hint="name a folder, e.g. /data/reports",
            ) from None
        self.framework = framework
        self.ci_config = ci_config or CICDConfig()

    async def generate_comprehensive_report(
        self, time_window_days: float = 30
    ) -> PerformanceReport:
        """Report on the last days: the tests, and the course of every series that is stored.

        Args:
            time_window_days: above 0.

        Returns:
            What is also written: `performance_report_ID.html`, `.json`, and pictures in
            `charts_ID/`. Where nothing was measured in that time, it says so.

        Raises:
            ConfigurationError: the time is no number of days.
            StoreError: the framework's folder cannot be read.
            PerfciError: a file could not be written.
        """
        from perfci.facade.reporter.making import make

        if not _number(time_window_days) or not 0 < time_window_days <= _LONGEST:
            raise ConfigurationError(
                f"time_window_days is {str(time_window_days)[:60]!r}",
                hint=f"give a number of days above 0, and at most {_LONGEST:,}",
            )
        days = float(time_window_days)
        return await asyncio.to_thread(make, self.framework, self.output_dir, days)

    def generate_ci_cd_report(self, test_results: Iterable[RegressionTestResult]) -> dict[str, Any]:
        """Judge tests together, as `CICDIntegration` does; nothing is measured or written.

        Args:
            test_results: the last of each test counts.

        Returns:
            `exit_code` (0, 1 or 2), `success`, `verdict`, `message`, the counts of
            `run_comprehensive_regression_suite`'s `summary`, `failures` (what fails the gate, each
            with its reason), `results`, `warnings` and `generated_at`. Without any result the
            code is 2: nothing was measured.

        Raises:
            ConfigurationError: something else than results was given.
            FormatError: the framework's folder does not hold them any more.
        """
        from perfci.facade.reporter.ci import ci_report

        return ci_report(list(test_results), self.ci_config, self.framework)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
