"""`perfci publish`: say what another job measured, where that job could not say it itself."""

from argparse import Namespace
from dataclasses import replace

from perfci import pipeline
from perfci.cli.checked import tell_undelivered
from perfci.cli.progress import progress
from perfci.cli.result_files import read_result
from perfci.errors import ConfigurationError, DeliveryError, ExitCode
from perfci.model.comparison import Outcome
from perfci.model.context import Context
from perfci.model.emission import Check, Emission, File, Output
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Status
from perfci.plan.make import outputs_of
from perfci.platforms.github.pulls import pull_of
from perfci.ports import Observer
from perfci.reports.text import clean
from perfci.wiring import process, telling
from perfci.wiring.project import Project, open_project


def main(options: Namespace) -> int:
    """Deliver a stored result: comment, summary and messages; nothing is judged anew.

    The result is a stranger's where a fork's job wrote it: its numbers and names are shown and
    harmless, and it does not choose where they are shown.
    """
    project = open_project(options)
    evaluation = read_result(options.result)
    _insist_on_verdict(evaluation)
    observer = progress()
    for warning in project.warnings:
        observer.warn(warning)
    context = _of_this_commit(project, evaluation)
    said = replace(
        _of_this_project(project, evaluation, observer),
        context=context,
        reproduce=_plain(evaluation.reproduce),
    )
    reporters = telling.reporters(project, outputs_of(project.loaded.settings))
    emissions = [item for item in pipeline.render(said, reporters) if _is_said(item, context)]
    sinks = telling.messengers(replace(project, context=context))
    tell_undelivered(pipeline.deliver(emissions, sinks), observer)
    telling.close(sinks)
    return ExitCode.PASS


def _insist_on_verdict(evaluation: Evaluation) -> None:
    """Refuse a result that lets pass what its own findings do not.

    Raises:
        ConfigurationError: a finding blocks or failed, and the verdict is `pass` or `warn`.
    """
    verdict = evaluation.verdict
    red = [it for it in verdict.findings if it.blocking or it.outcome is Outcome.FAILED]
    if red and verdict.status in {Status.PASS, Status.WARN}:
        raise ConfigurationError(
            f"this result contradicts itself: its verdict is {verdict.status.value}, and "
            f"{len(red)} of its findings fail the gate",
            hint="somebody has changed it after it was written: nothing of it is published",
        )


def _of_this_commit(project: Project, evaluation: Evaluation) -> Context:
    """Return the job's own context, with the pull request that it is about.

    Raises:
        ConfigurationError: the result is of another commit than this job was started for.
    """
    context, measured = project.context, evaluation.recording.head.commit
    stage = context.event == "workflow_run"
    told = evaluation.context.commit or measured
    if stage and context.commit not in {told, measured}:
        raise ConfigurationError(
            f"this result is of {measured[:7] or 'no commit'}, and this job was started for "
            f"{context.commit[:7] or 'no commit'}",
            hint="download the artifact of the run that started this one: "
            "`run-id: ${{ github.event.workflow_run.id }}`",
        )
    number = context.pr_number
    if stage:
        try:
            number = pull_of(project.environ, context, evaluation.context.pr_number, process.wait)
        except DeliveryError as error:
            progress().warn(f"not delivered: {error.line}")
            number = None
        else:
            if number is None:
                progress().warn(
                    f"no open pull request has {context.commit[:7]} as its head: there is no place "
                    "for the comment"
                )
    return replace(context, pr_number=number)


def _of_this_project(project: Project, evaluation: Evaluation, observer: Observer) -> Evaluation:
    """Return the result under the name by which this place knows its project.

    That name is how the comment is found again. Whoever could choose it would have the comment of
    another project below the same pull request overwritten, or a new one made for every name: it
    comes from the settings that are checked out here, else it is the repository's, whatever the
    result says. Where neither is known there is no comment, and the result's own name stands.
    """
    told = evaluation.recording.project
    known = project.loaded.settings.project or project.context.repository or told
    if known != told:
        observer.warn(
            f"this result calls its project {clean(told)}; here it is {clean(known)}, and so it is "
            "published (where the settings name another, check them out before, or set "
            "PERFCI_PROJECT in this job)"
        )
    recording = replace(evaluation.recording, project=known)
    return replace(evaluation, recording=recording)


def _plain(command: str) -> str:
    """Return the command that repeats a measurement, if it is one of perfci's."""
    return command if command.startswith("perfci run ") else ""


def _is_said(emission: Emission, context: Context) -> bool:
    """Tell whether this stage says it: files are the first one's, and so is a fork's own green."""
    match emission:
        case File() | Output():
            return False
        case Check():
            return not context.is_fork
        case _:
            return True
