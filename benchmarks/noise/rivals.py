"""Every peer's rule on the data that it is made for, over the same suites as perfci's."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.noise import peers
from benchmarks.noise.draw import SIZE, Draws, Whole
from benchmarks.noise.recorded import Streams
from benchmarks.noise.shapes import (
    LAUNCHES,
    RUN,
    SPAN,
    Shape,
    Stack,
    back_to_back,
    groups,
    history,
    interleaved,
    newest,
    stacks,
)
from benchmarks.noise.synthetic import Noise, synthetic_stack
from benchmarks.noise.tally import Judged, Tally
from perfci.model.comparison import Outcome
from perfci.stats.numeric import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A rule beside perfci's."""

    name: str
    data: str
    """The shape of its data, in words."""
    shape: Shape
    rule: Callable[[Floats, Floats], peers.Alarms]
    launches: float
    """Pairs of launches that it costs: half a pair where only head is run."""


_RULES: tuple[tuple[str, Callable[[Floats, Floats], peers.Alarms]], ...] = (
    ("Mann-Whitney, p < 0.05", peers.mann_whitney),
    ("Student's t, p < 0.05", peers.student),
    ("z of pairs >= 2.6, > 1 %", peers.z_of_pairs),
)

RIVALS = (
    *(
        Rival(
            name=f"ratio {limit:.0%}",
            data="history",
            shape=newest,
            rule=partial(peers.ratio, limit=limit),
            launches=RUN / 2,
        )
        for limit in (2.0, 1.1)
    ),
    Rival(
        name="t limit 0.99 of 20 runs",
        data="history",
        shape=history,
        rule=peers.t_limit,
        launches=RUN / 2,
    ),
    *(
        Rival(name=name, data="back to back", shape=back_to_back, rule=rule, launches=LAUNCHES)
        for name, rule in _RULES[:2]
    ),
    *(
        Rival(name=name, data="interleaved", shape=interleaved, rule=rule, launches=LAUNCHES)
        for name, rule in _RULES
    ),
)


def judge(streams: Streams, draws: Draws, rival: Rival, *, wall: bool) -> Tally:
    """Judge every drawn suite by one rival's rule.

    Args:
        streams: the recorded launches.
        draws: what the suites are made of.
        rival: the rule.
        wall: whether it reads wall time, as all of them do; else perfci's clock.
    """
    stacked = stacks(streams, wall=wall)
    alarms = np.zeros(draws.workload.size, dtype=np.bool_)
    for key, places, starts in groups(draws, sorted(streams[0])):
        alarms[places] = _alarms(rival, stacked[key], starts)
    return _count(rival, draws.percent / 100, alarms.reshape(draws.percent.shape))


def judge_synthetic(noise: Noise, change: float, suites: int, rival: Rival, seed: int) -> Tally:
    """Judge suites of 100 synthetic benchmarks, all changed alike, by one rival's rule."""
    chance = np.random.Generator(np.random.PCG64(seed))
    benchmarks = suites * SIZE
    stack = synthetic_stack(noise, change, benchmarks * SPAN, chance)
    alarms = _alarms(rival, stack, np.arange(benchmarks) * SPAN).reshape(suites, SIZE)
    return _count(rival, np.full(alarms.shape, change), alarms)


def _alarms(rival: Rival, stack: Stack, starts: Whole) -> peers.Alarms:
    seen = rival.shape(stack, starts)
    return rival.rule(seen.base, seen.head)


def _count(rival: Rival, changes: Floats, alarms: peers.Alarms) -> Tally:
    tally = Tally()
    for truths, told in zip(changes.tolist(), alarms.tolist(), strict=True):
        tally.add(
            Judged(
                change=truth,
                outcome=Outcome.REGRESSED if alarm else Outcome.UNCHANGED,
                launches=rival.launches,
            )
            for truth, alarm in zip(truths, told, strict=True)
        )
    return tally
