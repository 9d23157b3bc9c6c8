"""The line, for one test of the Python API: measured, judged, kept."""

from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from perfci import pipeline
from perfci.baselines import record
from perfci.baselines.clocks import run_ahead
from perfci.baselines.summary import points_of
from perfci.errors import FormatError, MeasurementError, PerfciError, StoreError
from perfci.facade import kept
from perfci.facade.config import RegressionTestConfig
from perfci.facade.judging import Baseline, in_our_words, judged, without_outliers
from perfci.facade.listening import Listener
from perfci.facade.past import Past, past_of, version_of
from perfci.facade.planning import plan_for, policy_of
from perfci.model.benchmark import Benchmark
from perfci.model.evaluation import Evaluation
from perfci.model.history import Point
from perfci.model.mask import Mask
from perfci.model.revision import Mode
from perfci.model.run import Environment, Recording
from perfci.pipeline import Ports, Surroundings
from perfci.plan.plan import Plan
from perfci.runners.live.stop import Stop
from perfci.stats.points import levels_by_series
from perfci.wiring import process
from perfci.wiring.live import Home, Session, live_ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One test, and where and how it is measured."""

    home: Home
    benchmark: Benchmark
    """With one metric."""
    config: RegressionTestConfig
    loop: AbstractEventLoop | None = None
    """Where async callables are at home."""
    stop: Stop
    world: Callable[[Ports], Ports] = lambda ports: ports
    """What it is measured by, where that is more than the process's own parts."""

    @property
    def key(self) -> str:
        """Return the key of its series."""
        (metric,) = self.benchmark.metrics
        return self.benchmark.id.series(metric.name)


def compare(test: Test) -> Evaluation:
    """Measure a test, judge it by its baseline, and keep the result.

    Raises:
        PerfciError: the store cannot be used, or another process measures for too long.
        KeyboardInterrupt: it was to stop.
    """
    home, environment = test.home, test.home.environment()
    past = past_of(home, test.key, environment)
    version, unread = _version(home, past)
    known = levels_by_series(past.history, environment.fingerprint)
    plan = plan_for(home, test.config, test.benchmark, Mode.HISTORY, past.history.branch)
    recording, said = measured(test, plan, home.branch, environment, known)
    evaluation = judged(
        recording,
        Baseline(history=past.history, version=version, absent=_absent(past, version)),
        test.config,
        home.project.context,
        (*home.project.warnings, *about(test, past), *unread, *said),
    )
    kept.keep(home.store, evaluation)
    return evaluation


def create(test: Test, version: str) -> tuple[str, ...]:
    """Measure a test, and keep it as the baseline of a version; return what is to be told.

    Raises:
        MeasurementError: there are no values, or too few.
        PerfciError: the store cannot be used, or another process measures for too long.
        KeyboardInterrupt: it was to stop.
    """
    home, environment = test.home, test.home.environment()
    past = past_of(home, test.key, environment)
    before, unread = _version(home, past)
    plan = plan_for(home, test.config, test.benchmark, Mode.RECORD, home.branch)
    recording, said = measured(test, plan, version, environment, {})
    _insist_on_values(recording, test)
    sound, aside = without_outliers(recording, test.config)
    around = Surroundings(context=home.project.context)
    verdict = pipeline.evaluate(sound, policy_of(test.config), around).verdict
    # of another version: from here on what was before it is no baseline
    anew = past.newest is not None and before != version
    points = {
        key: replace(point, accepted=anew) for key, point in points_of(sound.run, verdict).items()
    }
    record(home.store, recording, verdict, points, pause=process.pause)
    told = (*past.warnings, *unread, *map(in_our_words, recording.run.warnings), *said)
    return (*told, f"outliers set aside: {aside}") if aside else told


def measured(
    test: Test,
    plan: Plan,
    ref: str,
    environment: Environment,
    known: Mapping[str, tuple[Point, ...]],
) -> tuple[Recording, tuple[str, ...]]:
    """Measure, and let no secret out that a callable or a server has told.

    Args:
        test: what, and how.
        plan: of it.
        ref: what head is called.
        environment: this machine.
        known: what it is compared with, by series.

    Returns:
        The recording, and what was told on the way.

    Raises:
        PerfciError: it could not be measured at all; harmless, too.
        KeyboardInterrupt: it was to stop.
    """
    home, listener = test.home, Listener()
    patience = test.config.test_timeout_seconds
    session = Session(loop=test.loop, stop=test.stop, patience=patience, ref=ref)
    mask = Mask.of(home.project.environ, (test.benchmark.work,))
    try:
        ports = test.world(live_ports(home, session, listener, environment))
        executed = pipeline.execute(plan, ports, known)
    except PerfciError as error:
        mask.error(error)
        raise
    if executed.interrupted:
        raise KeyboardInterrupt
    return mask.recording(executed.recording), tuple(map(mask, listener.warnings))


def _insist_on_values(recording: Recording, test: Test) -> None:
    """Refuse a baseline of nothing, or of less than was asked for and is needed.

    Raises:
        MeasurementError: it is one.
    """
    for failure in recording.run.failures:
        raise MeasurementError(failure.reason, output=failure.output)
    taken = sum(len(item.launches) for item in recording.run.measurements if item.gated)
    wanted = recording.rounds or 1
    if taken < min(wanted, test.config.minimum_sample_size):
        raise MeasurementError(
            f"{test.benchmark.id} gave {taken} of {wanted} values within test_timeout_seconds "
            f"({test.config.test_timeout_seconds:g} s)",
            hint="raise it, or lower cooldown_seconds or test_iterations",
        )


def _version(home: Home, past: Past) -> tuple[str, tuple[str, ...]]:
    """Return the version of the newest baseline, and why it cannot be read."""
    try:
        return version_of(home, past), ()
    except (StoreError, FormatError) as error:
        return "", (f"the version of the baseline cannot be read: {error.message}",)


def _absent(past: Past, version: str) -> str:
    """Say why there is nothing to compare with; empty where there is."""
    if past.newest:
        return ""
    if past.foreign is None:
        return "There is no baseline to compare with yet: create_baseline makes one."
    return (
        f"Baseline {version or past.foreign.id} was measured in another environment (processor, "
        "kernel or Python), and values of two are not compared: create_baseline makes one for this."
    )


def about(test: Test, past: Past) -> Iterator[str]:
    """Yield what is to be told of the stored runs: what is wrong with them, and their age."""
    yield from past.warnings
    now = process.SystemClock().now()
    yield from run_ahead(past.history, now)
    most = test.config.max_baseline_age_days
    age = (now - past.newest.started_at).total_seconds() / 86400 if past.newest else 0.0
    if age > most:
        yield (
            f"the baseline is {age:.0f} days old, and max_baseline_age_days is {most:g}: measure a "
            "new one with create_baseline"
        )
