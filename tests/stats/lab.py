"""Launches with exact truth, and the measuring loop without processes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from perfci.model.comparison import Comparison
from perfci.model.history import Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Stage
from perfci.model.metric import Assumption, Better, Metric
from perfci.model.revision import Mode
from perfci.stats.decide import Request, compare_series, decide
from perfci.stats.series import Design, Series

PAIRED = Design(mode=Mode.PAIRED)
LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)
MEMORY = Metric(name="memory_usage", unit="B", better=Better.LOWER)
THROUGHPUT = Metric(name="throughput", unit="1/s", better=Better.HIGHER)
ERRORS = Metric(name="error_rate", unit="ratio", better=Better.LOWER, absolute=True)
INSTRUCTIONS = Metric(
    name="instructions", unit="count", better=Better.LOWER, assumption=Assumption.EXACT
)


def launch(
    *values: float, number: int = 1, stage: Stage = Stage.SCREEN, clock: Clock = Clock.VALUE
) -> Launch:
    return Launch(number=number, stage=stage, position=0, clocks={clock: values})


def side(
    values: Iterable[float], stage: Stage = Stage.SCREEN, first: int = 1
) -> tuple[Launch, ...]:
    """Make launches of one value each."""
    return tuple(launch(it, number=first + at, stage=stage) for at, it in enumerate(values))


def series(
    base: Sequence[Launch],
    head: Sequence[Launch],
    *,
    name: str = "parse",
    metric: Metric = LATENCY,
    sensitivity: float = 0.05,
    past: tuple[Point, ...] = (),
) -> Series:
    return Series(
        id=BenchmarkId(suite="codec", name=name),
        metric=metric,
        sensitivity=sensitivity,
        base=tuple(base),
        head=tuple(head),
        past=past,
    )


def pair(screen: list[float], confirm: list[float] | None = None, **given: Any) -> Series:
    """Make a series whose base is always 1."""
    fresh = confirm or []
    base = side([1.0] * len(screen)) + side([1.0] * len(fresh), Stage.CONFIRM, 100)
    head = side(screen) + side(fresh, Stage.CONFIRM, 100)
    return series(base, head, **given)


def wanted(one: Series, design: Design = PAIRED) -> Request | None:
    return decide([one], design).requests.get(one.key)


def compared(one: Series, design: Design = PAIRED) -> Comparison:
    (comparison,) = compare_series([one], design)
    return comparison


def jitter(n: int, spread: float, level: float = 1.0) -> list[float]:
    """Return n values around a level, spread evenly in logarithm, in a scrambled order."""
    order = [(7 * at) % n for at in range(n)] if n % 7 else list(range(n))
    steps = np.linspace(-1.7, 1.7, n) if n > 1 else np.zeros(1)
    return [float(level * np.exp(spread * steps[at])) for at in order]


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


def measured(truth: Truth, chance: np.random.Generator, number: int, stage: Stage) -> list[Launch]:
    """Measure one launch of base and of head, ten values each."""
    noise = truth.noise
    common = 0.01 * np.exp(noise.run * chance.standard_normal())
    own = np.exp(noise.launch * chance.standard_normal((2, 1)))
    own *= np.where(chance.random((2, 1)) < noise.odd, 1.05, 1.0)
    each = np.exp(noise.value * chance.standard_normal((2, 10)))
    sides = common * own * each * np.array([[1.0], [1.0 + truth.change]])
    return [launch(*values, number=number, stage=stage) for values in sides.tolist()]


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
    every = [series((), (), name=it.name, metric=it.metric) for it in truths]
    total = 0
    while requests := decide(every, design).requests:
        for at, truth in enumerate(truths):
            request = requests.get(every[at].key)
            for _ in range(request.launches if request else 0):
                if total == most:
                    return every
                assert request
                now = every[at]
                base, head = measured(truth, chance, len(now.head) + 1, request.stage)
                every[at] = replace(now, base=(*now.base, base), head=(*now.head, head))
                total += 1
    return every
