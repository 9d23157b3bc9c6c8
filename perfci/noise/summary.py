"""Several gates between equal code to one row a series, and the counts over all of them."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from perfci.model.comparison import Comparison, Outcome
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock
from perfci.model.metric import Metric
from perfci.model.revision import Mode
from perfci.noise.gates import Gate, Reading, Seen
from perfci.noise.wording import count
from perfci.stats.series import Design

ALPHA = Design(mode=Mode.PAIRED).alpha
"""Share of gates between equal code that may raise any false alarm."""
MARGIN = 5
"""What is worse by no more than the sensitivity divided by this counts as noise."""
SURPRISE = 0.05
"""So unlikely, and more alarms are not put down to chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the gates said of one series."""

    id: BenchmarkId
    metric: Metric
    gates: int
    """Gates in which it got a verdict."""
    clock: Clock | None
    """The one that decided most often."""
    clock_reason: str
    launches: float
    """A side and gate, on average."""
    inconclusive: int
    cut: int
    """Of the inconclusive: those where the time was up."""
    false_alarms: int
    blocking: int
    """Of the false alarms: those that would have failed the gate."""
    improved: int
    largest: float | None
    """Size of the largest change that was reported; a ratio minus 1, or a difference."""
    sensitivity: float
    """The worsening that is to be seen."""
    sees: float | None
    """The smallest worsening that a gate here would have shown: the median over the gates."""
    noise: float | None
    """What shrinks of it with more launches, on the scale of y; None where values repeat."""
    needed: int | None
    """Launches a side that would probably decide where it was inconclusive."""
    why: str
    """Why it was inconclusive with all its launches, in plain words; empty where it was not."""
    plain: float | None
    """Size of the largest change of one side between two gates that followed each other."""
    plain_clock: Clock | None

    @property
    def key(self) -> str:
        """Return the key of the series."""
        return self.id.series(self.metric.name)

    @property
    def blind(self) -> bool:
        """Return whether this machine does not see what is to be seen."""
        return self.sees is not None and self.sees > self.sensitivity * (1 + 1e-9)

    def sees_with(self, times: float) -> float | None:
        """Return the smallest worsening that is seen with so many times the launches.

        None where nothing is known of the noise.
        """
        if self.noise is None:
            return None
        margin, noise = self.sensitivity / MARGIN, self.noise / math.sqrt(times)
        return margin + noise if self.metric.absolute else math.expm1(math.log1p(margin) + noise)

    def possible_with(self, times: float) -> float | None:
        """Return the sensitivity that so many times the launches do for; None where not known."""
        if self.noise is None or self.metric.absolute:
            return None
        # what the margin leaves of the sensitivity is there for the noise
        return math.expm1(self.noise / math.sqrt(times) / (1 - 1 / MARGIN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All finished gates."""

    gates: tuple[Gate, ...]
    rows: tuple[Row, ...]

    @property
    def verdicts(self) -> int:
        """Return how many verdicts were given."""
        return sum(row.gates for row in self.rows)

    @property
    def false_alarms(self) -> int:
        """Return how many verdicts were `regressed`, blocking or not."""
        return sum(row.false_alarms for row in self.rows)

    @property
    def blocking(self) -> int:
        """Return how many false alarms would have failed their gate."""
        return sum(row.blocking for row in self.rows)

    @property
    def improved(self) -> int:
        """Return how many verdicts were `improved`."""
        return sum(row.improved for row in self.rows)

    @property
    def inconclusive(self) -> int:
        """Return how many verdicts were `inconclusive`."""
        return sum(row.inconclusive for row in self.rows)

    @property
    def alarmed(self) -> int:
        """Return how many gates raised any false alarm."""
        return sum(
            any(it.comparison.outcome is Outcome.REGRESSED for it in gate.seen)
            for gate in self.gates
        )

    @property
    def beyond_chance(self) -> bool:
        """Return whether more gates raised an alarm than the rule's own error level explains."""
        return self.alarmed > 0 and _at_least(self.alarmed, len(self.gates)) < SURPRISE

    def __str__(self) -> str:
        """Return the counts in one sentence, without a full stop."""
        text = count(self.false_alarms, "false alarm")
        if self.false_alarms:
            text += f" ({self.blocking or 'none'} would have failed the gate)"
        text += (
            f" in {count(len(self.gates), 'gate')} of {count(len(self.rows), 'series', 'series')}"
            f" ({count(self.verdicts, 'verdict')})"
        )
        if self.beyond_chance:
            text += ", more than chance explains"
        more = [count(self.improved, "false improvement")] if self.improved else []
        more += [f"{self.inconclusive} inconclusive"] if self.inconclusive else []
        return "; ".join([text, *more])


def _at_least(alarmed: int, gates: int) -> float:
    """Return the chance of so many gates with an alarm, or more, at the rule's error level."""
    fewer = (math.comb(gates, k) * ALPHA**k * (1 - ALPHA) ** (gates - k) for k in range(alarmed))
    return 1 - sum(fewer)


def summarise(gates: Iterable[Gate]) -> Summary:
    """Join what several gates said, series by series, in the order of the benchmarks."""
    done = tuple(gates)
    keys = dict.fromkeys(it.comparison.key for gate in done for it in gate.seen)
    by_gate = [{it.comparison.key: it for it in gate.seen} for gate in done]
    rows = tuple(_row([seen.get(key) for seen in by_gate]) for key in keys)
    return Summary(gates=done, rows=rows)


def _row(turns: Sequence[Seen | None]) -> Row:
    """Join one series' verdicts, gate by gate; None where a gate gave it none."""
    seen = [it for it in turns if it is not None]
    told = [it.comparison for it in seen]
    outcomes = Counter(it.outcome for it in told)
    clock, reason = Counter((it.clock, it.clock_reason) for it in told).most_common(1)[0][0]
    needed = [it.needed for it in told if it.outcome is Outcome.INCONCLUSIVE and it.needed]
    open_ = [it for it in seen if it.comparison.outcome is Outcome.INCONCLUSIVE and not it.cut]
    plain, plain_clock = _run_against_run(
        told[0].metric, [it.plain if it else None for it in turns]
    )
    return Row(
        id=told[0].id,
        metric=told[0].metric,
        gates=len(seen),
        clock=clock,
        clock_reason=reason,
        launches=fmean(it.launches for it in told),
        inconclusive=outcomes[Outcome.INCONCLUSIVE],
        cut=sum(it.cut for it in seen),
        false_alarms=outcomes[Outcome.REGRESSED],
        blocking=sum(it.blocking for it in seen),
        improved=outcomes[Outcome.IMPROVED],
        largest=max((_size(it) for it in told if it.change is not None), default=None),
        sensitivity=told[0].sensitivity,
        sees=_median(it.detectable for it in told),
        noise=_median(it.noise for it in seen),
        needed=max(needed, default=None),
        why=open_[-1].comparison.explanation if open_ else "",
        plain=plain,
        plain_clock=plain_clock,
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _size(comparison: Comparison) -> float:
    """Return the size of a change; a drop by a half is as large as a doubling."""
    change = comparison.change or 0.0
    return abs(change) if comparison.metric.absolute else _ratio(1 + change)


def _ratio(ratio: float) -> float:
    """Return how far a ratio is from 1, whichever side is the larger one."""
    return max(ratio, 1 / ratio) - 1 if ratio > 0 else math.inf


def _run_against_run(
    metric: Metric, readings: Sequence[Reading | None]
) -> tuple[float | None, Clock | None]:
    """Compare each gate's first side with that of the next gate, as a plain gate would."""
    sizes, clock = [], None
    for one, other in pairwise(readings):
        if one is None or other is None or one.clock is not other.clock:
            continue
        clock = one.clock
        if metric.absolute:
            sizes.append(abs(other.level - one.level))
        elif one.level > 0 and other.level > 0:
            sizes.append(_ratio(other.level / one.level))
    return (max(sizes), clock) if sizes else (None, None)
