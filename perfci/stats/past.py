"""The history rule: head's centre against the stored runs of an equal environment.

Runs of other hours differ by more than their launches tell, so a prediction limit over whole
runs decides, only large changes count, and a suspicion is confirmed by a second set of launches.
Source: statistics.md E5, E5b 12.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from perfci.model.comparison import Outcome
from perfci.model.measurement import Stage
from perfci.stats import exact, wording
from perfci.stats.between import Between, between, expected
from perfci.stats.evidence import Evidence, holm
from perfci.stats.launches import centre, median
from perfci.stats.ruled import Ruled, Want, failed, new, same, unseen
from perfci.stats.sample import SET, Sample, all_zero, set_of
from perfci.stats.series import Design


def rule_past(samples: Sequence[Sample], design: Design) -> list[Ruled]:
    """Rule over all series of a run that is compared with stored ones.

    Args:
        samples: every series.
        design: launches in a set, error level, and whether suspicions can be confirmed.

    Returns:
        One ruling a series, in the same order; what wants launches is `inconclusive`.
    """
    settled = {
        place: _special(sample, set_of(sample.series, design))
        for place, sample in enumerate(samples)
    }
    ready = [place for place, ruling in settled.items() if ruling is None]
    ruled = {place: ruling for place, ruling in settled.items() if ruling is not None}
    lacking = sum(ruling.outcome is Outcome.INCONCLUSIVE for ruling in ruled.values())
    judged = _judge([samples[place] for place in ready], Stage.SCREEN, design, lacking)
    ruled |= dict(zip(ready, judged, strict=True))
    suspects = [place for place in ready if ruled[place].outcome is Outcome.REGRESSED]
    final = [place for place in suspects if samples[place].series.given or not design.confirms]
    ruled |= _confirm(samples, [it for it in suspects if it not in final], ruled, design)
    for place in final:
        ruled[place] = replace(ruled[place], weak=True, explanation=wording.UNCONFIRMED)
    return [ruled[place] for place in range(len(samples))]


def _special(sample: Sample, size: int) -> Ruled | None:
    """Rule over what needs no statistics, or lacks launches for them; else None."""
    there = len(sample.head[Stage.SCREEN])
    if sample.fault:
        return failed(sample.fault)
    if not sample.past:
        want = Want(stage=Stage.SCREEN, look=size, launches=size - there)
        return new(there, want if there < size else None)
    if sample.blind and there == size:
        return unseen(sample.blind, there)
    if there:
        level = sample.past[-1].centres[sample.clock]
        ruling = exact.rule_past(sample, level, sample.past[-1].spread)
        if ruling:
            return ruling
        # where a ratio is asked for, stored zeros are only left beside a head of zeros: equal
        if level == 0.0 and not sample.terms.absolute and there == size:
            return same(sample.terms, 0.0, there)
    return _lacking(sample, size) if there < size else None


def _lacking(sample: Sample, size: int) -> Ruled:
    """Rule inconclusive what has not its whole first set, with what it says all the same."""
    there = len(sample.head[Stage.SCREEN])
    missing = exact.goal(sample, there, size) - there
    ruled = Ruled(
        outcome=Outcome.INCONCLUSIVE,
        wants=Want(stage=Stage.SCREEN, look=size, launches=missing),
        explanation=wording.ended_early(Stage.SCREEN) if there else wording.UNMEASURED,
        seen=sample.terms.apart,
        least=sample.terms.apart,
    )
    if not there or (
        all_zero(sample.head[Stage.SCREEN], sample.clock) and not sample.terms.absolute
    ):
        return ruled
    spread = between(sample)
    answer = _evidence([sample], [spread], Stage.SCREEN).at(0)
    return replace(ruled, answer=answer, launches=there, weak=not spread.known)


def _confirm(
    samples: Sequence[Sample], suspects: Sequence[int], ruled: dict[int, Ruled], design: Design
) -> dict[int, Ruled]:
    """Hold every suspicion against a second set of launches."""
    size = design.rounds or SET
    found: dict[int, Ruled] = {}
    ready = []
    for place in suspects:
        there = len(samples[place].head[Stage.CONFIRM])
        if there >= size:
            ready.append(place)
            continue
        found[place] = replace(
            ruled[place],
            outcome=Outcome.INCONCLUSIVE,
            wants=Want(stage=Stage.CONFIRM, look=size, launches=size - there),
            explanation=wording.ended_early(Stage.CONFIRM),
        )
    second = _judge([samples[place] for place in ready], Stage.CONFIRM, design, len(found))
    return found | dict(zip(ready, second, strict=True))


def _judge(samples: Sequence[Sample], stage: Stage, design: Design, lacking: int) -> list[Ruled]:
    """Judge series by one set of launches.

    Args:
        samples: series with a whole set.
        stage: whose set.
        design: error level.
        lacking: series that belong to the family but could not be tested.
    """
    spreads = [between(sample) for sample in samples]
    evidence = _evidence(samples, spreads, stage)
    family = len(samples) + lacking
    worse = holm(evidence.beyond(np.zeros(len(samples))), design.alpha, family)
    upper = evidence.upper()
    rulings = []
    for row, (sample, spread) in enumerate(zip(samples, spreads, strict=True)):
        apart = sample.terms.apart
        answer = evidence.at(row)
        outcome = Outcome.INCONCLUSIVE
        if worse[row] and answer.location > apart:
            outcome = Outcome.REGRESSED
        elif upper[row] < apart:
            outcome = Outcome.UNCHANGED
        size = set_of(sample.series, design)
        why = ""
        if not spread.known:
            why = wording.few_runs(len(sample.past))
        elif outcome is Outcome.INCONCLUSIVE:
            why = wording.runs_spread(spread.variance**0.5, spread.runs, sample.terms)
        rulings.append(
            Ruled(
                outcome=outcome,
                stage=stage,
                launches=size,
                screened=size if stage is Stage.CONFIRM else 0,
                answer=answer,
                least=apart,
                seen=apart,
                weak=not spread.known,
                explanation=why,
            )
        )
    return rulings


def _evidence(samples: Sequence[Sample], spreads: Sequence[Between], stage: Stage) -> Evidence:
    """Weigh head's centres against the stored ones, as one more run among them."""
    change, error, freedom = [], [], []
    for sample, spread in zip(samples, spreads, strict=True):
        terms, clock = sample.terms, sample.clock
        head = median(centre(launch, clock) for launch in sample.head[stage])
        stored = np.array([terms.value(point.centres[clock]) for point in sample.past])
        variance, degrees = spread.believed(expected(sample, spread))
        change.append(terms.sign * (terms.value(head) - stored.mean()))
        error.append(max(variance**0.5, terms.floor) * (1 + 1 / stored.size) ** 0.5)
        freedom.append(degrees)
    return Evidence(
        location=np.array(change),
        error=np.array(error),
        freedom=np.array(freedom, dtype=np.float64),
    )
