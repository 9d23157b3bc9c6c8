"""One truth for the stages: what the measuring loop asks and what the comparison answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from perfci.model.comparison import Outcome
from perfci.model.measurement import Stage
from perfci.model.revision import Mode
from perfci.stats.evidence import gather
from perfci.stats.past import rule_past
from perfci.stats.rule import rule_pairs
from perfci.stats.ruled import Ruled, Want, failed, improved, new
from perfci.stats.sample import Sample, samples_of, set_of
from perfci.stats.series import Design, Series
from perfci.stats.unpaired import rule_files

Rule = Callable[[Sequence[Sample], Design], list[Ruled]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A series, made ready, with the ruling over it."""

    sample: Sample
    ruled: Ruled


def replay(series: Sequence[Series], design: Design) -> list[Told]:
    """Rule over all series of a run from their launches alone.

    Args:
        series: every series of the run, the decided ones included: they tell of the others'
            spread, and the error level is for all together.
        design: how the run decides.

    Returns:
        One ruling a series, in the same order. A ruling that lacks launches wants them.
    """
    samples = samples_of(series, design)
    rulings = _name_improved(samples, _rulings(samples, design), design.alpha)
    return [Told(sample=it, ruled=ruled) for it, ruled in zip(samples, rulings, strict=True)]


def _rulings(samples: Sequence[Sample], design: Design) -> list[Ruled]:
    match design.mode:
        case Mode.PAIRED:
            return _paired(samples, design)
        case Mode.FILES:
            return _two_sided(samples, design, rule_files)
        case Mode.HISTORY:
            return rule_past(samples, design)
        case Mode.RECORD:
            return [_recorded(sample, design) for sample in samples]
        case _ as never:
            assert_never(never)


def _paired(samples: Sequence[Sample], design: Design) -> list[Ruled]:
    """Rule over pairs, and over what there is of head alone, beside stored runs if there are any.

    Each part that can be compared gets its share of the error level, which is for all together.
    """
    alone = [place for place, sample in enumerate(samples) if sample.series.alone]
    together = [place for place, sample in enumerate(samples) if not sample.series.alone]
    beside = sum(bool(samples[place].series.past) for place in alone)
    share = design.alpha / max(1, beside + len(together))
    found: dict[int, Ruled] = {}
    part = [samples[place] for place in alone]
    own = replace(design, mode=Mode.HISTORY, alpha=share * beside)
    found |= zip(alone, rule_past(part, own), strict=True)
    part = [samples[place] for place in together]
    own = replace(design, alpha=share * len(together))
    found |= zip(together, _two_sided(part, own, rule_pairs), strict=True)
    return [found[place] for place in range(len(samples))]


def _two_sided(samples: Sequence[Sample], design: Design, rule: Rule) -> list[Ruled]:
    """Rule over what has both sides, or neither yet; name the rest."""
    ruled = {place: _one_sided(sample) for place, sample in enumerate(samples)}
    both = [place for place, ruling in ruled.items() if ruling is None]
    found = dict(zip(both, rule([samples[place] for place in both], design), strict=True))
    return [ruled[place] or found[place] for place in range(len(samples))]


def _one_sided(sample: Sample) -> Ruled | None:
    series = sample.series
    if bool(series.base) == bool(series.head):
        return None
    if not series.head:
        return Ruled(outcome=Outcome.MISSING)
    return failed(sample.fault) if sample.fault else new(len(sample.head[Stage.SCREEN]))


def _recorded(sample: Sample, design: Design) -> Ruled:
    if sample.fault:
        return failed(sample.fault)
    size = set_of(sample.series, design)
    there = len(sample.head[Stage.SCREEN])
    missing = Want(stage=Stage.SCREEN, look=size, launches=size - there)
    return new(there, missing if there < size else None)


def _name_improved(samples: Sequence[Sample], rulings: list[Ruled], alpha: float) -> list[Ruled]:
    """Turn `unchanged` into `improved` where the launches at hand prove it.

    Source: statistics.md E5b 6.
    """
    told = [
        (place, ruled.answer)
        for place, ruled in enumerate(rulings)
        if ruled.outcome is Outcome.UNCHANGED and ruled.answer and not ruled.repeats
    ]
    if not told:
        return rulings
    margins = np.array([samples[place].terms.margin for place, _ in told])
    p = gather([answer for _, answer in told]).below(margins)
    found = list(rulings)
    for row, (place, answer) in enumerate(told):
        if p[row] < alpha / len(samples) and -answer.location > rulings[place].least:
            found[place] = improved(rulings[place])
    return found
