"""Instruction counts: of a program and all that it starts, without what starting costs.

A count is worth its seconds because it repeats: two launches tell a change of 1 % (statistics.md
D, E5). It sees user code only: no waiting, no kernel, no cache and no branch.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfci.model.measurement import Clock, Launch, Side
from perfci.model.text import printable
from perfci.ports import LaunchOrder, LaunchReport
from perfci.runners.counting.choice import NoTool, choose
from perfci.runners.counting.program import Program
from perfci.runners.counting.tools import Cachegrind, Count, Tool
from perfci.runners.failures import Subject
from perfci.units import percent

if TYPE_CHECKING:
    from perfci.model.identity import BenchmarkId

_REPEATS = 1e-4
"""Relative difference of two counts up to which they say the same."""
_INSTALL = (
    "install valgrind (`apt-get install valgrind`), or, where the machine has hardware counters,"
    " linux-perf with `sysctl kernel.perf_event_paranoid=2`; or leave instructions out of `metrics`"
)


@dataclass(slots=True)
class _Known:
    """What is remembered of one benchmark through the run."""

    tool: Tool
    idle: dict[Side, list[Count]] = field(default_factory=dict)
    """Of start-up, at most two; two that differ show that it does not repeat."""
    subtracts: bool | None = None
    """Whether start-up is subtracted, on both sides; None before the first launch."""

    def count(self, programs: Mapping[Side, Program]) -> dict[Side, Count]:
        """Count every side, and its start-up twice in a run: it must repeat as the whole must."""
        counts = {side: program.count(self.tool) for side, program in programs.items()}
        for side, program in programs.items():
            there = self.idle.setdefault(side, [])
            count = program.count_idle(self.tool) if len(there) < 2 else None
            there += [count] if count else []
        if isinstance(self.tool, Cachegrind) and any(
            count.forked for counted in (counts.values(), *self.idle.values()) for count in counted
        ):
            self.tool = self.tool.exact()
            self.idle.clear()
            return self.count(programs)
        return counts


class Counting:
    """Counts for one run: of a benchmark all sides and launches with the same tool.

    Args:
        environ: perfci's own variables; the tools are found on its `PATH`.
        scratch: folder for what the tools write; its owner removes it.
    """

    def __init__(self, environ: Mapping[str, str], scratch: Path) -> None:
        self._environ = environ
        self._folder = scratch / "instructions"
        self._chosen: Tool | NoTool | None = None
        self._known: dict[BenchmarkId, _Known] = {}

    def prepare(self, subject: Subject) -> None:
        """Make sure that instructions can be counted here.

        Raises:
            MeasurementError: they cannot.
        """
        if subject.benchmark.image:
            raise subject.error(
                "has instructions to count, which is not possible in a container",
                hint="leave `image` out, or instructions out of its `metrics`",
            )
        if self._chosen is None:
            self._chosen = choose(self._environ, self._folder)
        if isinstance(self._chosen, NoTool):
            raise subject.error(
                "has instructions that cannot be counted",
                after=f": {'; '.join(self._chosen.reasons)}",
                hint=_INSTALL,
            )
        self._known.setdefault(subject.benchmark.id, _Known(self._chosen))

    def added(
        self, order: LaunchOrder, report: LaunchReport, programs: Mapping[Side, Program]
    ) -> LaunchReport:
        """Count every side once, and what starting costs in the first two launches.

        Args:
            order: the launch, of a benchmark that was prepared.
            report: what else it gave.
            programs: by side.

        Returns:
            The report with the metric `instructions`, and `startup_instructions` where those were
            subtracted.

        Raises:
            MeasurementError: a program failed, or could not be counted.
        """
        known = self._known[order.benchmark.id]
        counts = known.count(programs)
        warnings = [
            f"instructions are counted by {known.tool.name}: user code only, no waiting, no kernel",
            *_doubts(known, programs, counts),
        ]
        if known.subtracts is None:
            why_not = _why_not(known, programs, counts)
            known.subtracts = not why_not
            warnings += [why_not] if why_not else []
        return replace(
            report,
            launches={
                side: {**report.launches[side], **_launches(order, known, program, counts[side])}
                for side, program in programs.items()
            },
            warnings=(*report.warnings, *warnings),
        )


def _doubts(
    known: _Known, programs: Mapping[Side, Program], counts: Mapping[Side, Count]
) -> Iterator[str]:
    """Yield what makes a count worth less."""
    for side, program in programs.items():
        if program.note:
            yield program.note
        if counts[side].lost:
            yield (
                f"{program}: {counts[side].lost} of its processes were killed before their"
                " instructions were counted"
            )
        idle = [count.instructions for count in known.idle[side]]
        apart = abs(idle[-1] - idle[0]) / idle[0] if idle else 0.0
        if apart > _REPEATS:
            yield (
                f"{program}: the instructions of {printable(program.idle_name)} do not repeat"
                f" ({percent(apart, signed=False)} apart), so that small changes are not seen"
            )


def _why_not(known: _Known, programs: Mapping[Side, Program], counts: Mapping[Side, Count]) -> str:
    """Return why start-up is not subtracted, on both sides alike; empty where it is."""
    for side, program in programs.items():
        if program.idle is None:
            benchmark = printable(str(program.subject.benchmark.id))
            return (
                f"{benchmark}: no start-up is subtracted from its instructions; `startup:` can name"
                " a command that starts the same and does nothing"
            )
        total, idle = counts[side].instructions, known.idle[side][0].instructions
        if program.least and total - idle < program.least * total:
            share = percent(max(0.0, 1 - idle / total), signed=False)
            return (
                f"{program}: only {share} of its instructions are work, the rest is start-up"
                f" ({printable(program.idle_name)}), which is therefore not subtracted; give it"
                " more to do"
            )
    return ""


def _launches(
    order: LaunchOrder, known: _Known, program: Program, count: Count
) -> dict[str, Launch]:
    total = count.instructions
    if not known.subtracts:
        return {"instructions": _launch(order, float(total))}
    idle = known.idle[program.subject.side][0].instructions
    work = (total - idle) / program.calls
    if work <= 0:
        raise program.subject.error(
            "has no instructions of its own",
            after=f": {total} in all, {idle} of {printable(program.idle_name)}",
            hint="they seem to depend on chance; give it more to do",
        )
    return {
        "instructions": _launch(order, work),
        "startup_instructions": _launch(order, float(idle)),
    }


def _launch(order: LaunchOrder, value: float) -> Launch:
    return Launch(
        number=order.number,
        stage=order.stage,
        position=order.position,
        clocks={Clock.VALUE: (value,)},
    )
