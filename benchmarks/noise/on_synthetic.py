"""The part of the laboratory whose truth is exact: launches made from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.noise import rivals, targets
from benchmarks.noise.fixed import equal_power
from benchmarks.noise.follow import PAIRED
from benchmarks.noise.suites import RUN_NOISE, Kind, count, layouts, mixed, usual
from benchmarks.noise.table import LINE, SLOWER, head, row
from benchmarks.noise.tally import MARGIN, Tally
from benchmarks.noise.targets import Target
from perfci.stats.series import Design

AT_MARGIN = 60
"""Suites at the margin for each noise, at least: what is to be below 2 % is not told from fifty
suites, of which a single one is 2 %."""
EVERY = 4
"""Of a suite with slowdowns, every so many-th benchmark is slower."""
KINDS: tuple[tuple[str, Kind, float], ...] = (
    *(("2.4 %", usual, run_noise) for run_noise in RUN_NOISE),
    ("0.6 to 5 %", mixed, RUN_NOISE[-1]),
    ("odd layouts", layouts, RUN_NOISE[-1]),
)
"""What spreads how far between launches, and by how much both sides move together."""


@dataclass(slots=True, kw_only=True)
class Synthetic:
    """The synthetic part, while it runs and after."""

    suites: int
    """Unchanged suites for each noise, as many or more at the margin, half as many a slowdown."""
    seed: int
    by_size: dict[float, Tally] = field(default_factory=dict)
    """What came of the rule over all kinds of noise, by true slowdown; 0.0: unchanged."""
    margin: Tally = field(default_factory=Tally)
    """What came of suites in which everything is worse by exactly the margin."""
    fixed: int = 0
    """Launches of a fixed design that finds as many true 5 %, where spreads differ."""
    launches: float = 0.0
    """Those of the sequential rule, on the same noise."""

    def tell(self) -> Iterator[str]:
        """Yield the lines of the table, as they are ready."""
        yield (
            f"{self.suites} unchanged suites of 100 for each noise, "
            f"{self._some} of each slowdown with every {EVERY}th benchmark slower"
        )
        yield from head("run")
        for place, (data, kind, run_noise) in enumerate(KINDS):
            # pairs take the shared noise out: with one seed, its rows would be equal to the digit
            chance = self.seed + place * 100_000
            ours = {
                change: self._count(kind, change, run_noise, seed=chance)
                for change in (0.0, *SLOWER)
            }
            for change, tally in ours.items():
                self.by_size.setdefault(change, Tally()).merge(tally)
            self.margin.merge(self._count(kind, MARGIN, run_noise, seed=chance))
            yield row(("perfci", data, f"{run_noise:.0%}"), ours)
        for run_noise in RUN_NOISE:
            yield LINE
            noise = usual(0.0, 1, run_noise)[0].noise
            for rival in rivals.RIVALS:
                told = {
                    change: rivals.judge_synthetic(noise, change, self._some, rival, self.seed)
                    for change in (0.0, *SLOWER)
                }
                yield row((rival.name, rival.data, f"{run_noise:.0%}"), told)

    def compare_with_fixed(self) -> None:
        """Find the fixed design of equal power, where every benchmark spreads differently."""
        run_noise = RUN_NOISE[-1]
        power = self._count(mixed, 0.05, run_noise).found(0.05)
        self.launches = self._count(mixed, 0.0, run_noise).cost(0.0)
        self.fixed = equal_power(
            lambda design: self._count(mixed, 0.05, run_noise, design=design), 0.05, power
        )

    def targets(self) -> Iterator[Target]:
        """Hold everything against its target."""
        yield from targets.of_rule(self.by_size)
        yield targets.of_hardest_null(self.margin)
        if self.fixed:
            yield targets.of_fixed(self.launches, self.fixed)

    @property
    def _some(self) -> int:
        return max(1, self.suites // 2)

    def _count(
        self,
        kind: Kind,
        change: float,
        run_noise: float,
        *,
        seed: int | None = None,
        design: Design = PAIRED,
    ) -> Tally:
        suite = kind(change, 1 if change in {0.0, MARGIN} else EVERY, run_noise)
        suites = {0.0: self.suites, MARGIN: max(self.suites, AT_MARGIN)}.get(change, self._some)
        return count([suite] * suites, self.seed if seed is None else seed, design)
