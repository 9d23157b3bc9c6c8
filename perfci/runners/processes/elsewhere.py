"""Where a benchmark runs when it does not run beside perfci: in a container of its own image."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.runners.failures import tail
from perfci.runners.processes.spawning import Spawner


class Elsewhere(Protocol):
    """One side of a benchmark with an `image`, or, in the same words, one that has none."""

    @property
    def spawner(self) -> Spawner:
        """Return what starts programs there; whoever made it closes it."""
        ...

    @property
    def root(self) -> Path:
        """Return the side's root as programs see it there."""
        ...

    @property
    def environ(self) -> Mapping[str, str]:
        """Return the variables that programs have there before perfci and the user add any."""
        ...

    @property
    def output(self) -> Path:
        """Return the file, as seen there, that programs' outputs are written to."""
        ...

    def read_output(self) -> str:
        """Return the end of that file, made harmless; empty where it cannot be read."""
        ...


Find = Callable[[Benchmark, Side], Elsewhere]
"""Opens where a benchmark with an `image` runs, or returns what is open already.

Raises MeasurementError where it cannot be had: no socket, no such image.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The place of a command that runs beside perfci."""

    spawner: Spawner
    root: Path
    environ: Mapping[str, str]
    output: Path

    def read_output(self) -> str:
        """Return the end of what was printed; see `Elsewhere.read_output`."""
        return tail(self.output)
