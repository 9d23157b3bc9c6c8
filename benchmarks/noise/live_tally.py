"""What came of all live gates, against what has to come of them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.noise.live_gate import Gate
from benchmarks.noise.live_plan import PERCENT
from benchmarks.noise.tally import Judged, Tally
from benchmarks.noise.targets import Target, of_launches
from perfci.model.comparison import Outcome

DILUTED = "lookup"
"""Bound by memory: of 25 % more work, some 7 to 15 % more time has been seen."""
FOUND = {5: 0.95, 10: 1.0, 25: 1.0}
"""Least share of a true slowdown, in per cent, that is called worse."""
PASSED = {5: 0.03, 10: 0.003, 25: 0.0}
"""Largest share that is called unchanged."""


def tell(gates: Sequence[Gate]) -> Iterator[str]:
    """Return the lines below the gates: targets, the diluted workload, what it cost."""
    yield "TARGETS"
    yield from map(str, of_gates(gates))
    yield from map(str, of_slower(_tally(gates, diluted=False)))
    rows = [str(row) for row in of_slower(_tally(gates, diluted=True))]
    if rows:
        yield ""
        yield f"THE SAME OF {DILUTED}, whose time grows by less than its work"
        yield from rows
    yield ""
    yield "COSTS"
    for title, slower in (("unchanged", False), ("slower", True)):
        took = [it.seconds for it in gates if it.has_verdict and bool(it.change.slower) is slower]
        if took:
            mean = sum(took) / len(took)
            yield f"{title:10} {mean:6.1f} s a gate, {max(took):6.1f} s at most ({len(took)} gates)"
    yield from _by_name(gates)


def _by_name(gates: Sequence[Gate]) -> Iterator[str]:
    """Return what was said of each unchanged benchmark, over all gates."""
    same = [it for gate in gates for it in gate.found if not it.percent]
    if same:
        heads = "judged", "worse", "better", "unsure", "launches"
        yield ""
        yield f"{'UNCHANGED':12} " + " ".join(f"{head:>8}" for head in heads)
    for name in dict.fromkeys(it.name for it in same):
        own = [it for it in same if it.name == name]
        said = Counter(it.outcome for it in own)
        counts = (said[it] for it in (Outcome.REGRESSED, Outcome.IMPROVED, Outcome.INCONCLUSIVE))
        numbers = " ".join(f"{count:8}" for count in (len(own), *counts))
        yield f"{name:12} {numbers} {sum(it.launches for it in own) / len(own):8.2f}"


def of_gates(gates: Sequence[Gate]) -> Iterator[Target]:
    """Hold exit codes, false alarms and costs against what they have to be."""
    harmless = [it for it in gates if not it.change.slower]
    if harmless:
        other = sum(it.code != 0 for it in harmless)
        yield _most("gates of a comment alone that did not end with 0", other, len(harmless), 0.0)
    undecided = sum(not it.has_verdict for it in gates)
    yield _most("gates without a verdict", undecided, len(gates), 0.0)
    tally = Tally()
    for gate in gates:
        tally.add(_judged(gate))
    yield _most("gates with any false alarm", tally.false_suites, tally.suites, 0.0)
    same = tally.outcomes.get(0.0)
    if same:
        total = same.total()
        yield _most("unchanged called worse", same[Outcome.REGRESSED], total, 0.0)
        yield _most("unchanged called inconclusive", same[Outcome.INCONCLUSIVE], total, 0.015)
        yield of_launches(tally.cost(0.0))


def of_slower(tally: Tally) -> Iterator[Target]:
    """Hold what was said of truly slower benchmarks against what has to be said."""
    there = [it for it in PERCENT if tally.outcomes.get(it / 100)]
    for percent in there:
        counted = tally.outcomes[percent / 100]
        what = f"found of a true {percent} %"
        yield _least(what, counted[Outcome.REGRESSED], counted.total(), FOUND[percent])
    for percent in there:
        counted = tally.outcomes[percent / 100]
        passed = counted[Outcome.UNCHANGED] + counted[Outcome.IMPROVED]
        yield _most(f"passed of a true {percent} %", passed, counted.total(), PASSED[percent])


def is_as_wanted(gates: Sequence[Gate]) -> bool:
    """Return whether no gate was wrong in what has no exceptions.

    That is: a verdict everywhere, no false alarm, no failure without a cause, and all of 10 and
    25 % found; shares of few are left to the reader, and so is the diluted workload.
    """
    return all(
        gate.has_verdict
        and not (gate.is_false_fail or gate.false_alarms)
        and all(
            it.outcome is Outcome.REGRESSED or it.percent < 10 or it.name == DILUTED
            for it in gate.slower
        )
        for gate in gates
    )


def _tally(gates: Sequence[Gate], *, diluted: bool) -> Tally:
    tally = Tally()
    for gate in gates:
        tally.add(_judged(gate, diluted=diluted))
    return tally


def _judged(gate: Gate, *, diluted: bool | None = None) -> Iterator[Judged]:
    """Return what was said of the benchmarks of a gate: all, or the diluted one, or the others."""
    for it in gate.found:
        if diluted is None or (it.name == DILUTED) is diluted:
            yield Judged(change=it.percent / 100, outcome=it.outcome, launches=it.launches)


def _most(what: str, count: int, total: int, most: float) -> Target:
    wanted = f"<= {most * 100:g} %" if most else "none"
    return Target(
        what=what, measured=f"{count} of {total}", wanted=wanted, met=count <= most * total
    )


def _least(what: str, count: int, total: int, least: float) -> Target:
    wanted = f">= {least * 100:g} %" if least < 1.0 else "all"
    return Target(
        what=what, measured=f"{count} of {total}", wanted=wanted, met=count >= least * total
    )
