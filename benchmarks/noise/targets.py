"""What the rule has to reach, and whether it did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.noise.cost import Cost
from benchmarks.noise.tally import Tally

DETECTION = ((0.05, 0.95), (0.10, 0.995), (0.25, 0.999))
"""True slowdowns, and the share of them that is to be called worse."""
WRONG_PASS = ((0.05, 0.03), (0.10, 0.003))
"""True slowdowns, and the share of them that may be called unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One figure beside what it has to be."""

    what: str
    measured: str
    wanted: str
    met: bool

    def __str__(self) -> str:
        """Return one line."""
        word = "met   " if self.met else "MISSED"
        return f"{word}  {self.what:58} {self.measured:>10}   {self.wanted}"


def of_rule(by_size: Mapping[float, Tally]) -> Iterator[Target]:
    """Hold the rule's outcomes against the targets.

    Args:
        by_size: what came of the suites of each true slowdown; 0.0: the unchanged ones.
    """
    null = by_size[0.0]
    yield _most("unchanged suites of 100 with any false alarm", _false(null), 0.01)
    for change, least in DETECTION:
        yield _least(f"found of a true {change:.0%}", by_size[change].found(change), least)
    for change, most in WRONG_PASS:
        yield _most(f"passed of a true {change:.0%}", by_size[change].passed(change), most)
    yield _most("inconclusive among unchanged", null.undecided(0.0), 0.015)
    yield of_launches(null.cost(0.0))


def of_hardest_null(tally: Tally) -> Target:
    """Hold suites in which everything is truly worse by the margin against their target."""
    return _most("suites of 100 at the margin with any false alarm", _false(tally), 0.02)


def of_launches(launches: float) -> Target:
    """Hold the cost of an unchanged benchmark against its target."""
    return Target(
        what="launches of an unchanged benchmark",
        measured=f"{launches:.2f}",
        wanted="<= 6",
        met=launches <= 6.0,
    )


def of_fixed(launches: float, fixed: int) -> Target:
    """Hold the cost against that of a fixed design of equal power."""
    return Target(
        what=f"the same, of the {fixed} launches of a fixed design of equal power",
        measured=f"1/{fixed / launches:.1f}",
        wanted="<= 1/4",
        met=launches * 4 <= fixed,
    )


def of_cost(cost: Cost) -> Iterator[Target]:
    """Hold the rule's own work against its targets."""
    what = f"the rule's own work for {cost.benchmarks} benchmarks"
    yield Target(
        what=f"{what}, processor time",
        measured=f"{cost.seconds:.2f} s",
        wanted="< 1 s",
        met=cost.seconds < 1.0,
    )
    yield Target(
        what=f"{what}, memory",
        measured=f"{cost.memory / 1e6:.0f} MB",
        wanted="< 100 MB",
        met=cost.memory < 100e6,
    )


def _false(tally: Tally) -> float:
    return tally.false_suites / tally.suites


def _most(what: str, share: float, most: float) -> Target:
    return Target(
        what=what, measured=f"{share:.2%}", wanted=f"<= {most * 100:g} %", met=share <= most
    )


def _least(what: str, share: float, least: float) -> Target:
    return Target(
        what=what, measured=f"{share:.2%}", wanted=f">= {least * 100:g} %", met=share >= least
    )
