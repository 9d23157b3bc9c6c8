"""Where a worker runs: beside perfci, or, in the same words, in a container of its own image."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.runners.callables.interpreter import Interpreter, interpreter
from perfci.runners.callables.pipes import LocalPipes, Pipes
from perfci.runners.failures import tail
from perfci.runners.processes.elsewhere import Elsewhere
from perfci.runners.processes.spawning import Spawner

FOLDER = Path(__file__).parent
"""Where the programs of this room lie."""
WORKER = "worker"
"""Folder beside this file that holds the worker; `__main__.py` in it is what is run."""


class Workplace(Elsewhere, Protocol):
    """One side of a benchmark of a callable."""

    @property
    def definitions(self) -> Path:
        """Return the tree, as seen there, that the benchmark's own files are read from."""
        ...

    def python(self, setting: str | None, environ: Mapping[str, str]) -> Interpreter:
        """Choose the interpreter.

        Args:
            setting: `interpreter` as the user wrote it; None for the usual ones.
            environ: the worker's variables; `PATH` counts.
        """
        ...

    def program(self, name: str) -> Path:
        """Return where the folder of that name beside this file lies, as seen there."""
        ...

    def pipes(self) -> Pipes:
        """Open a fresh pair for one worker, which closes it."""
        ...


Find = Callable[[Benchmark, Side], Workplace]
"""Opens where a benchmark with an `image` runs, or returns what is open already.

Raises MeasurementError where it cannot be had: no socket, no such image.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A worker's place beside perfci."""

    side: Side
    spawner: Spawner
    root: Path
    definitions: Path
    environ: Mapping[str, str]
    scratch: Path

    @property
    def output(self) -> Path:
        """Return the file that the worker's outputs are written to."""
        return self.scratch / f"{self.side}-output"

    def read_output(self) -> str:
        """Return the end of that file; see `Elsewhere.read_output`."""
        return tail(self.output)

    def python(self, setting: str | None, environ: Mapping[str, str]) -> Interpreter:
        """Choose the interpreter; see `Workplace.python`."""
        return interpreter(setting, self.root, environ)

    def program(self, name: str) -> Path:
        """Return the folder beside this file."""
        return FOLDER / name

    def pipes(self) -> Pipes:
        """Open a fresh pair; see `Workplace.pipes`."""
        return LocalPipes(self.scratch, self.side)
