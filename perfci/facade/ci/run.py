"""One gate of a pipeline, from the suite to the files."""

import asyncio
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfci.errors import ExitCode, PerfciError
from perfci.facade.ci.baselines import replaced
from perfci.facade.ci.environment import shown
from perfci.facade.ci.evaluation import Job, broken, judged
from perfci.facade.ci.files import clear, drawn, write
from perfci.facade.ci.kept import evaluations
from perfci.facade.ci.notices import addresses, notify, on_page
from perfci.facade.ci.policy import policy_for
from perfci.facade.ci.tests import Ran, run_tests, suite_of
from perfci.facade.config import CICDConfig
from perfci.facade.results import CICDResult, SuiteResults
from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.mask import Mask
from perfci.model.text import printable
from perfci.model.verdict import Status, Verdict
from perfci.wiring import process
from perfci.wiring.project import open_project

if TYPE_CHECKING:
    from perfci.facade.framework import PerformanceRegressionFramework


async def run(
    ci: CICDConfig, framework: "PerformanceRegressionFramework", output: Path
) -> CICDResult:
    """Measure, judge, bring baselines up to date, write and tell.

    Raises:
        PerfciError: it could not be measured or written.
    """
    clock = process.SystemClock()
    project = await asyncio.to_thread(open_project, Namespace())
    job = Job(project=project, started_at=clock.now(), warnings=project.warnings)
    start = clock.ticks()
    await asyncio.to_thread(clear, output, project)
    ran = await run_tests(framework, ci)
    settings = shown(framework.config) | shown(ci)
    job = replace(job, elapsed=clock.ticks() - start, settings=settings)
    evaluation = await asyncio.to_thread(_judged, ran, ci, framework, job)
    evaluation = await replaced(evaluation, ci, framework, project)
    suite = suite_of(ran, started_at=job.started_at, elapsed=job.elapsed)
    return await asyncio.to_thread(_told, evaluation, ci, output, job, suite)


def breakdown(error: Exception, ci: CICDConfig, output: Path) -> CICDResult:
    """Say everywhere that the gate could not do its job, and why.

    Args:
        error: what was raised.
        ci: whose addresses hear of it, and stay out of what is said.
        output: gets the files, where it can be written.
    """
    started_at = process.SystemClock().now()
    try:
        job = Job(project=open_project(Namespace()), started_at=started_at)
    except PerfciError:
        job = Job(project=None, started_at=started_at)
    evaluation = broken(_mask(ci, job)(_reason(error)), job)
    try:
        return _told(evaluation, ci, output, job, {})
    # this is what says that something crashed: it must not crash of the same cause
    except Exception as worse:  # noqa: BLE001 - the answer is given, with or without files
        message = f"{evaluation.verdict.message}; nor could that be written: {_reason(worse)}"
        return CICDResult(exit_code=int(ExitCode.ERROR), message=message, success=False)


def _reason(error: BaseException) -> str:
    """Return what happened and what to do next, in one line."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, PerfciError):
        return printable(error.line)
    if isinstance(error, OSError):
        return printable(f"a file could not be written or read: {error}")
    return printable(f"internal error: {type(error).__name__}: {error}")


def _judged(
    ran: Ran, ci: CICDConfig, framework: "PerformanceRegressionFramework", job: Job
) -> Evaluation:
    assert job.project is not None  # noqa: S101 - its settings were read before anything ran
    tests = evaluations(ran.results.values(), framework.storage_path, _mask(ci, job))
    policy, unclear = policy_for(ci, framework.config, job.project, expect=ran.expected)
    told = (*job.warnings, *unclear, *ran.warnings, *_left_out(ran))
    if job.context.in_ci and any(it.outcome is Outcome.NEW for it in ran.results.values()):
        told += (_gone(framework.storage_path),)
    evaluation = judged(tests, policy, replace(job, warnings=told))
    return replace(evaluation, verdict=_explained(evaluation, ran, ci))


def _gone(folder: Path) -> str:
    return (
        f"baselines are kept in {folder}: on a hosted runner they are gone with the job, and every "
        "run is a first one; let the CI's cache keep that folder between jobs"
    )


def _explained(evaluation: Evaluation, ran: Ran, ci: CICDConfig) -> Verdict:
    """Return the verdict; where a test was not reached, or nothing compared, with the reason."""
    verdict = evaluation.verdict
    if ran.late:
        limit = f"{ci.test_timeout_minutes:g} minutes, the test_timeout_minutes of all tests"
        return replace(verdict, message=f"{verdict.message}; not done within {limit}")
    if not verdict.findings:
        return replace(verdict, message="; ".join((verdict.message, *_left_out(ran))))
    new = all(it.outcome is Outcome.NEW for it in verdict.findings)
    if new and verdict.status is Status.PASS and not evaluation.recorded:
        return replace(verdict, message="measured, but there is no baseline to compare with yet")
    return verdict


def _mask(ci: CICDConfig, job: Job) -> Mask:
    environ = job.project.environ if job.project else process.environ()
    own = {f"CONFIGURED_{service}_WEBHOOK_URL": url for service, url in addresses(ci).items()}
    return Mask.of({**environ, **own}, ())


def _left_out(ran: Ran) -> list[str]:
    return [f"{it.component} was skipped: {it.reason}" for it in ran.skipped]


def _told(
    evaluation: Evaluation, ci: CICDConfig, output: Path, job: Job, results: SuiteResults
) -> CICDResult:
    emissions = drawn(evaluation, job.project)
    written, unkept = write(evaluation, emissions, ci, output, job.project)
    undelivered = notify(evaluation, ci, job.project)
    for text in (*unkept, *on_page(emissions, job.project), *undelivered):
        process.say(f"perfci: warning: {printable(text)}\n")
    return CICDResult(
        exit_code=int(evaluation.verdict.exit_code),
        message=evaluation.verdict.message,
        success=evaluation.verdict.exit_code is ExitCode.PASS,
        results=results,
        artifacts=tuple(map(str, written)),
    )
