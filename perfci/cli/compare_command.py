"""`perfci compare`: two files of results, head against base; the table on standard output."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from perfci import pipeline
from perfci.cli.answer import print_answer
from perfci.cli.results import read_results
from perfci.errors import ConfigurationError
from perfci.model.comparison import Outcome
from perfci.model.revision import Mode, Revision
from perfci.model.run import Recording
from perfci.model.text import printable
from perfci.model.verdict import Finding
from perfci.pipeline import Surroundings
from perfci.plan.make import told
from perfci.results.files import STANDARD_INPUT
from perfci.settings.policy import policy_of
from perfci.uncollected import uncollected
from perfci.wiring.project import open_project


def main(options: Namespace) -> int:
    """Compare, print, answer with the gate's exit code."""
    # what is read stays to the end, and nothing of it is a cycle: to look for some in a million
    # objects takes a third of the time
    with uncollected():
        return _compared(options)


def _compared(options: Namespace) -> int:
    project = open_project(options)
    settings = project.loaded.settings
    named = (options.base_file, options.head_file)
    if set(named) == {STANDARD_INPUT}:
        raise ConfigurationError(
            "base and head cannot both be standard input", hint="name a file for one of them"
        )
    base, head = (read_results([name], options.format).recording() for name in named)
    recording = side_by_side(base, head, *named)
    recording = _renamed(recording, settings.renamed)
    # only the rules count here: what this project expects to measure says nothing of two files
    policy = replace(policy_of(settings, (), where=project.loaded.provenance), expect=())
    around = Surroundings(settings=told(settings), warnings=project.warnings)
    evaluation = pipeline.evaluate(recording, policy, around)
    _insist_on_common(evaluation.verdict.findings, *named)
    print_answer(evaluation, report="", as_json=options.json)
    return evaluation.verdict.exit_code


def side_by_side(base: Recording, head: Recording, base_name: str, head_name: str) -> Recording:
    """Make one recording of two files: head's side of each."""
    return replace(
        head,
        mode=Mode.FILES,
        mode_reason="two files",
        rounds=None,
        base=Revision(commit=base.head.commit, ref=Path(base_name).name),
        head=Revision(commit=head.head.commit, ref=Path(head_name).name, dirty=head.head.dirty),
        run=replace(head.run, warnings=(*head.run.warnings, *_of_base(base, head))),
        base_run=base.run,
    )


def _of_base(base: Recording, head: Recording) -> list[str]:
    """Return what was told of base alone."""
    known = set(head.run.warnings)
    return [f"base: {text}" for text in base.run.warnings if text not in known]


def _insist_on_common(findings: Sequence[Finding], base_name: str, head_name: str) -> None:
    """Refuse files of which nothing can be compared: all missing and all new would pass.

    What failed is told as that, and so is a file that holds nothing.

    Raises:
        ConfigurationError: both have series, and none in common.
    """
    only = {item.outcome for item in findings}
    if only != {Outcome.MISSING, Outcome.NEW}:
        return
    base, head = (
        _has(name, [item.key for item in findings if item.outcome is outcome])
        for name, outcome in ((base_name, Outcome.MISSING), (head_name, Outcome.NEW))
    )
    raise ConfigurationError(
        f"no series is in both files: {base}, {head}",
        hint="nothing can be compared; of what only has another name now, write old and new under "
        "`renamed` in the settings, as suite/benchmark; runs of two suites are read with "
        "`perfci ingest --suite`",
    )


def _has(name: str, keys: Sequence[str]) -> str:
    shown = " and ".join(printable(key, limit=120) for key in keys[:2])
    return f"{printable(name, limit=120)} has {shown}"


def _renamed(recording: Recording, names: Mapping[str, str]) -> Recording:
    base = recording.base_run
    if base is None or not names:
        return recording
    measurements = (replace(it, id=it.id.renamed(names)) for it in base.measurements)
    return replace(recording, base_run=replace(base, measurements=tuple(measurements)))
