"""What of the settings turned out to do nothing, once it is known what tools measure. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfci.gate.policy import Policy
from perfci.model.benchmark import Benchmark
from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.identity import BenchmarkId
from perfci.model.nearest import nearest
from perfci.model.work import Read
from perfci.plan.doubts import doubts_of_gate
from perfci.plan.reach import Known
from perfci.settings.load import Loaded
from perfci.settings.spelling import shown
from perfci.stats.series import Design


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """Looks at settings in the light of what was measured."""

    loaded: Loaded
    policy: Policy
    every: Sequence[Benchmark]
    """All configured benchmarks."""

    def doubts(self, evaluation: Evaluation) -> tuple[str, ...]:
        """Say what is probably not meant; of a part of the suite no more than beforehand."""
        recording = evaluation.recording
        if recording.partial:
            return self.superseded(evaluation)
        design = Design(mode=recording.mode, rounds=recording.rounds)
        findings = [item.comparison for item in evaluation.verdict.findings]
        known = Known(
            series={item.key: item.metric for item in findings},
            gone={item.key for item in findings if item.outcome is Outcome.MISSING},
            failed={item.id for item in findings if item.outcome is Outcome.FAILED},
        )
        return (
            *doubts_of_gate(self.loaded, self.policy, design, self.every, known),
            *self._metrics(evaluation, known),
            *self._renamed(known, {item.id for item in findings}),
        )

    def superseded(self, evaluation: Evaluation) -> tuple[str, ...]:
        """Return what `doubts` may say better: what was said before anything was measured."""
        recording = evaluation.recording
        design = Design(mode=recording.mode, rounds=recording.rounds)
        return doubts_of_gate(self.loaded, self.policy, design, self.every)

    def _tools(self, known: Known) -> list[Benchmark]:
        """Return the tools that have told what they measure."""
        tools = (item for item in self.every if isinstance(item.work, Read))
        return [item for item in tools if item.id not in known.failed]

    def _metrics(self, evaluation: Evaluation, known: Known) -> Iterator[str]:
        """Say which metrics that a tool was to be judged by it does not have."""
        for tool in self._tools(known):
            there = {
                item.metric.name
                for item in evaluation.recording.run.measurements
                if item.id.suite == tool.id.suite
            }
            there |= {
                item.comparison.metric.name
                for item in evaluation.verdict.findings
                if item.comparison.id.suite == tool.id.suite
            }
            wanted = tool.work.metrics if isinstance(tool.work, Read) else ()
            for name in wanted if there else ():
                if name not in there:
                    yield (
                        f"the metrics of {tool.id} ({tool.source}) name {shown(name)}, which it "
                        f"did not measure{nearest(name, there)}"
                    )

    def _renamed(self, known: Known, there: set[BenchmarkId]) -> Iterator[str]:
        """Say which entries of `renamed` give a name that no tool has."""
        suites = {tool.id.suite for tool in self._tools(known)}
        names = {f"{item.suite}/{item.name}" for item in there}
        for old, new in self.loaded.settings.renamed.items():
            if new.partition("/")[0] not in suites:
                continue
            who = f"renamed ({self.loaded.provenance(('renamed', old))})"
            if new not in names:
                near = nearest(new, names)
                yield f"{who} names {shown(new)}, which was not measured{near}"
            elif old in names:
                yield f"{who} gives {shown(old)} the name {shown(new)}, but both were measured"
