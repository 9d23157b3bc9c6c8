"""Launches made from a seed, whose truth is exact: lognormal noise of several kinds."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.noise.follow import PAIRED, follow
from benchmarks.noise.shapes import Stack
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Stage
from perfci.model.metric import Better, Metric
from perfci.stats.launches import Pair
from perfci.stats.numeric import Floats
from perfci.stats.series import Design, Series

LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Lognormal noise, as standard deviations of logarithms."""

    run: float = 0.0
    """Of both sides alike: the minute in which they ran."""
    launch: float = 0.0
    """Of each side's process on its own."""
    value: float = 0.0
    """Of every single value."""
    odd: float = 0.0
    """Chance that a side's process is 5 % slower throughout, as by an unlucky memory layout."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """One benchmark as it really is."""

    name: str
    change: float = 0.0
    """Head against base, as a ratio minus 1."""
    noise: Noise = field(default_factory=Noise)
    metric: Metric = LATENCY


def run(
    truths: Sequence[Truth], seed: int, design: Design = PAIRED, most: int = 10**6
) -> list[Series]:
    """Measure as the loop does until the rule asks for nothing more.

    Args:
        truths: the benchmarks, or several series of some.
        seed: of all chance.
        design: how to decide.
        most: launches of all benchmarks together, after which the time is up.
    """
    chance = np.random.default_rng(seed)
    empty = [
        Series(
            id=BenchmarkId(suite="codec", name=it.name),
            metric=it.metric,
            sensitivity=0.05,
            base=(),
            head=(),
        )
        for it in truths
    ]

    def source(place: int, number: int, stage: Stage) -> Pair:
        return _measured(truths[place], chance, number, stage)

    return follow(empty, source, design, most)


def synthetic_stack(
    noise: Noise, change: float, launches: int, chance: np.random.Generator
) -> Stack:
    """Measure launches as `run` does, all at once, and without asking any rule."""
    both = _values(noise, change, launches, chance)
    return Stack(base=both[:, 0], head=both[:, 1])


def _values(noise: Noise, change: float, launches: int, chance: np.random.Generator) -> Floats:
    """Return ten values of base and of head: launches by sides by values."""
    common = 0.01 * np.exp(noise.run * chance.standard_normal((launches, 1, 1)))
    own = np.exp(noise.launch * chance.standard_normal((launches, 2, 1)))
    own *= np.where(chance.random((launches, 2, 1)) < noise.odd, 1.05, 1.0)
    each = np.exp(noise.value * chance.standard_normal((launches, 2, 10)))
    values: Floats = common * own * each * np.array([[1.0], [1.0 + change]])
    return values


def _measured(truth: Truth, chance: np.random.Generator, number: int, stage: Stage) -> Pair:
    base, head = (
        Launch(number=number, stage=stage, position=0, clocks={Clock.VALUE: tuple(values)})
        for values in _values(truth.noise, truth.change, 1, chance)[0].tolist()
    )
    return Pair(base=base, head=head)
