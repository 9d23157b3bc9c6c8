"""Of what a tool measures, that which was asked for, under the names that it has now."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from perfci.errors import MeasurementError
from perfci.gate.match import matches
from perfci.gate.nearest_key import nearest_key
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.plan.plan import Plan
from perfci.ports import LaunchReport, Member


@dataclass(slots=True, kw_only=True)
class Asked:
    """What a plan asks of tools, and what they turned out to have."""

    plan: Plan
    _there: set[str] = field(default_factory=set)
    """Keys of all series that tools told of, asked for or not."""
    _met: set[str] = field(default_factory=set)
    """Globs that meant one of them."""

    def narrow(self, benchmark: Benchmark, report: LaunchReport) -> LaunchReport:
        """Return what a launch gave without what was not asked for."""
        members = {side: self._renamed(side, report) for side in report.members}
        globs = self.plan.within.get(benchmark.id, ())
        if globs:
            members = {
                side: tuple(member for member in several if self._wanted(member, globs))
                for side, several in members.items()
            }
        return replace(report, members=members)

    def _renamed(self, side: Side, report: LaunchReport) -> tuple[Member, ...]:
        """Give base's benchmarks the names that head has for them, and for nothing else."""
        members = report.members[side]
        if side is Side.HEAD or not self.plan.renamed:
            return members
        here = {member.id for member in members}
        heads = {member.id for member in report.members.get(Side.HEAD, ())}
        named = ((member, member.id.renamed(self.plan.renamed)) for member in members)
        return tuple(
            member if new in here or member.id in heads else replace(member, id=new)
            for member, new in named
        )

    def _wanted(self, member: Member, globs: tuple[str, ...]) -> bool:
        # what could not be measured may not even tell its metrics
        keys = [member.id.series(metric.name) for metric in member.metrics]
        keys = keys or [member.id.series("latency")]
        self._there.update(keys)
        met = {glob for glob in globs if any(matches(glob, key) for key in keys)}
        self._met |= met
        return bool(met)

    def unmet(self) -> Iterator[tuple[Benchmark, MeasurementError]]:
        """Yield tools with what was asked of them, and no tool has it."""
        told = set(self._met)
        for benchmark in self.plan.benchmarks:
            globs = [it for it in self.plan.within.get(benchmark.id, ()) if it not in told]
            if globs:
                told |= set(globs)
                mean = "means" if len(globs) == 1 else "mean"
                text = f"{', '.join(map(repr, globs))} {mean} nothing that {benchmark.id} measured"
                yield benchmark, MeasurementError(text + nearest_key(globs[0], self._there))
