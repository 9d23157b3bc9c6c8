"""What every kind of work that asks a server has in common: whom it asks, and what came back."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Clock, Launch
from perfci.model.metric import PERCENTILES
from perfci.ports import LaunchOrder
from perfci.runners.failures import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One server to be asked."""

    subject: Subject
    url: str
    """The work's address with its port filled in."""
    secret: str = field(default="", repr=False)
    """Token or key from the environment; never shown."""
    seed: int
    """64 bits, of the launch: both sides are asked alike."""

    @property
    def benchmark(self) -> Benchmark:
        """Return whose server it is."""
        return self.subject.benchmark


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one side answered in one launch, all its parts together."""

    durations: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of each good answer, by metric: `latency`; in wall time, as a client waits."""
    values: dict[str, list[float]] = field(default_factory=dict)
    """What is no duration, by metric, one value an answer: `tokens_per_second`."""
    totals: dict[str, float] = field(default_factory=dict)
    """What holds for the whole launch, by metric: `throughput`."""
    asked: int = 0
    """Requests that were sent or should have been."""
    errors: Counter[str] = field(default_factory=Counter)
    """Requests without a good answer, by what went wrong: `status 500`, `timeout`."""
    warnings: list[str] = field(default_factory=list)
    """What the reader has to know of these values."""
    account: dict[str, float] = field(default_factory=dict)
    """Sums that a client keeps from part to part and that are no metrics: seconds, counts."""

    def took(self, metric: str, seconds: float) -> None:
        """Enter how long an answer took."""
        self.durations.setdefault(metric, []).append(seconds)

    def gave(self, metric: str, value: float) -> None:
        """Enter a value that is no duration."""
        self.values.setdefault(metric, []).append(value)

    def launches(self, order: LaunchOrder) -> dict[str, Launch]:
        """Return the launch's value of every metric: medians, and percentiles by their names.

        Source: statistics.md M.
        """
        found = {name: (Clock.WALL, value) for name, value in _with_percentiles(self.durations)}
        found |= {
            name: (Clock.VALUE, float(np.median(values)))
            for name, values in self.values.items()
            if values
        }
        found |= {name: (Clock.VALUE, value) for name, value in self.totals.items()}
        if self.asked:
            found["error_rate"] = (Clock.VALUE, self.errors.total() / self.asked)
        return {
            name: Launch(
                number=order.number,
                stage=order.stage,
                position=order.position,
                clocks={clock: (value,)},
            )
            for name, (clock, value) in found.items()
        }


def _with_percentiles(durations: dict[str, list[float]]) -> Iterator[tuple[str, float]]:
    for name, seconds in durations.items():
        if seconds:
            yield name, float(np.median(seconds))
            for ending, percent in PERCENTILES.items():
                yield f"{name}_{ending}", float(np.percentile(seconds, percent))


class Client(Protocol):
    """Asks servers of one kind. Lives for one run."""

    def secret_env(self, benchmark: Benchmark) -> str:
        """Return the name of the variable that holds the secret; empty where none is needed."""
        ...

    def parts(self, benchmark: Benchmark) -> int:
        """Return into how many parts a launch is cut; the sides take turns, part by part."""
        ...

    def warm_up(self, target: Target) -> None:
        """Ask a little, so that what only the first request costs is not measured.

        Raises:
            MeasurementError: it cannot be asked: refused, 401, 404, no such model.
        """
        ...

    def ask(self, target: Target, tally: Tally, part: int) -> None:
        """Ask one part of a launch's questions and enter what came back.

        Args:
            target: who is asked.
            tally: of that side and launch.
            part: counts from 0 below `parts`.

        Raises:
            MeasurementError: no answer can be had at all.
        """
        ...
