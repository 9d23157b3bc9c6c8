"""One program whose instructions are counted, and what is said where it cannot be."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from perfci.errors import MeasurementError
from perfci.model.text import printable
from perfci.runners.counting.tools import Count, Tool
from perfci.runners.failures import Subject, how
from perfci.runners.processes.spawning import Ended, Start

_FIXED = {"PYTHONHASHSEED": "1", "PERL_HASH_SEED": "0", "PERL_PERTURB_KEYS": "0"}
"""Chance that moves counts by per cents; the same in every launch and on both sides."""
_LEAST = 0.05
"""Below this part of a count, what start-up has of chance would be as large as the work."""
_SLOW = (
    "counted by valgrind, programs take 20 to 100 times as long: raise `timeout`, give it less to"
    " do, or leave instructions out of its `metrics`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is counted on one side."""

    subject: Subject
    start: Start
    run: Callable[[Start], Ended]
    """Runs it as the benchmark is run, with what belongs before and after; judges nothing."""
    judge: Callable[[Ended], MeasurementError | None]
    """Tells what is wrong with how it went."""
    output: Callable[[], str]
    """Returns the end of what it printed, made harmless."""
    idle: Start | None = None
    """What is subtracted: the same without the work; None for nothing."""
    idle_name: str = ""
    """What `idle` is, for messages: `python -c pass`."""
    calls: int = 1
    """Pieces of work that `start` does and `idle` does not."""
    note: str = ""
    """What the reader has to know of it besides."""
    least: float = _LEAST
    """Part of the count that has to be work, or nothing is subtracted; 0 where start-up is alike
    to the instruction."""

    def __str__(self) -> str:
        """Return the benchmark, and its side where there are two."""
        benchmark = printable(str(self.subject.benchmark.id))
        return f"{benchmark} on {self.subject.side}" if self.subject.paired else benchmark

    def count(self, tool: Tool) -> Count:
        """Count the program with all that it starts.

        Raises:
            MeasurementError: it failed, or the tool cannot count it; says which.
        """
        ended = self.run(self._alike(tool.around(self.start)))
        error, count = self.judge(ended), tool.read()
        if error is None and count is not None:
            return count
        complaint = tool.complaint(self.output())
        if complaint or error is None:
            raise self.subject.error(
                "cannot be counted",
                after=f" by {tool.name}: {complaint or 'it has told no number'}",
                hint="try a newer version of it, or leave instructions out of its `metrics`",
                output=self.output(),
            )
        error.message += f", while {tool.name} counted its instructions"
        error.hint = _SLOW if ended.reason == "timeout" else error.hint or _UNLIKE
        raise error

    def count_idle(self, tool: Tool) -> Count | None:
        """Count what starting costs; None where nothing is known that only starts.

        Raises:
            MeasurementError: it failed.
        """
        if self.idle is None:
            return None
        ended = self.run(self._alike(tool.around(self.idle)))
        count = tool.read()
        wrong = _went_wrong(ended)
        if wrong or count is None:
            raise self.subject.error(
                "has a start-up that cannot be counted",
                after=f": {printable(self.idle_name)} {wrong or 'was not counted'}",
                hint="name a command that starts the same and does nothing with `startup:`",
                output=self.output(),
            )
        return count

    def _alike(self, start: Start) -> Start:
        """Return a start with the fixed variables, but for those that the benchmark sets itself."""
        own = {name for name, _ in self.subject.benchmark.env}
        fixed = {name: value for name, value in _FIXED.items() if name not in own}
        return replace(start, environ={**start.environ, **fixed})


_UNLIKE = "it ran well by itself just before: does it depend on time, or on the processor?"


def _went_wrong(ended: Ended) -> str:
    """Return how a program went wrong, as the rest of a sentence; empty where it did not."""
    if ended.error:
        return f"cannot be started: {ended.error}"
    if ended.reason:
        return "did not end in time"
    return how(ended) if ended.code else ""
