"""What came of many suites, counted by the truth of each benchmark."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from perfci.model.comparison import Outcome

MARGIN = 0.01
"""What is truly no worse than this is no regression, at a sensitivity of 5 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One benchmark after its suite was judged."""

    change: float
    """Its truth: 0.05 = 5 % worse."""
    outcome: Outcome
    launches: float
    """A side."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """Outcomes of benchmarks and suites."""

    outcomes: dict[float, Counter[Outcome]] = field(default_factory=dict)
    """By true change."""
    launches: dict[float, float] = field(default_factory=dict)
    """By true change, over all benchmarks."""
    suites: int = 0
    false_suites: int = 0
    """Suites in which something that is truly no worse than the margin was called worse."""

    def add(self, suite: Iterable[Judged]) -> None:
        """Count one suite."""
        false = False
        for it in suite:
            self.outcomes.setdefault(it.change, Counter())[it.outcome] += 1
            self.launches[it.change] = self.launches.get(it.change, 0.0) + it.launches
            false |= it.change <= MARGIN and it.outcome is Outcome.REGRESSED
        self.suites += 1
        self.false_suites += false

    def merge(self, other: "Tally") -> None:
        """Count another's suites, too."""
        for change, counted in other.outcomes.items():
            self.outcomes.setdefault(change, Counter()).update(counted)
            self.launches[change] = self.launches.get(change, 0.0) + other.launches[change]
        self.suites += other.suites
        self.false_suites += other.false_suites

    def share(self, change: float, *outcomes: Outcome) -> float:
        """Return the share of the benchmarks of one truth that had one of some outcomes."""
        counted = self.outcomes[change]
        return sum(counted[it] for it in outcomes) / counted.total()

    def found(self, change: float) -> float:
        """Return the share that was called worse."""
        return self.share(change, Outcome.REGRESSED)

    def passed(self, change: float) -> float:
        """Return the share that was called unchanged or better."""
        return self.share(change, Outcome.UNCHANGED, Outcome.IMPROVED)

    def undecided(self, change: float) -> float:
        """Return the share about which nothing could be said."""
        return self.share(change, Outcome.INCONCLUSIVE)

    def cost(self, change: float) -> float:
        """Return the launches a side of a benchmark, on average."""
        return self.launches[change] / self.outcomes[change].total()
