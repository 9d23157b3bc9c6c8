"""From a ruling to a comparison: the numbers that people read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perfci.model.comparison import Comparison, Estimate, Interval, Outcome
from perfci.model.measurement import Launch
from perfci.model.revision import Mode
from perfci.stats.evidence import LIMIT_LEVEL, POWER, gather, quantile, weigh
from perfci.stats.launches import centres, median
from perfci.stats.numeric import Floats
from perfci.stats.prior import supposed
from perfci.stats.ragged import Ragged
from perfci.stats.read import read_by
from perfci.stats.replay import Told
from perfci.stats.robust import locate, medians
from perfci.stats.ruled import Ruled
from perfci.stats.sample import Sample, Staged
from perfci.stats.scales import scales_of
from perfci.stats.series import Design
from perfci.stats.terms import Terms


def comparisons(told: Sequence[Told], design: Design) -> tuple[Comparison, ...]:
    """Say what came out, series by series, in the same order."""
    base = _estimates(told, [it.sample.base for it in told], design)
    head = _estimates(told, [it.sample.head for it in told], design)
    numbers = _numbers(told, design.level)
    return tuple(
        Comparison(
            id=it.sample.series.id,
            metric=it.sample.series.metric,
            outcome=it.ruled.outcome,
            base=base[place] or _of_past(it.sample),
            head=head[place],
            change=numbers[place].change,
            interval=numbers[place].interval,
            p_value=numbers[place].p_value,
            detectable=numbers[place].detectable,
            sensitivity=_sensitivity(it.ruled, it.sample.terms),
            clock=it.sample.choice.clock if it.sample.choice else None,
            clock_reason=it.sample.choice.reason if it.sample.choice else "",
            launches=it.ruled.screened + it.ruled.launches,
            paired=design.mode is Mode.PAIRED and not it.sample.series.alone,
            weak=it.ruled.weak,
            needed=it.ruled.needed,
            by_rounds=it.ruled.by_rounds,
            explanation=it.ruled.explanation,
            warnings=(it.sample.note,) if it.sample.note else (),
        )
        for place, it in enumerate(told)
    )


def _sensitivity(ruled: Ruled, terms: Terms) -> float:
    """Return what the rule worked to see, as a change."""
    # rounded, so that 5 % is 0.05 again after its logarithm
    return terms.sensitivity if ruled.seen is None else round(terms.size(ruled.seen), 12)


def _behind(ruled: Ruled, side: Staged, mode: Mode) -> Sequence[Launch]:
    """Return the launches of a side that are behind a ruling; of a failed one none are sound."""
    if ruled.outcome is Outcome.FAILED:
        return ()
    launches = side.get(ruled.stage, ())
    one_sided = ruled.outcome in {Outcome.NEW, Outcome.MISSING}
    return launches if one_sided or mode is Mode.FILES else launches[: ruled.launches]


def _estimates(
    told: Sequence[Told], sides: Sequence[Staged], design: Design
) -> list[Estimate | None]:
    """Estimate one side of every series: the median of its launch medians, with an interval."""
    found: list[Estimate | None] = [None] * len(told)
    behind = [
        (place, _behind(it.ruled, side, design.mode))
        for place, (it, side) in enumerate(zip(told, sides, strict=True))
    ]
    there = [(place, launches) for place, launches in behind if launches]
    rows = centres([read_by(told[place].sample.clock, launches) for place, launches in there])
    points = medians(rows)
    low, high = _ends(rows, points, [told[place].sample.terms for place, _ in there], design.level)
    columns = zip(there, points.tolist(), low.tolist(), high.tolist(), strict=True)
    for (place, launches), point, least, most in columns:
        # without a logarithm there is a point, but no interval
        interval = None if math.isnan(least) else Interval(low=least, high=most, level=design.level)
        found[place] = Estimate(point=point, interval=interval, n=len(launches))
    return found


def _ends(
    rows: Ragged, points: Floats, terms: Sequence[Terms], level: float
) -> tuple[Floats, Floats]:
    """Return the ends of each row's interval around its point; NaN for one without."""
    low, high = np.full(len(terms), np.nan), np.full(len(terms), np.nan)
    absolute = np.array([each.absolute for each in terms], dtype=np.bool_)
    sound = absolute | (rows.least() > 0.0)
    kept = Ragged(values=rows.values[np.repeat(sound, rows.sizes)], sizes=rows.sizes[sound])
    own = [each for each, is_sound in zip(terms, sound, strict=True) if is_sound]
    scales = scales_of(own)
    evidence = weigh(
        locate(scales.rows(kept)),
        [supposed(each.spread) for each in own],
        np.array([each.floor for each in own]),
    )
    middle = scales.values(points[sound])
    reach = quantile(0.5 + level / 2, evidence.freedom) * evidence.error
    low[sound], high[sound] = scales.raws(middle - reach), scales.raws(middle + reach)
    return low, high


def _of_past(sample: Sample) -> Estimate | None:
    if not sample.past or sample.choice is None:
        return None
    centres = [point.centres[sample.clock] for point in sample.past]
    return Estimate(point=median(centres), n=len(centres), method="median of stored runs")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    """What the answer comes to, as changes."""

    change: float | None = None
    interval: Interval | None = None
    p_value: float | None = None
    detectable: float | None = None


def _numbers(told: Sequence[Told], level: float) -> list[_Numbers]:
    found = [_Numbers() for _ in told]
    answers = []
    for place, it in enumerate(told):
        answer, terms = it.ruled.answer, it.sample.terms
        if answer and it.ruled.repeats:
            change = terms.change(answer.location)
            found[place] = _Numbers(
                change=change,
                interval=Interval(low=change, high=change, level=level),
                detectable=_sensitivity(it.ruled, terms),
            )
        elif answer:
            answers.append((place, answer))
    evidence = gather([answer for _, answer in answers])
    margins = np.array([told[place].ruled.margin for place, _ in answers])
    least = np.array([told[place].ruled.least for place, _ in answers])
    two_sided = quantile(0.5 + level / 2, evidence.freedom) * evidence.error
    quantiles = quantile(LIMIT_LEVEL, evidence.freedom) + quantile(POWER, evidence.freedom)
    scales = scales_of([told[place].sample.terms for place, _ in answers])
    columns = (
        scales.changes(evidence.location),
        scales.changes(evidence.location - two_sided),
        scales.changes(evidence.location + two_sided),
        evidence.beyond(margins),
        scales.sizes(np.maximum(margins + quantiles * evidence.error, least)),
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for (place, _), (change, end, other, p, seen) in zip(answers, rows, strict=True):
        ruled, terms = told[place].ruled, told[place].sample.terms
        ruled_out = ruled.outcome in {Outcome.UNCHANGED, Outcome.IMPROVED}
        found[place] = _Numbers(
            change=change,
            interval=Interval(low=min(end, other), high=max(end, other), level=level),
            p_value=p,
            detectable=max(seen, _sensitivity(ruled, terms)) if ruled_out else seen,
        )
    return found
