"""What to change, where what the gates said gives cause; one sentence a cause."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfci.model.measurement import Clock
from perfci.noise.gates import Gate
from perfci.noise.summary import ALPHA, Row, Summary
from perfci.noise.wording import count, names, size
from perfci.stats.wording import COARSE as TOO_COARSE
from perfci.stats.wording import FLOOR
from perfci.units import duration, limit

COARSE = 1.2
"""Times the sensitivity; where less than this is seen, nobody has to do anything."""
WORTH = 0.7
"""A sensitivity is proposed that is no more than this share of the one that is set."""
STEP = 0.005
"""Proposed sensitivities are multiples of half a per cent."""
MOST = 16
"""Launches a side that the rule takes, where it must, before it gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What could be better, why, and what to do."""

    about: str
    """`false alarms`, `clock`, `time`, `metric`, `rounds` or `sensitivity`."""
    text: str
    """One sentence, without a full stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Under what settings the gates were run."""

    rounds: int | None
    """Launches a side where they are fixed."""
    max_time: float
    """Seconds for the measuring of one gate."""
    computing: frozenset[str]
    """Benchmarks whose processor time can be gated."""


def advise(summary: Summary, conditions: Conditions) -> tuple[Advice, ...]:
    """Say what the gates give cause to change, the most urgent first."""
    return (
        *_alarms(summary),
        *_clock(summary, conditions),
        *_time(summary, conditions),
        *_launches(summary, conditions),
        *_sensitivity(summary, conditions),
    )


def _alarms(summary: Summary) -> Iterator[Advice]:
    if not summary.alarmed:
        return
    keys = names([row.key for row in summary.rows if row.false_alarms])
    told = (
        f"{count(summary.alarmed, 'gate')} of {len(summary.gates)} raised a false alarm ({keys}),"
        f" where {limit(ALPHA)} of them may"
    )
    what = (
        "look for what tells the two sides apart beside their code, such as a cache that the side"
        " that comes first fills, or a path that one side's data hold"
        if summary.beyond_chance
        else "so few gates do not tell whether that is more than chance; repeat with more of them"
        " (--gates)"
    )
    yield Advice(about="false alarms", text=f"{told}; {what}")


def _clock(summary: Summary, conditions: Conditions) -> Iterator[Advice]:
    """Name what is read from wall time, where that is what hides a change."""
    hidden = [row for row in summary.rows if row.clock is Clock.WALL and _hides(row, conditions)]
    for reason, computing in dict.fromkeys(
        (row.clock_reason, str(row.id) in conditions.computing) for row in hidden
    ):
        alike = [
            row
            for row in hidden
            if (row.clock_reason, str(row.id) in conditions.computing) == (reason, computing)
        ]
        what = (
            "where computing is what counts, gate processor time instead (`metrics: [cpu_time]`),"
            " which other work on the machine disturbs far less"
            if computing
            else "ask for more in each launch (`duration`, `requests`), or measure on a machine"
            " with nothing else to do"
        )
        verb = "is" if len(alike) == 1 else "are"
        keys = names([row.key for row in alike])
        why = f", because {reason}" if reason else ""
        yield Advice(about="clock", text=f"{keys} {verb} judged by wall time{why}: {what}")


def _hides(row: Row, conditions: Conditions) -> bool:
    return row.inconclusive > 0 or _too_coarse(row, conditions)


def _too_coarse(row: Row, conditions: Conditions) -> bool:
    return _best(row, conditions) > COARSE * row.sensitivity


def _best(row: Row, conditions: Conditions) -> float:
    """Return the smallest worsening that shows with all launches that the rule may take.

    What needs no second look ends after few of them, and shows less than it could have shown.
    """
    return row.sees_with(_more(row, conditions)) or 0.0


def _more(row: Row, conditions: Conditions) -> float:
    """Return how many times the launches that were taken there could have been."""
    return 1.0 if conditions.rounds is not None else max(1.0, MOST / max(row.launches, 1.0))


def _time(summary: Summary, conditions: Conditions) -> Iterator[Advice]:
    short = [gate for gate in summary.gates if gate.undecided]
    if not short:
        return
    wanted = max(conditions.max_time, *map(_wanted, short))
    yield Advice(
        about="time",
        text=f"in {count(len(short), 'gate')} of {len(summary.gates)} the time was up before all"
        f" was decided: raise measure.max_time from {duration(conditions.max_time)} to about"
        f" {duration(60.0 * (wanted // 60.0 + 1))}, or measure fewer benchmarks in one job",
    )


def _wanted(gate: Gate) -> float:
    """Estimate the seconds in which a gate that was cut short would have been decided."""
    taken = {it.comparison.id: 1 for it in gate.seen}
    wanted = dict(taken)
    for it in gate.seen:
        id_, launches = it.comparison.id, max(it.comparison.launches, 1)
        more = min(it.comparison.needed or MOST, MOST) if it.cut else launches
        taken[id_] = max(taken[id_], launches)
        wanted[id_] = max(wanted[id_], launches, more)
    return gate.elapsed * sum(wanted.values()) / sum(taken.values())


def _launches(summary: Summary, conditions: Conditions) -> Iterator[Advice]:
    """Say how many launches would decide what was not decided with all that were allowed."""
    open_ = [row for row in summary.rows if row.inconclusive > row.cut]
    for why in dict.fromkeys(row.why for row in open_):
        alike = [row for row in open_ if row.why == why]
        if why in {TOO_COARSE, FLOOR}:
            yield _unreadable(alike, why)
            continue
        told = f"{names([row.key for row in alike])} stayed inconclusive"
        told += f" ({why})" if why else ""
        needed = [row.needed for row in alike if row.needed]
        about = f"about {max(needed)} launches a side would decide" if needed else ""
        if conditions.rounds is not None:
            more = about or "take more launches"
            what = f"{more}, not {conditions.rounds} (measure.rounds); `auto` takes what is needed"
        elif about:
            what = f"{about} (`measure.rounds`), and so does more work in each of them"
        else:
            what = "no sensible number of launches would decide; more work in each of them helps"
        yield Advice(about="rounds", text=f"{told}: {what}")


def _unreadable(rows: Sequence[Row], why: str) -> Advice:
    """Say of which metric no number of launches tells anything."""
    text = f"{names([row.key for row in rows])} cannot be decided here: {why}"
    if why == FLOOR:
        text += "; leave this metric out, or let the work hold more"
    return Advice(about="metric", text=text)


def _sensitivity(summary: Summary, conditions: Conditions) -> Iterator[Advice]:
    ratios = [row for row in summary.rows if not row.metric.absolute]
    coarse = [row for row in ratios if _too_coarse(row, conditions)]
    if coarse:
        yield _raise(coarse, conditions)
    elif not summary.inconclusive and not summary.beyond_chance:
        yield from _lower(summary.rows)


def _raise(rows: Sequence[Row], conditions: Conditions) -> Advice:
    worst = max(rows, key=lambda row: _best(row, conditions))
    best = _best(worst, conditions)
    possible = worst.possible_with(_more(worst, conditions)) or best
    return Advice(
        about="sensitivity",
        text=f"this machine shows no change below {size(worst.metric, best)} of"
        f" {names([row.key for row in rows])} with all launches that are taken, and"
        f" {limit(worst.sensitivity)} is to be seen: do more work in each launch, gate"
        " `instructions` where they tell the work, or ask for no less than"
        f" {limit(_proposed(possible))} (gate.sensitivity, or the threshold of its rule)",
    )


def _lower(rows: Sequence[Row]) -> Iterator[Advice]:
    possible = [it for row in rows if (it := row.possible_with(1)) is not None]
    if not possible:
        return
    seen = _proposed(max(possible))
    least = min(row.sensitivity for row in rows if row.possible_with(1) is not None)
    if seen <= WORTH * least:
        yield Advice(
            about="sensitivity",
            text=f"a change of {limit(seen)} would show in every series with the launches that"
            f" were taken: gate.sensitivity could be lowered from {limit(least)} to {limit(seen)}",
        )


def _proposed(change: float) -> float:
    """Return a sensitivity that a person would write: half per cents, rounded up."""
    return max(STEP, math.ceil(change / STEP * (1 - 1e-9)) * STEP)
