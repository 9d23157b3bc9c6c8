"""`perfci compare`: two files of results, head against base; the table on standard output."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from perfci import pipeline
from perfci.cli.answer import print_answer
from perfci.cli.files import read_recording
from perfci.model.revision import Mode, Revision
from perfci.model.run import Recording
from perfci.pipeline import Surroundings
from perfci.plan.make import told
from perfci.settings.policy import policy_of
from perfci.wiring.project import open_project


def main(options: Namespace) -> int:
    """Compare, print, answer with the gate's exit code."""
    project = open_project(options)
    settings = project.loaded.settings
    base, head = read_recording(options.base), read_recording(options.head)
    recording = side_by_side(base, head, options.base, options.head)
    recording = _renamed(recording, settings.renamed)
    # only the rules count here: what this project expects to measure says nothing of two files
    policy = replace(policy_of(settings, (), where=project.loaded.provenance), expect=())
    around = Surroundings(settings=told(settings), warnings=project.warnings)
    evaluation = pipeline.evaluate(recording, policy, around)
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
        base_run=base.run,
    )


def _renamed(recording: Recording, names: Mapping[str, str]) -> Recording:
    base = recording.base_run
    if base is None or not names:
        return recording
    measurements = (replace(it, id=it.id.renamed(names)) for it in base.measurements)
    return replace(recording, base_run=replace(base, measurements=tuple(measurements)))
