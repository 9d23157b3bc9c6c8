"""The gate's rules as values: which limit applies to which series, and how strictly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from perfci.gate.accept import Acceptance
from perfci.model.verdict import Severity


class Level(StrEnum):
    """What a broken rule does."""

    OFF = "off"
    WARN = "warn"
    ERROR = "error"


class OnInconclusive(StrEnum):
    """What "cannot tell" does to the verdict."""

    IGNORE = "ignore"
    WARN = "warn"
    FAIL = "fail"


class OnMissingBaseline(StrEnum):
    """What having nothing to compare with does to the verdict."""

    RECORD = "record"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A limit for the series that its glob matches; the first that matches counts."""

    match: str
    """Glob over the whole key; see `perfci.gate.match`."""
    threshold: float | None = None
    """Relative worsening (0.05 = 5 %), or a difference in base units for absolute metrics."""
    at_least: float | None = None
    """The worsening must be this large in base units, too."""
    at_least_unit: str = ""
    """`count` for a plain number; empty for whatever the metric is in."""
    budget: float | None = None
    """Limit on head's value itself, in base units."""
    budget_unit: str = ""
    """As that of `at_least`."""
    level: Level = Level.ERROR
    source: str = ""
    """Where it stands: `perfci.yml, line 9`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the gate goes by."""

    rules: tuple[Rule, ...] = ()
    fail_on: Severity | None = Severity.MINOR
    """Smallest severity that blocks where no rule matches; None blocks nothing."""
    bands: Mapping[Severity, float] = field(
        default_factory=lambda: {
            Severity.MINOR: 0.10,
            Severity.MODERATE: 0.25,
            Severity.MAJOR: 0.50,
            Severity.CRITICAL: 1.00,
        }
    )
    """Lower edge of each severity, as a relative worsening; ascending."""
    sensitivity: float = 0.05
    """The change that measuring works to see (tau)."""
    max_regressions: int | None = None
    on_inconclusive: OnInconclusive = OnInconclusive.WARN
    on_missing_baseline: OnMissingBaseline = OnMissingBaseline.RECORD
    expect: tuple[str, ...] = ()
    """Globs of benchmarks that must be measured."""
    accept: tuple[Acceptance, ...] = ()
    """Known regressions; the first entry that matches and holds counts."""
    today: date = date.min
    """The day on which it is judged: acceptances end."""
