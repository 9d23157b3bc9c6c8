"""From a recording to an exit code: evaluate, keep, render, deliver, print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from perfci import pipeline
from perfci.cli.answer import print_answer
from perfci.cli.checked import tell_undelivered
from perfci.cli.recorded import Spare, recorded
from perfci.errors import PerfciError
from perfci.gate.policy import Policy
from perfci.model.context import Context
from perfci.model.emission import File
from perfci.model.evaluation import Evaluation
from perfci.model.history import History
from perfci.model.run import Recording
from perfci.pipeline import Surroundings, Undelivered
from perfci.plan.afterwards import Afterwards
from perfci.plan.plan import Outputs
from perfci.ports import Observer, Reporter, Sink, Store
from perfci.reports.json import run_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a recording is judged by, and what is said beside."""

    policy: Policy
    outputs: Outputs
    reporters: Sequence[Reporter]
    """What is said of the verdict."""
    settings: Mapping[str, str] = field(default_factory=dict)
    history: History | None = None
    store: Store | None = None
    """Where the run becomes a baseline; None where it does not."""
    spare: Spare | None = None
    """On disk, beside the reports: takes the run where the store does not."""
    reproduce: str = ""
    warnings: tuple[str, ...] = ()
    afterwards: Afterwards | None = None
    """Looks at the settings again, now that it is known what tools measure; None: nothing new."""
    context: Context = field(default_factory=Context)


def keep_run(recording: Recording, sinks: Sequence[Sink]) -> None:
    """Write `run.json` before anything else can go wrong: measuring was the expensive part."""
    insist(pipeline.deliver([run_file(recording)], sinks))


def conclude(
    recording: Recording, gate: Gate, sinks: Sequence[Sink], observer: Observer, *, as_json: bool
) -> int:
    """Judge, keep the run as a baseline, write every report, print the table.

    Returns:
        The verdict's exit code.

    Raises:
        PerfciError: a file could not be written; the table has been printed by then.
    """
    around = Surroundings(
        context=gate.context,
        history=gate.history,
        settings=gate.settings,
        reproduce=gate.reproduce,
        warnings=gate.warnings,
    )
    evaluation = _doubted(pipeline.evaluate(recording, gate.policy, around), gate, observer)
    if gate.store is not None:
        evaluation = recorded(evaluation, gate.store, gate.spare, observer)
    emissions = pipeline.render(evaluation, gate.reporters)
    failed = pipeline.deliver(emissions, sinks)
    print_answer(evaluation, report=_report(gate.outputs), as_json=as_json)
    tell_undelivered(failed, observer)
    insist(failed)
    return evaluation.verdict.exit_code


def _doubted(evaluation: Evaluation, gate: Gate, observer: Observer) -> Evaluation:
    """Tell what of the settings is probably not meant, if that was not told beforehand."""
    if gate.afterwards is None:
        return evaluation
    found = gate.afterwards.doubts(evaluation)
    new = tuple(text for text in found if text not in evaluation.warnings)
    for text in new:
        observer.warn(text)
    # the same doubt is not told twice: now more is known of it, or it has come to nothing
    old = {*gate.afterwards.superseded(evaluation)}.difference(found)
    kept = (text for text in evaluation.warnings if text not in old)
    return replace(evaluation, warnings=(*kept, *new))


def _report(outputs: Outputs) -> str:
    return f"{outputs.folder}/{'report.html' if outputs.html else 'result.json'}"


def insist(failed: Sequence[Undelivered]) -> None:
    """Raise for the first file that could not be written: without files there is no answer."""
    for item in failed:
        if isinstance(item.emission, File):
            raise PerfciError(
                f"{item.emission.path} could not be written: {item.error}",
                hint="free some space or choose another folder with --output",
            )
