"""Suites of 100 synthetic benchmarks, of which some are truly slower, through perfci's rule."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from benchmarks.noise.draw import SIZE
from benchmarks.noise.follow import PAIRED
from benchmarks.noise.synthetic import Noise, Truth, run
from benchmarks.noise.tally import Judged, Tally
from perfci.stats.decide import compare_series
from perfci.stats.series import Design

RUN_NOISE = (0.01, 0.03, 0.08)
"""Spread between launches that base and head share; pairs take it out."""

Kind = Callable[[float, int, float], list[Truth]]
"""Makes a suite: the change, of every how many-th benchmark, and the shared noise."""


def usual(change: float, share: int, run_noise: float = 0.08) -> list[Truth]:
    """Make benchmarks that all spread by 2.4 % a launch, as measured on a loaded machine."""
    noise = Noise(run=run_noise, launch=0.012, value=0.03)
    return [
        Truth(name=f"n{at}", change=0.0 if at % share else change, noise=noise)
        for at in range(SIZE)
    ]


def mixed(change: float, share: int, run_noise: float = 0.08) -> list[Truth]:
    """Make benchmarks of which each has a spread of its own, from 0.6 to 5 % a launch."""
    spreads = [0.004 * 8 ** (at / (SIZE - 1)) for at in range(SIZE)]
    # 37 is prime to 100: the changed ones are of every spread
    spreads = [spreads[37 * at % SIZE] for at in range(SIZE)]
    return [
        replace(it, noise=Noise(run=run_noise, launch=spread, value=spread))
        for it, spread in zip(usual(change, share), spreads, strict=True)
    ]


def layouts(change: float, share: int, run_noise: float = 0.08) -> list[Truth]:
    """Make benchmarks of which one process in ten is 5 % slower by bad luck."""
    noise = Noise(run=run_noise, launch=0.008, value=0.02, odd=0.1)
    return [replace(it, noise=noise) for it in usual(change, share)]


KINDS: dict[str, Kind] = {"usual": usual, "mixed": mixed, "layouts": layouts}


def judge(truths: Sequence[Truth], seed: int, design: Design = PAIRED) -> list[Judged]:
    """Measure one suite as the loop does, and judge it."""
    series = run(truths, seed, design)
    return [
        Judged(change=truth.change, outcome=it.outcome, launches=len(one.head))
        for truth, one, it in zip(truths, series, compare_series(series, design), strict=True)
    ]


def count(suites: Iterable[Sequence[Truth]], seed: int, design: Design = PAIRED) -> Tally:
    """Judge suites, each with chance of its own."""
    tally = Tally()
    for at, truths in enumerate(suites):
        tally.add(judge(truths, seed + at, design))
    return tally
