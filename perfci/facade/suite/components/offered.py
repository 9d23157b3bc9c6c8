"""What a component offers to measure: each test with its work, and which of its values counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfci.errors import ConfigurationError
from perfci.facade.config import RegressionTestType
from perfci.model.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A test of the comprehensive suite; several may have their values from one launch."""

    operation: str
    """`websocket_ping`; with a parameter `openai[model=tiny]`."""
    test_type: RegressionTestType
    """Also the metric of its series."""
    work: Work
    reads: str
    """The work's own name for the value: `ha_ping`."""
    spelled: Mapping[str, str] = field(default_factory=dict)
    """Variables, by the names that the work's settings have in perfci.yml: messages name those."""
    trouble: ConfigurationError | None = None
    """Why it cannot be measured as it is configured; then `work` is only a likeness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What one component can measure here."""

    tests: tuple[Offered, ...] = ()
    missing: tuple[str, ...] = ()
    """Of what it cannot: why, and what to set."""
