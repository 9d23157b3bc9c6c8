"""What the suite keeps of its runs: the first of a test is its baseline, some more tell its noise.

One stored run says what a test takes, and not how far runs differ: next to it, only a large change
would show. So the runs that follow are kept beside it, until there are as many as that needs. They
are none that got worse or better, none of a pull request, and none beside a baseline that somebody
made on purpose.
"""

from dataclasses import dataclass, replace

from perfci import pipeline
from perfci.baselines import record
from perfci.baselines.summary import points_of
from perfci.errors import FormatError, MeasurementError, StoreError
from perfci.facade.judging import without_outliers
from perfci.facade.line import Test
from perfci.facade.past import Past, stored
from perfci.facade.planning import policy_of
from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.run import Recording
from perfci.pipeline import Surroundings
from perfci.stats.between import ENOUGH
from perfci.stats.points import points_by_series
from perfci.wiring import process

_SUITE = "the comprehensive suite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The newest baseline of a test."""

    version: str = ""
    of_suite: bool = False
    """Whether the suite itself has kept it."""
    runs: int = 0
    """Stored runs that the test is compared with."""
    warnings: tuple[str, ...] = ()


def before(test: Test, past: Past, fingerprint: str) -> Before:
    """Return what is known of the newest baseline."""
    if past.run is None:
        return Before()
    runs = len(points_by_series(past.history, fingerprint).get(test.key, ()))
    try:
        recording = stored(test.home, past.history.branch, past.run).run.recording
    except (StoreError, FormatError) as error:
        told = f"the version of the baseline cannot be read: {error.message}"
        return Before(runs=runs, warnings=(told,))
    return Before(version=recording.head.ref, of_suite=recording.mode_reason == _SUITE, runs=runs)


def absence(test: Test, past: Past, recording: Recording) -> str:
    """Say why there is nothing to compare with, and what follows; empty where there is."""
    if past.newest:
        return ""
    why = "There is no baseline to compare with yet"
    if past.foreign:
        why = (
            "Its baseline was measured in another environment (processor, kernel or Python), and "
            "values of two are not compared"
        )
    if test.home.project.context.is_pull_request:
        return f"{why}; a pull request makes none, the suite on its target branch does."
    if lacks := _lacks(test, recording):
        return f"{why}; {lacks}."
    return f"{why}: this run is recorded as the baseline, and the next is compared with it."


def kept(test: Test, past: Past, known: Before, evaluation: Evaluation) -> Evaluation:
    """Keep a run as the baseline, or beside it, where it is to be; say so.

    Raises:
        StoreError: it cannot be written.
    """
    recording = evaluation.recording
    failed = bool(recording.run.failures) or bool(_lacks(test, recording))
    if failed or test.home.project.context.is_pull_request:
        return evaluation
    if past.newest is None:
        run = recording.run
        version = run.commit[:12] or f"{run.started_at:%Y-%m-%d}"
        return replace(evaluation, recorded=_record(test, evaluation, version))
    beside = known.of_suite and known.runs < ENOUGH and past.history.branch == test.home.branch
    if not beside or not _tells_noise(evaluation):
        return evaluation
    verdict = evaluation.verdict
    told = (
        f" It is kept beside the baseline, as run {known.runs + 1} of the {ENOUGH} that show how "
        "far runs differ."
    )
    findings = tuple(replace(it, reason=it.reason + told) for it in verdict.findings)
    return replace(
        evaluation,
        recorded=_record(test, evaluation, known.version),
        verdict=replace(verdict, findings=findings),
    )


def replace_by(test: Test, recording: Recording, version: str) -> None:
    """Let a run be the baseline from now on, whatever was before it.

    Raises:
        MeasurementError: it has no values, or too few.
        StoreError: it cannot be written.
    """
    for failure in recording.run.failures:
        raise MeasurementError(failure.reason, output=failure.output)
    if lacks := _lacks(test, recording):
        raise MeasurementError(lacks)
    sound, _ = without_outliers(recording, test.config)
    around = Surroundings(context=test.home.project.context)
    verdict = pipeline.evaluate(sound, policy_of(test.config), around).verdict
    evaluation = Evaluation(recording=recording, verdict=verdict)
    _record(test, evaluation, version, anew=True)


def _tells_noise(evaluation: Evaluation) -> bool:
    same = {Outcome.UNCHANGED, Outcome.INCONCLUSIVE}
    return all(it.outcome in same for it in evaluation.verdict.findings)


def _lacks(test: Test, recording: Recording) -> str:
    """Say what a run lacks to be a baseline; empty where it may be one."""
    taken = sum(len(item.launches) for item in recording.run.measurements if item.gated)
    wanted = min(recording.rounds or 1, test.config.minimum_sample_size)
    if taken >= wanted:
        return ""
    return (
        f"{taken} of {wanted} values within test_timeout_seconds "
        f"({test.config.test_timeout_seconds:g} s) are too few for one: raise it, or lower "
        "cooldown_seconds or test_iterations"
    )


def _record(test: Test, evaluation: Evaluation, version: str, *, anew: bool = False) -> str:
    """Store what was measured; return where it is."""
    recording = evaluation.recording
    recording = replace(recording, mode_reason=_SUITE, head=replace(recording.head, ref=version))
    sound, _ = without_outliers(recording, test.config)
    points = points_of(sound.run, evaluation.verdict)
    points = {key: replace(point, accepted=anew) for key, point in points.items()}
    return record(test.home.store, recording, evaluation.verdict, points, pause=process.pause)
