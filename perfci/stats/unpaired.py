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
from perfci.stats.numeric import Floats
from perfci.stats.prior import fit_pools, supposed
from perfci.stats.robust import locate, medians
from perfci.stats.ruled import Ruled, failed
from perfci.stats.sample import Sample
from perfci.stats.series import Design

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
    if not sample.head[Stage.SCREEN]:
        return Ruled(outcome=Outcome.INCONCLUSIVE, explanation=wording.UNMEASURED)
    return exact.rule_files(sample)


def _judge(samples: Sequence[Sample], design: Design) -> list[Ruled]:
    evidence = _evidence(samples)
    margins = np.array([sample.terms.margin for sample in samples])
    worse = holm(evidence.beyond(margins), design.alpha, len(samples))
    upper = evidence.upper()
    rulings = []
    for row, sample in enumerate(samples):
        terms, answer = sample.terms, evidence.at(row)
        base, head = len(sample.base[Stage.SCREEN]), len(sample.head[Stage.SCREEN])
        outcome = Outcome.INCONCLUSIVE
        if worse[row] and answer.location > terms.apart:
            outcome = Outcome.REGRESSED
        elif upper[row] < terms.apart:
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


def _centres(samples: Sequence[Sample], sides: Sequence[tuple[Launch, ...]]) -> _Centres:
    """Locate every side; where it has one launch, that launch's values stand in for launches."""
    rows = _rows(samples, sides)
    alone = np.array([len(side) == 1 for side in sides], dtype=np.bool_)
    located = locate(rows)
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
        location=np.where(alone, medians(rows), located.mean),
        squared=variance / located.n + between**2,
        freedom=np.where(alone, SUPPOSED_FREEDOM, freedom),
    )


def _rows(samples: Sequence[Sample], sides: Sequence[tuple[Launch, ...]]) -> list[Floats]:
    """Return each side's launches on the scale of y; of one launch, its values.

    A file may hold a million values, in a million launches: they are taken all at once.
    """
    chosen = list(zip(samples, sides, strict=True))
    every = [
        launch.clocks[sample.clock] for sample, side in chosen if len(side) > 1 for launch in side
    ]
    centres, start = medians(every), 0
    rows = []
    for sample, side in chosen:
        if len(side) == 1:
            row = np.array(side[0].clocks[sample.clock], dtype=np.float64)
        else:
            row = centres[start : start + len(side)]
            start += len(side)
        rows.append(row if sample.terms.absolute else np.log(row))
    return rows
