"""perf-regression: gates that believe a benchmark only as far as the evidence goes.

The names of the Python API are imported when they are first asked for, so that `perfci --version`
costs no more than starting Python.
"""

__all__ = [
    "CICDConfig",
    "CICDIntegration",
    "CICDResult",
    "Outcome",
    "PerfciError",
    "PerformanceBaseline",
    "PerformanceRegressionFramework",
    "PerformanceReport",
    "PerformanceReporter",
    "RegressionSeverity",
    "RegressionTestConfig",
    "RegressionTestResult",
    "RegressionTestType",
    "__version__",
    "print_framework_info",
    "validate_framework_installation",
]

__version__ = "0.1.0"

TYPE_CHECKING = False
"""As in `typing`, which is not imported for it."""

if TYPE_CHECKING:
    from perfci.errors import PerfciError
    from perfci.facade.ci.integration import CICDIntegration
    from perfci.facade.config import CICDConfig, RegressionTestConfig, RegressionTestType
    from perfci.facade.diagnostics import print_framework_info, validate_framework_installation
    from perfci.facade.framework import PerformanceRegressionFramework
    from perfci.facade.reporter.reporter import PerformanceReport, PerformanceReporter
    from perfci.facade.results import (
        CICDResult,
        PerformanceBaseline,
        RegressionSeverity,
        RegressionTestResult,
    )
    from perfci.model.comparison import Outcome

_HOMES = {
    "CICDConfig": "facade.config",
    "CICDIntegration": "facade.ci.integration",
    "CICDResult": "facade.results",
    "Outcome": "model.comparison",
    "PerfciError": "errors",
    "PerformanceBaseline": "facade.results",
    "PerformanceRegressionFramework": "facade.framework",
    "PerformanceReport": "facade.reporter.reporter",
    "PerformanceReporter": "facade.reporter.reporter",
    "RegressionSeverity": "facade.results",
    "RegressionTestConfig": "facade.config",
    "RegressionTestResult": "facade.results",
    "RegressionTestType": "facade.config",
    "print_framework_info": "facade.diagnostics",
    "validate_framework_installation": "facade.diagnostics",
}

if not TYPE_CHECKING:  # any name would do for a type checker

    def __getattr__(name: str) -> object:
        """Import a name of the Python API, the first time that it is asked for."""
        home = _HOMES.get(name)
        if home is None:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        from importlib import import_module

        found: object = getattr(import_module(f"perfci.{home}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """Return the public names, those that are not imported yet too."""
    return sorted({*globals(), *__all__})
