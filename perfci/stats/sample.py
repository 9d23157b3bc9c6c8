"""A series made ready for its rule: launches joined, clock chosen, values checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from perfci.model.history import Point
from perfci.model.measurement import Clock, Launch, Side, Stage
from perfci.model.metric import Metric
from perfci.model.revision import Mode
from perfci.stats import wording
from perfci.stats.clock import FIRST, Choice, choose, too_coarse
from perfci.stats.faults import fault_of_pairs, fault_of_side, sound_sides
from perfci.stats.launches import Pair, pairs, worsenings
from perfci.stats.points import agree, unlike
from perfci.stats.read import read_by
from perfci.stats.series import Design, Series
from perfci.stats.terms import Terms, terms_of
from perfci.stats.zeros import NOTE, counted_from_one, sees_nothing

SCREEN_LOOKS = (4, 8, 12, 16)
CONFIRM_LOOKS = (6, 12, 24, 36)
SET = 5
"""Launches of head in one set, where it is compared with stored runs."""

Staged = Mapping[Stage, Sequence[Launch]]
"""Launches by stage, in the order of their numbers."""


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
    blind: str = ""
    """Why no launches will ever tell: steps of the clock, a floor; empty where they will."""
    y: Mapping[Stage, tuple[float, ...]] = field(default_factory=dict)
    """Launch values, + where head is worse; in paired mode only."""
    note: str = ""
    """What the reader has to know of how it is compared."""
    past: tuple[Point, ...] = ()
    """Stored points that hold a centre of the clock that decides; where there is no base."""

    @property
    def clock(self) -> Clock:
        """Return the clock that decides; wall where there is none to choose."""
        return self.choice.clock if self.choice else Clock.WALL

    @property
    def pool(self) -> tuple[str, str, bool, Clock]:
        """Return what series must have in common to tell of each other's spread."""
        metric = self.series.metric
        return (metric.name, metric.unit, metric.absolute, self.clock)


def set_of(series: Series, design: Design) -> int:
    """Return the launches of head that are compared with stored runs: all, where no more come."""
    return max(1, len(series.head)) if series.given else design.rounds or SET


def samples_of(series: Sequence[Series], design: Design) -> list[Sample]:
    """Make series ready, in the same order."""
    counted = [counted_from_one(each) for each in series]
    if design.mode is Mode.FILES:
        samples = _of_files(counted)
    else:
        samples = [_sample_of(each, design) for each in counted]
    return [
        sample if ready is each else replace(sample, note=NOTE)
        for sample, ready, each in zip(samples, counted, series, strict=True)
    ]


def _sample_of(series: Series, design: Design) -> Sample:
    terms = terms_of(series.metric, series.sensitivity)
    if design.mode is Mode.PAIRED and series.base and series.head:
        return _paired(series, terms)
    size = set_of(series, design)
    before, after = (
        {stage: _of_stage(side, stage)[:size] for stage in Stage}
        for side in (series.base, series.head)
    )
    sample = _checked(series, terms, before, after)
    beside = design.mode is Mode.HISTORY or series.alone
    return _beside_past(sample) if beside else sample


def _of_files(series: Sequence[Series]) -> list[Sample]:
    """Make series of two files ready: all their values are looked at together."""
    samples = [
        Sample(
            series=it,
            terms=terms_of(it.metric, it.sensitivity),
            base={Stage.SCREEN: it.base},
            head={Stage.SCREEN: it.head},
            choice=choose(it.metric, (it.base, it.head)),
        )
        for it in series
    ]
    absolute = [it.metric.absolute for it in series]
    base = sound_sides([read_by(it.clock, it.series.base) for it in samples], absolute)
    head = sound_sides([read_by(it.clock, it.series.head) for it in samples], absolute)
    return [
        it if it.choice and before and after else _faulted(it, it.series.base, it.series.head)
        for it, before, after in zip(samples, base, head, strict=True)
    ]


def _of_stage(launches: Iterable[Launch], stage: Stage) -> tuple[Launch, ...]:
    found = (launch for launch in launches if launch.stage is stage)
    return tuple(sorted(found, key=lambda launch: launch.number))


def all_zero(launches: Sequence[Launch], clock: Clock) -> bool:
    """Tell whether every single value is 0; a launch without values is none of zeros."""
    read = read_by(clock, launches)
    return all(read.sizes) and not any(read.values)


def _checked(series: Series, terms: Terms, base: Staged, head: Staged) -> Sample:
    """Choose the clock of sides that were not measured together, and check their values."""
    before, after = _of_all_stages(base), _of_all_stages(head)
    choice = choose(series.metric, (before, after))
    sample = Sample(series=series, terms=terms, base=base, head=head, choice=choice)
    return _faulted(sample, before, after)


def _faulted(sample: Sample, before: Sequence[Launch], after: Sequence[Launch]) -> Sample:
    """Say what is wrong with the values of two sides, if anything is."""
    metric, clock = sample.series.metric, sample.clock
    if sample.choice is None:
        return replace(sample, fault=_no_clock(before or after))
    fault = fault_of_side(before, Side.BASE, clock, metric)
    fault = fault or fault_of_side(after, Side.HEAD, clock, metric)
    # zeros everywhere are equal, and no ratio is needed to say so
    if fault and all_zero(before, clock) and all_zero(after, clock):
        return replace(sample, blind=_unseen(metric))
    return replace(sample, fault=fault) if fault else sample


def _of_all_stages(side: Staged) -> Sequence[Launch]:
    return tuple(chain(*side.values()))


def _unseen(metric: Metric) -> str:
    return wording.UNSEEN if sees_nothing(metric) else ""


def _no_clock(launches: Iterable[object]) -> str:
    return "its launches were not all read by one clock" if any(launches) else ""


def _beside_past(sample: Sample) -> Sample:
    """Choose a clock that the stored runs know, too, and leave out what no ratio can be made of."""
    series, head = sample.series, tuple(chain(*sample.head.values()))
    unlikeness = unlike(series.past, series.metric)
    if unlikeness:
        return replace(sample, fault=unlikeness)
    choice, points = agree(sample.choice, head, series.past, series.metric)
    sample = replace(sample, choice=choice, past=points)
    if choice is None or sample.fault or series.metric.absolute:
        return sample
    fault = fault_of_side(head, Side.HEAD, choice.clock, series.metric)
    if all_zero(head, choice.clock):
        past = tuple(point for point in points if point.centres[choice.clock] == 0.0)
        return replace(sample, past=past, fault="" if past or not points else fault)
    past = tuple(point for point in points if point.centres[choice.clock] > 0.0)
    if points and not past:
        fault = wording.no_ratio("the stored runs hold nothing above 0", series.metric.name)
    return replace(sample, past=past, fault=fault)


def _paired(series: Series, terms: Terms) -> Sample:
    """Join launches measured together, choose their clock, and take their differences."""
    joined = {stage: pairs(series.base, series.head, stage) for stage in Stage}
    sample = Sample(
        series=series,
        terms=terms,
        base={stage: tuple(pair.base for pair in found) for stage, found in joined.items()},
        head={stage: tuple(pair.head for pair in found) for stage, found in joined.items()},
    )
    if not any(joined.values()):
        return replace(sample, fault=wording.NOT_TOGETHER)
    first = joined[Stage.SCREEN][:FIRST]
    choice = choose(series.metric, [[it.base for it in first], [it.head for it in first]])
    if choice is None:
        return replace(sample, fault=_no_clock(first))
    clock = choice.clock
    fault = fault_of_pairs(chain(*joined.values()), clock, series.metric)
    if fault:
        return replace(sample, choice=choice, fault=fault)
    return replace(
        sample,
        choice=choice,
        blind=_blind(first, clock, series.metric, terms),
        y={stage: worsenings(found, clock, terms) for stage, found in joined.items()},
    )


def _blind(first: Sequence[Pair], clock: Clock, metric: Metric, terms: Terms) -> str:
    if all_zero([side for pair in first for side in (pair.base, pair.head)], clock):
        return _unseen(metric)
    if too_coarse(first, clock, metric, terms):
        return wording.COARSE
    # what is not wholly seen is at most what was read: base may have had far less
    floored = clock is Clock.VALUE and all(not pair.base.whole for pair in first)
    if floored and all(not pair.head.whole for pair in first):
        return wording.FLOOR
    return ""
