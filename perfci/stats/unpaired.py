"""Two files, launches on each side, measured at different times: Welch's test on their centres.

Source: Welch, Biometrika 34, 1947; statistics.md E5b 13; contract.md, small print.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perfci.model.comparison import Outcome
from perfci.model.measurement import Launch, Stage
from perfci.stats import exact, wording
from perfci.stats.evidence import Evidence, holm, shrunken
from perfci.stats.launches import centres
from perfci.stats.numeric import Floats
from perfci.stats.prior import fit_pools, supposed
from perfci.stats.ragged import Ragged
from perfci.stats.read import opened, read_by
from perfci.stats.robust import joined, locate
from perfci.stats.ruled import Ruled, failed, unseen
from perfci.stats.sample import Sample
from perfci.stats.scales import scales_of
from perfci.stats.series import Design

_AT_ONCE = 1000
"""Sides whose values are looked at together: copies of those of all would fill the memory."""
SUPPOSED_FREEDOM = 4.0
"""What a spread that is only supposed is worth."""


def rule_files(samples: Sequence[Sample], design: Design) -> list[Ruled]:
    """Rule over all series of two files; nothing more can be measured.

    Args:
        samples: every series that has both sides.
        design: the error level.

    Returns:
        One ruling a series, in the same order.
    """
    settled = {place: _special(sample) for place, sample in enumerate(samples)}
    ruled = {place: ruling for place, ruling in settled.items() if ruling is not None}
    ready = [place for place, ruling in settled.items() if ruling is None]
    ruled |= dict(zip(ready, _judge([samples[place] for place in ready], design), strict=True))
    return [ruled[place] for place in range(len(samples))]


def _special(sample: Sample) -> Ruled | None:
    """Rule over what needs no statistics, or offers nothing for them; else None."""
    if sample.fault:
        return failed(sample.fault)
    if sample.blind:
        return unseen(sample.blind, len(sample.head[Stage.SCREEN]))
    if not sample.head[Stage.SCREEN]:
        return Ruled(outcome=Outcome.INCONCLUSIVE, explanation=wording.UNMEASURED)
    return exact.rule_files(sample)


def _judge(samples: Sequence[Sample], design: Design) -> list[Ruled]:
    evidence = _evidence(samples)
    margins = np.array([sample.terms.margin for sample in samples])
    worse = holm(evidence.beyond(margins), design.alpha, len(samples))
    rows = zip(samples, evidence.answers(), worse.tolist(), evidence.upper().tolist(), strict=True)
    rulings = []
    for sample, answer, fell, upper in rows:
        terms = sample.terms
        base, head = len(sample.base[Stage.SCREEN]), len(sample.head[Stage.SCREEN])
        outcome = Outcome.INCONCLUSIVE
        if fell and answer.location > terms.apart:
            outcome = Outcome.REGRESSED
        elif upper < terms.apart:
            outcome = Outcome.UNCHANGED
        rulings.append(
            Ruled(
                outcome=outcome,
                launches=head,
                answer=answer,
                margin=terms.margin,
                least=terms.apart,
                seen=terms.apart,
                weak=True,
                explanation=wording.not_together(min(base, head), terms),
            )
        )
    return rulings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Centres:
    """One side of every series: its location, the squared error of that, and its freedom."""

    location: Floats
    squared: Floats
    freedom: Floats


def _evidence(samples: Sequence[Sample]) -> Evidence:
    sides = [sample.base[Stage.SCREEN] for sample in samples]
    sides += [sample.head[Stage.SCREEN] for sample in samples]
    both = _centres([*samples, *samples], sides)
    half = len(samples)
    sign = np.array([sample.terms.sign for sample in samples], dtype=np.float64)
    base, head = both.squared[:half], both.squared[half:]
    total = base + head
    freedom = total**2 / (base**2 / both.freedom[:half] + head**2 / both.freedom[half:])
    return Evidence(
        location=sign * (both.location[half:] - both.location[:half]),
        error=np.sqrt(total),
        freedom=freedom,
    )


def _centres(samples: Sequence[Sample], sides: Sequence[Sequence[Launch]]) -> _Centres:
    """Locate every side; where it has one launch, that launch's values stand in for launches."""
    blocks = [slice(at, at + _AT_ONCE) for at in range(0, len(sides), _AT_ONCE)]
    located = joined([locate(_rows(samples[block], sides[block])) for block in blocks])
    alone = np.array([len(side) == 1 for side in sides], dtype=np.bool_)
    floors = np.array([sample.terms.floor for sample in samples])
    # the spread of values says nothing of the spread of launches: pools of their own
    pools = [(sample.pool, bool(one)) for sample, one in zip(samples, alone, strict=True)]
    fitted = fit_pools(pools, located.variance, located.freedom, floors)
    priors = [
        fitted.get(pool) or supposed(sample.terms.spread)
        for pool, sample in zip(pools, samples, strict=True)
    ]
    variance, freedom = shrunken(located, priors, floors)
    between = np.array([sample.terms.file_spread for sample in samples]) * alone
    return _Centres(
        location=np.where(alone, located.median, located.mean),
        squared=variance / located.n + between**2,
        freedom=np.where(alone, SUPPOSED_FREEDOM, freedom),
    )


def _rows(samples: Sequence[Sample], sides: Sequence[Sequence[Launch]]) -> Ragged:
    """Return each side's launches on the scale of y; of one launch, its values."""
    read = [
        opened(read_by(sample.clock, side)) for sample, side in zip(samples, sides, strict=True)
    ]
    return scales_of([sample.terms for sample in samples]).rows(centres(read))
