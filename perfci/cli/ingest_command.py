"""`perfci ingest`: what another tool measured becomes a run, as if perfci had recorded it.

Where the files say nothing of the machine, it is taken to be this one: the job that measured is the
one that ingests. Else runs of one CI would never be comparable with each other.
"""

import hashlib
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from perfci import __version__, pipeline
from perfci.baselines.keys import run_id
from perfci.cli.conclude import insist
from perfci.cli.files import out_of_range
from perfci.cli.ingested import Ingested, tell
from perfci.cli.progress import progress
from perfci.cli.results import read_results
from perfci.cli.suite import suite_of
from perfci.errors import ConfigurationError, ExitCode
from perfci.model.revision import Mode, Revision
from perfci.model.run import Recording
from perfci.model.text import printable
from perfci.platforms.folder import FolderSink
from perfci.readers.reading import Machine, Reading
from perfci.reports.json import run_file
from perfci.schema.run import dump
from perfci.wiring import parts, process
from perfci.wiring.beside import branches_beside
from perfci.wiring.own_files import RUN, insist_on_place
from perfci.wiring.project import Project, commits_of_job, open_project, project_name


def main(options: Namespace) -> int:
    """Write run.json, and say what is in it."""
    project = open_project(options)
    for warning in project.warnings:
        progress().warn(warning)
    results = read_results(options.files, options.format)
    if not isinstance(results.read, Reading):
        raise ConfigurationError(
            f"{options.files[0]} is a run of perfci already",
            hint="`perfci gate` and `perfci compare` take it as it is",
        )
    unknown = not _tells(results.read.machine)
    with out_of_range(options.files[0]):
        recording = _identified(results.recording(suite_of(options) or "default"))
        recording = _owned(recording, results.read, project, options)
        if unknown:
            environment = parts.probe(project).environment()
            recording = replace(recording, run=replace(recording.run, environment=environment))
        emission = run_file(recording)
    folder = parts.output_folder(project, options)
    if options.output:  # what a person types is seen from where the person stands, as the files are
        folder = process.folder() / options.output
    inputs = [Path(named) for named in options.files]
    insist_on_place(folder, inputs)
    parts.writable(folder)
    parts.clear_answers(folder, inputs)
    insist(pipeline.deliver([emission], [FolderSink(folder)]))
    ingested = Ingested(
        recording=recording,
        format=results.format,
        files=results.files,
        left=results.read.left,
        here=unknown,
        path=folder / RUN,
    )
    tell(ingested, as_json=options.json)
    return ExitCode.PASS


def _identified(recording: Recording) -> Recording:
    """Give the run an id that follows from what was measured and when: the same each time."""
    own = hashlib.sha256(dump(recording)).hexdigest()[:8]
    return replace(recording, run=replace(recording.run, id=run_id(recording.run.started_at, own)))


def _tells(machine: Machine) -> bool:
    return bool(machine.cpu or machine.cores or machine.kernel)


def _owned(
    recording: Recording, reading: Reading, project: Project, options: Namespace
) -> Recording:
    """Say whose run it is: what the flags say, else the files, else this place."""
    context = project.context
    measured = printable(options.commit or reading.commit, limit=80)
    commit = measured or context.commit
    own = not measured or measured.lower() in commits_of_job(project)
    # of this job's commit the platform knows the branch; a tool sees a detached HEAD
    branch = options.branch or (context.branch if own else "") or recording.run.branch
    return replace(
        recording,
        project=project_name(project),
        version=__version__,
        mode=Mode.HISTORY,
        head=Revision(commit=commit, ref=branch),
        run=replace(recording.run, commit=commit, branch=branch),
        compared=options.branch or branches_beside(project)[0] or branch,
    )
