"""What the framework answers: tests, baselines, suites."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from perfci.facade.config import RegressionTestType
from perfci.model.comparison import Outcome


class RegressionSeverity(StrEnum):
    """How bad a regression is, by its size; see RegressionTestConfig."""

    NONE = "none"
    MINOR = "minor"
    MODERATE = "moderate"
    MAJOR = "major"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceBaseline:
    """What a test is compared with. Values are in the test type's unit: see `unit`."""

    component: str
    operation: str
    test_type: RegressionTestType
    baseline_value: float
    """The median of its newest run."""
    unit: str
    """As shown: `ms`, `1/s`, `MB`, `%`, or nothing for a score."""
    confidence_interval: tuple[float, float]
    """Of that median."""
    sample_size: int
    """Values that were measured, outliers left out."""
    version: str
    """As `create_baseline` was told; of a baseline that the command wrote, its branch."""
    timestamp: datetime
    """Aware."""
    commit: str = ""
    run_id: str = ""
    """Of the run in the store: `perfci baseline show ID`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionTestResult:
    """What one test came to. Values are in the test type's unit: see `unit`."""

    test_id: str
    """Id of its run."""
    component: str
    operation: str
    test_type: RegressionTestType
    outcome: Outcome
    """`regressed` = proven worse; `new` = there is no baseline; `failed` = not measured."""
    is_regression: bool
    """Proven worse, by `minor_threshold` or more."""
    regression_severity: RegressionSeverity
    """`none` where it is no regression."""
    change_percentage: float
    """(current - baseline) / baseline x 100, signed as measured; 0.0 where there is no baseline."""
    baseline_value: float | None
    """None where there is no baseline."""
    current_value: float | None
    """None where it could not be measured."""
    unit: str
    confidence_interval: tuple[float, float] | None
    """Of the change, in per cent."""
    p_value: float | None
    """Chance that noise alone looks this much worse."""
    sample_size: int
    """Values behind the finding, outliers left out."""
    outliers: int
    """Values that were set aside."""
    message: str
    """The finding in a sentence: what was seen, how sure, what is missing."""
    timestamp: datetime
    """Aware."""
    duration_seconds: float
    """Of all measuring, warming up and confirming included."""
    baseline_version: str = ""
    """What it was compared with; empty where there is no baseline."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A component, or a part of one, that has nothing to measure here."""

    component: str
    reason: str
    """And what to set, so that it has."""


SuiteResults = dict[str, Any]
"""What `run_comprehensive_regression_suite` returns; see there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CICDResult:
    """What a pipeline's run came to."""

    exit_code: int
    """0, 1 or 2, as the command's."""
    message: str
    """The verdict in a sentence."""
    success: bool
    """Whether the exit code is 0."""
    results: Mapping[str, Any] = field(default_factory=dict)
    """Of the suite."""
    artifacts: tuple[str, ...] = ()
    """Paths of what was written."""
