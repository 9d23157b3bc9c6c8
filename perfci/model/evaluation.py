"""Everything known at the end; all that a report may need."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfci.model.context import Context
from perfci.model.history import History
from perfci.model.run import Recording
from perfci.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Unkept:
    """A run that its store did not take."""

    why: str
    """Which store and which call, and what to grant."""
    command: str = ""
    """Records the run later from where it lies on disk; empty where it could not be put there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One finished gate."""

    recording: Recording
    """What was measured. Without raw launches (no measurements) where only the result was kept."""
    verdict: Verdict
    context: Context = field(default_factory=Context)
    history: History | None = None
    """Of the branch that head was compared with; None where none was read."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What decided, as text: `gate.sensitivity` -> `5 %`, for the report's last section."""
    reproduce: str = ""
    """The command that repeats the comparison locally."""
    recorded: str = ""
    """Where the run is kept as a baseline, in words; empty where it is not."""
    unkept: Unkept | None = None
    """Set where the run should have become a baseline and could not."""
    warnings: tuple[str, ...] = ()
    """About the run as a whole, in the order in which they arose."""
