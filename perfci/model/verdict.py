"""What the gate decided, with its reasons."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from perfci.errors import ExitCode
from perfci.model.comparison import Comparison, Outcome


class Severity(StrEnum):
    """Band of a worsening's size, from the smallest up."""

    MINOR = "minor"
    MODERATE = "moderate"
    MAJOR = "major"
    CRITICAL = "critical"


class Status(StrEnum):
    """The gate's decision over all findings."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    ERROR = "error"

    @property
    def exit_code(self) -> ExitCode:
        """Return what the process answers for this decision."""
        match self:
            case Status.PASS | Status.WARN:
                return ExitCode.PASS
            case Status.FAIL:
                return ExitCode.GATE_FAILED
            case Status.ERROR:
                return ExitCode.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """By what a regression is known and let pass."""

    match: str
    """The glob that names it."""
    reason: str
    source: str
    """Where it was written: `perfci.yml, line 9`, `commit a1b2c3d`, `label perf-accept`."""
    until: str = ""
    """The last day on which it holds, `2026-12-31`; empty for ever."""
    up_to: float | None = None
    """The largest worsening that it stands for; None for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One judged comparison with its reason."""

    comparison: Comparison
    severity: Severity | None = None
    """Only of `regressed`, and only from `minor` up."""
    blocking: bool = False
    over_budget: bool = False
    """True where head's value is beyond the budget, base or no base."""
    rule: str = ""
    """The rule that set the limit, as the user wrote it: `codec/*:latency`, or `fail_on: minor`."""
    limit: float | None = None
    """The worsening from which this series blocks (0.10 = 10 %); None where nothing blocks."""
    accepted: Accepted | None = None
    """Only of `regressed`: why it does not block."""
    budget: float | None = None
    """The absolute limit, in base units, where a rule sets one."""
    reason: str
    """One sentence in plain words: what was compared with what, and what follows."""

    @property
    def outcome(self) -> Outcome:
        """Return the comparison's outcome."""
        return self.comparison.outcome

    @property
    def key(self) -> str:
        """Return the key of the series."""
        return self.comparison.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision over the whole suite."""

    status: Status
    findings: tuple[Finding, ...]
    """Worst first: blocking, other regressions, failed, inconclusive, improved, then the rest."""
    message: str
    """The decision in a few words: `1 regression (major)`."""

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """Return how many findings came to each outcome; absent outcomes count 0."""
        return Counter(finding.outcome for finding in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """Return what the process answers."""
        return self.status.exit_code
