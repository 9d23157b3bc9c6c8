"""What is to be measured: a named piece of work with its limits."""

from dataclasses import dataclass

from perfci.model.identity import BenchmarkId
from perfci.model.metric import Metric
from perfci.model.work import Variables, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A server that perfci starts on each side, awaits, and stops."""

    argv: tuple[str, ...]
    """With `{port}` where each side has a port of its own."""
    shell: bool = False
    ready: str = ""
    """Address that answers (any status below 500) once the server is ready; empty: the port of
    the benchmark's address takes connections."""
    timeout: float = 60.0
    """Seconds that it gets to become ready."""
    env: Variables = ()
    cwd: str = ""
    """Folder that it starts in, relative to the side's root."""

    def __str__(self) -> str:
        """Return the command as the user wrote it."""
        return self.argv[-1] if self.shell else " ".join(self.argv)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One piece of work, with everything a runner has to know of it."""

    id: BenchmarkId
    work: Work
    metrics: tuple[Metric, ...]
    """The gated metrics, at least one; none of a tool that has not told yet what it measures."""
    timeout: float
    """Seconds for one execution of a command, or for one sample of a callable."""
    warmup: int
    """Executions (command) or samples (callable) thrown away before measuring."""
    cooldown: float = 0.0
    """Seconds of rest before each launch."""
    env: Variables = ()
    """On top of the variables that every command and callable gets."""
    cwd: str = ""
    """Folder that commands and callables start in, relative to the side's root."""
    image: str = ""
    """Image in which a command or callable runs, in a container of its own; empty for here."""
    checksum: str | None = None
    """Beginning of the lines of standard output that must be the same on both sides and in every
    launch; empty for all of it, or for what a callable returns; None where nothing has to be."""
    service: Service | None = None
    """Only where `work` asks a server."""
    source: str = ""
    """Where it is defined: `perfci.yml, line 12`."""
    unit: BenchmarkId | None = None
    """The tool that measures it, with others, in one launch; None where it is launched itself."""

    @property
    def launched(self) -> BenchmarkId:
        """Return what is launched to measure it."""
        return self.unit or self.id

    def gates(self, metric: str) -> bool:
        """Return whether a metric is among the gated ones."""
        return any(it.name == metric for it in self.metrics)
