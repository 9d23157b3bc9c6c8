"""Series made of launches that are named value by value, and what the rule says of them."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from benchmarks.noise.follow import PAIRED
from benchmarks.noise.synthetic import LATENCY, Noise, Truth, run
from perfci.model.comparison import Comparison
from perfci.model.history import Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Stage
from perfci.model.metric import Assumption, Better, Metric
from perfci.stats.decide import Request, compare_series, decide
from perfci.stats.series import Design, Series

__all__ = ["LATENCY", "PAIRED", "Noise", "Truth", "run"]

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
