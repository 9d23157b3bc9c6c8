"""A series made ready for its rule: launches joined, clock chosen, values checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from perfci.model.measurement import Clock, Launch, Side, Stage
from perfci.model.revision import Mode
from perfci.stats.clock import FIRST, Choice, choose, too_coarse
from perfci.stats.launches import Pair, fault_of, fault_of_pair, pairs, worsening
from perfci.stats.series import Design, Series
from perfci.stats.terms import Terms, terms_of

SCREEN_LOOKS = (4, 8, 12, 16)
CONFIRM_LOOKS = (6, 12, 24, 36)
SET = 5
"""Launches of head in one set, where it is compared with stored runs."""

Staged = Mapping[Stage, tuple[Launch, ...]]
"""Launches that may be looked at, by stage, in the order of their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One series, ready."""

    series: Series
    terms: Terms
    base: Staged = field(default_factory=dict)
    """In paired mode in step with head's."""
    head: Staged
    choice: Choice | None = None
    """The clock; None where nothing was measured, or the sides have none in common."""
    fault: str = ""
    """Why it cannot be compared at all; empty where it can."""
    coarse: bool = False
    """True where the clock's steps hide what is looked for."""
    y: Mapping[Stage, tuple[float, ...]] = field(default_factory=dict)
    """Launch values, + where head is worse; in paired mode only."""

    @property
    def clock(self) -> Clock:
        """Return the clock that decides; wall where there is none to choose."""
        return self.choice.clock if self.choice else Clock.WALL

    @property
    def pool(self) -> tuple[str, str, bool, Clock]:
        """Return what series must have in common to tell of each other's spread."""
        metric = self.series.metric
        return (metric.name, metric.unit, metric.absolute, self.clock)


def sample_of(series: Series, design: Design) -> Sample:
    """Make a series ready."""
    if design.mode is Mode.FILES:
        return _apart(series, {Stage.SCREEN: series.base}, {Stage.SCREEN: series.head})
    if design.mode is Mode.PAIRED and series.base and series.head:
        return _paired(series, design)
    size = design.rounds or SET
    staged = {
        stage: _ordered(launch for launch in series.head if launch.stage is stage)[:size]
        for stage in Stage
    }
    return _apart(series, {}, staged)


def _ordered(launches: Iterable[Launch]) -> tuple[Launch, ...]:
    return tuple(sorted(launches, key=lambda launch: launch.number))


def _apart(series: Series, base: Staged, head: Staged) -> Sample:
    """Prepare sides that were not measured together."""
    sides = [tuple(chain(*side.values())) for side in (base, head)]
    choice = choose(series.metric, [side for side in sides if side])
    fault = ""
    if choice is None and any(sides):
        fault = "the two sides were not read from the same clock"
    # zeros everywhere are equal, and no ratio is needed to say so
    elif choice and not all_zero(chain(*sides), choice.clock):
        clock = choice.clock
        faults = (
            fault_of(launch, side, clock, series.metric)
            for side, launches in zip(Side, sides, strict=True)
            for launch in launches
        )
        fault = next((text for text in faults if text), "")
    terms = terms_of(series.metric, series.sensitivity)
    return Sample(series=series, terms=terms, base=base, head=head, choice=choice, fault=fault)


def all_zero(launches: Iterable[Launch], clock: Clock) -> bool:
    """Tell whether every single value is 0."""
    return all(
        value == 0.0 for launch in launches for value in launch.clocks.get(clock, (1.0,))
    )


def _paired(series: Series, design: Design) -> Sample:
    limits = {Stage.SCREEN: SCREEN_LOOKS[-1], Stage.CONFIRM: CONFIRM_LOOKS[-1]}
    if design.rounds is not None:
        limits = {Stage.SCREEN: design.rounds, Stage.CONFIRM: 0}
    joined = {
        stage: pairs(series.base, series.head, stage)[:limit] for stage, limit in limits.items()
    }
    first = joined[Stage.SCREEN][:FIRST]
    choice = choose(series.metric, [[it.base for it in first], [it.head for it in first]])
    terms = terms_of(series.metric, series.sensitivity)
    fault, coarse = "", False
    y: dict[Stage, tuple[float, ...]] = {}
    if choice is None:
        fault = "the two sides were not read from the same clock" if first else ""
    else:
        clock = choice.clock
        fault = _fault(chain(*joined.values()), clock, series)
        if not fault:
            coarse = too_coarse(first, clock, series.metric, terms)
            y = {
                stage: tuple(worsening(pair, clock, terms) for pair in found)
                for stage, found in joined.items()
            }
    return Sample(
        series=series,
        terms=terms,
        base={stage: tuple(pair.base for pair in found) for stage, found in joined.items()},
        head={stage: tuple(pair.head for pair in found) for stage, found in joined.items()},
        choice=choice,
        fault=fault,
        coarse=coarse,
        y=y,
    )


def _fault(joined: Iterable[Pair], clock: Clock, series: Series) -> str:
    faults = (fault_of_pair(pair, clock, series.metric) for pair in joined)
    return next((text for text in faults if text), "")
