"""What the framework is told: how to measure, what to call a regression, what fails a build."""

import math
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import pairwise

from perfci.errors import ConfigurationError


class RegressionTestType(StrEnum):
    """What is measured."""

    LATENCY = "latency"
    THROUGHPUT = "throughput"
    MEMORY_USAGE = "memory_usage"
    CPU_USAGE = "cpu_usage"
    ERROR_RATE = "error_rate"
    RESOURCE_UTILIZATION = "resource_utilization"
    AI_RESPONSE_TIME = "ai_response_time"
    HA_INTEGRATION = "ha_integration"
    SYSTEM_HEALTH = "system_health"


COMPONENTS = ("ai_providers", "system_monitor", "ha_integration", "zone_management")
"""Components of the comprehensive suite where nothing else is said."""


@dataclass(slots=True, kw_only=True)
class RegressionTestConfig:
    """How tests are measured and judged.

    Raises:
        ConfigurationError: a value is out of its range, or the thresholds are out of order.
    """

    test_iterations: int = 10
    """Calls that are measured, each a sample; as many again confirm a suspicion."""
    warm_up_iterations: int = 3
    """Calls before these that count for nothing."""
    test_timeout_seconds: float = 300
    """Seconds for one test, warming up and confirming included."""
    cooldown_seconds: float = 5
    """Seconds of rest before each measured call."""
    minor_threshold: float = 0.10
    """Worsening from which a proven one is a regression: 0.10 = 10 %."""
    moderate_threshold: float = 0.25
    """From here on it is moderate."""
    major_threshold: float = 0.50
    """From here on it is major."""
    critical_threshold: float = 1.00
    """From here on it is critical."""
    confidence_level: float = 0.95
    """Coverage of intervals, in (0.5, 1); 1 - this is the level of the test."""
    minimum_sample_size: int = 5
    """With fewer values nothing is judged: the outcome is `inconclusive`."""
    outlier_threshold: float = 2.0
    """Robust standard deviations from the median beyond which a value is set aside, and counted."""
    enabled_components: list[str] = field(default_factory=lambda: list(COMPONENTS))
    """What the comprehensive suite runs, in this order."""
    enabled_test_types: list[RegressionTestType] = field(
        default_factory=lambda: list(RegressionTestType)
    )
    """Of these, what is of another type is left out; names do as well: `latency`."""
    max_baseline_age_days: float = 90
    """An older baseline is compared with, and said to be old."""
    data_retention_days: float = 365
    """`cleanup_old_data` deletes what is older."""

    def __post_init__(self) -> None:
        """Check every value, so that a mistake is told where it is made."""
        self.enabled_test_types = [_test_type(it) for it in self.enabled_test_types]
        for name in ("test_iterations", "minimum_sample_size"):
            _whole(self, name, least=1)
        _whole(self, "warm_up_iterations", least=0)
        for name in ("test_timeout_seconds", "outlier_threshold", *_AGES):
            _number(self, name, above=0.0)
        _number(self, "cooldown_seconds", least=0.0)
        _number(self, "confidence_level", above=0.5, below=1.0)
        for name in _THRESHOLDS:
            _number(self, name, above=0.0)
        for low, high in pairwise(_THRESHOLDS):
            if getattr(self, high) < getattr(self, low):
                raise ConfigurationError(
                    f"RegressionTestConfig: {high} ({getattr(self, high):g}) is below {low} "
                    f"({getattr(self, low):g})",
                    hint="order them: minor <= moderate <= major <= critical",
                )


@dataclass(slots=True, kw_only=True)
class CICDConfig:
    """What fails a build, who is told, and what is kept.

    Raises:
        ConfigurationError: a value is out of its range.
    """

    enable_performance_gates: bool = True
    """False: everything is measured and told, and only what could not be measured ends in 2."""
    fail_on_critical_regression: bool = True
    """Whether a critical regression fails the build."""
    fail_on_major_regression: bool = False
    """Whether a major regression fails it, too."""
    max_acceptable_regressions: int = 3
    """More regressions than this fail, whatever their size."""
    auto_update_baselines: bool = False
    """Whether a test that got better by `baseline_update_threshold` becomes the baseline."""
    baseline_update_threshold: float = 0.05
    """How much better that is: 0.05 = 5 %."""
    require_manual_baseline_approval: bool = False
    """Whether that also needs `APPROVE_BASELINE_<COMPONENT>_<OPERATION>=true`."""
    enable_notifications: bool = True
    """Whether chats are told."""
    slack_webhook_url: str | None = field(default=None, repr=False)
    """Where Slack listens; a secret."""
    discord_webhook_url: str | None = field(default=None, repr=False)
    """Where Discord listens; a secret."""
    teams_webhook_url: str | None = field(default=None, repr=False)
    """Where Microsoft Teams listens; a secret."""
    upload_artifacts: bool = True
    """Whether `performance_artifacts_<time>/` is written for the CI system to upload."""
    artifact_retention_days: int = 30
    """Older folders of artifacts are deleted."""
    retry_failed_tests: bool = True
    """Whether a test that could not be measured is tried again."""
    max_test_retries: int = 2
    """How often at most."""
    parallel_test_execution: bool = False
    """Whether components are measured at the same time: quicker, and noisier."""
    test_timeout_minutes: float = 30
    """Minutes for the whole suite; what is not reached by then was not measured."""

    def __post_init__(self) -> None:
        """Check every value, so that a mistake is told where it is made."""
        for name in ("max_acceptable_regressions", "artifact_retention_days", "max_test_retries"):
            _whole(self, name, least=0)
        for item in fields(self):
            if item.type is bool and not isinstance(getattr(self, item.name), bool):
                _refuse(self, item.name, getattr(self, item.name), "True or False")
        _number(self, "baseline_update_threshold", least=0.0)
        _number(self, "test_timeout_minutes", above=0.0)


_THRESHOLDS = ("minor_threshold", "moderate_threshold", "major_threshold", "critical_threshold")
_AGES = ("max_baseline_age_days", "data_retention_days")
Config = RegressionTestConfig | CICDConfig


def _test_type(value: str) -> RegressionTestType:
    try:
        return RegressionTestType(value)
    except ValueError:
        names = ", ".join(RegressionTestType)
        raise ConfigurationError(
            f"enabled_test_types: {value!r} is no test type", hint=f"there are: {names}"
        ) from None


def _whole(config: Config, name: str, *, least: int) -> None:
    value = getattr(config, name)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        _refuse(config, name, value, f"a whole number of at least {least}")


def _number(
    config: Config,
    name: str,
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    below: float = math.inf,
) -> None:
    value = getattr(config, name)
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if not numeric or not (above < value < below and value >= least):
        bounds = {"above": above, "at least": least, "below": below}
        told = " and ".join(
            f"{word} {bound:g}" for word, bound in bounds.items() if math.isfinite(bound)
        )
        _refuse(config, name, value, f"a number {told}")


def _refuse(config: Config, name: str, value: object, wanted: str) -> None:
    raise ConfigurationError(f"{type(config).__name__}: {name} is {value!r}", hint=f"give {wanted}")
