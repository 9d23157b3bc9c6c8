"""What a stored result was compared with, read again from the store: its report shows trends."""

from argparse import Namespace
from dataclasses import replace

from perfci.baselines import load_history
from perfci.cli.progress import progress
from perfci.errors import PerfciError
from perfci.model.evaluation import Evaluation
from perfci.wiring.project import open_project, store_of


def with_history(evaluation: Evaluation) -> Evaluation:
    """Add the branch's stored runs from before the result, where the settings' store has some.

    A report can do without: what keeps them from being read is a warning.
    """
    recording = evaluation.recording
    try:
        project = open_project(Namespace())
        branch = recording.compared or recording.run.branch
        found, told = load_history(store_of(project), recording.project, branch)
    except PerfciError as error:
        progress().warn(f"the report shows no trends: {error.line}")
        return evaluation
    for text in told:
        progress().warn(text)
    before = tuple(run for run in found.runs if run.started_at < recording.run.started_at)
    history = replace(found, runs=before).renamed(project.loaded.settings.renamed)
    return replace(evaluation, history=history) if before else evaluation
