"""What a rule says of one series: an outcome with what is behind it, or what it still wants."""

from dataclasses import dataclass, replace

from perfci.model.comparison import Outcome
from perfci.model.measurement import Stage
from perfci.stats.evidence import Answer
from perfci.stats.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """Launches that are missing before the rule can go on."""

    stage: Stage
    look: int
    """Launches of that stage at which the rule looks next."""
    launches: int
    """How many are missing."""

    @property
    def rank(self) -> tuple[bool, int]:
        """Return a place in time: what is wanted first, comes first."""
        return (self.stage is Stage.CONFIRM, self.look)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """The ruling over one series, with everything that a report tells of it."""

    outcome: Outcome
    stage: Stage = Stage.SCREEN
    """Whose launches are behind the answer."""
    launches: int = 0
    """How many of them, from the first."""
    screened: int = 0
    """Launches of the first stage that came before, where the answer is from the second."""
    answer: Answer | None = None
    margin: float = 0.0
    """The p-value is for "worse by more than this", on the scale of y."""
    least: float = 0.0
    """No smaller worsening would have been called one, on the scale of y."""
    seen: float | None = None
    """Limit of `unchanged`, on the scale of y."""
    repeats: bool = False
    """True where both sides repeat to the bit: there is nothing to estimate."""
    wants: Want | None = None
    weak: bool = False
    needed: int | None = None
    """Launches a side that would probably decide, those of both stages together."""
    by_rounds: bool = False
    """True where the rule takes no more of itself: a fixed number of launches would decide."""
    explanation: str = ""


def failed(reason: str) -> Ruled:
    """Rule that a series cannot be compared."""
    return Ruled(outcome=Outcome.FAILED, explanation=reason)


def unseen(reason: str, launches: int) -> Ruled:
    """Rule that no further launches would tell."""
    return Ruled(outcome=Outcome.INCONCLUSIVE, launches=launches, explanation=reason)


def new(launches: int, want: Want | None = None) -> Ruled:
    """Rule that there is nothing to compare with."""
    return Ruled(outcome=Outcome.NEW, launches=launches, wants=want)


def improved(ruled: Ruled) -> Ruled:
    """Turn `unchanged` into `improved`."""
    return replace(ruled, outcome=Outcome.IMPROVED)


def same(terms: Terms, location: float, launches: int, *, weak: bool = False) -> Ruled:
    """Rule over a series whose sides both repeat to the bit: compared without statistics.

    Args:
        terms: of the series.
        location: by how much head is worse, on the scale of y.
        launches: behind it.
        weak: whether there was only one launch to see that it repeats.

    Source: statistics.md E5.
    """
    outcome = Outcome.UNCHANGED
    if location > terms.exact:
        outcome = Outcome.REGRESSED
    elif location < -terms.exact:
        outcome = Outcome.IMPROVED
    return Ruled(
        outcome=outcome,
        launches=launches,
        answer=Answer(location=location, error=0.0, freedom=1.0),
        margin=terms.exact,
        seen=terms.exact,
        repeats=True,
        weak=weak,
        explanation="one launch a side cannot show that it repeats" if weak else "",
    )
