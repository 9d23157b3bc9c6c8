"""What is to be measured: a named piece of work with its limits."""

from dataclasses import dataclass

from perfci.model.identity import BenchmarkId
from perfci.model.metric import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program to start; every execution is a fresh process."""

    argv: tuple[str, ...]
    """What is executed; a shell string is `("/bin/sh", "-c", text)`."""
    shell: bool = False
    """True where the user wrote a string, not a list."""

    def __str__(self) -> str:
        """Return the command as the user wrote it."""
        return self.argv[-1] if self.shell else " ".join(self.argv)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Python callable, sync or async, called in a worker of the project's interpreter."""

    target: str
    """`path/to/file.py:name` (the file comes from head on both sides) or `package.module:name`
    (imported from each side's own code); `name` may be dotted."""
    arguments: tuple[tuple[str, object], ...] = ()
    """Keyword arguments: the benchmark's parameters with their types kept."""

    @property
    def path(self) -> str:
        """Return the file that defines the benchmark, relative; empty for the module form."""
        source = self.target.rpartition(":")[0]
        return source if source.endswith(".py") else ""

    def __str__(self) -> str:
        """Return the target."""
        return self.target


Work = Command | Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One piece of work, with everything a runner has to know of it."""

    id: BenchmarkId
    work: Work
    metrics: tuple[Metric, ...]
    """The gated metrics, at least one."""
    timeout: float
    """Seconds for one execution of a command, or for one sample of a callable."""
    warmup: int
    """Executions (command) or samples (callable) thrown away before measuring."""
    cooldown: float = 0.0
    """Seconds of rest before each launch."""
    source: str = ""
    """Where it is defined: `perfci.yml, line 12`."""
