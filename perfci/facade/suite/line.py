"""The line, for one test of the comprehensive suite; what it gives first becomes its baseline."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

from perfci.facade import kept
from perfci.facade.judging import Baseline, judged
from perfci.facade.line import Test, about, measured
from perfci.facade.past import past_of
from perfci.facade.planning import plan_for
from perfci.facade.suite import baseline
from perfci.facade.suite.components.offered import Offered
from perfci.facade.suite.components.shared import Launches, SharedRunner
from perfci.facade.suite.components.system_monitor import MachineRunner
from perfci.model.benchmark import Benchmark
from perfci.model.evaluation import Evaluation
from perfci.model.revision import Mode
from perfci.model.run import Environment
from perfci.model.work import System
from perfci.pipeline import Ports
from perfci.plan.plan import Plan
from perfci.ports import Places, Runner
from perfci.stats.points import levels_by_series
from perfci.worktrees.leftovers import delete, run_folder

Choice = AbstractContextManager[Callable[[Benchmark], Runner]]


def compare(
    test: Test, offered: Offered | None, launches: Launches, environment: Environment
) -> Evaluation:
    """Measure a test, judge it by its baseline or make it that, and keep the result.

    Args:
        test: with where and how it is measured.
        offered: what perfci measures itself; None for a callable.
        launches: of all tests of the suite.
        environment: this machine.

    Raises:
        PerfciError: the store cannot be used, or another process measures for too long.
        KeyboardInterrupt: it was to stop.
    """
    home = test.home
    past = past_of(home, test.key, environment)
    plan = plan_for(home, test.config, test.benchmark, Mode.HISTORY, past.history.branch)
    points = levels_by_series(past.history, environment.fingerprint)
    shared = _sharing(test, offered, launches)
    recording, said = measured(shared, plan, home.branch, environment, points)
    known = baseline.before(test, past, environment.fingerprint)
    absent = baseline.absence(test, past, recording)
    evaluation = judged(
        recording,
        Baseline(history=past.history, version=known.version, absent=absent),
        test.config,
        home.project.context,
        (*about(test, past), *known.warnings, *said),
    )
    evaluation = baseline.kept(test, past, known, evaluation)
    kept.keep(home.store, evaluation)
    return evaluation


def renew(
    test: Test, offered: Offered | None, launches: Launches, environment: Environment, version: str
) -> None:
    """Measure a test anew, and keep it as the baseline of a version.

    Raises:
        MeasurementError: there are no values, or too few.
        PerfciError: as `compare`.
        KeyboardInterrupt: it was to stop.
    """
    home = test.home
    plan = plan_for(home, test.config, test.benchmark, Mode.RECORD, home.branch)
    shared = _sharing(test, offered, launches)
    recording, _ = measured(shared, plan, home.branch, environment, {})
    baseline.replace_by(test, recording, version)


def _sharing(test: Test, offered: Offered | None, launches: Launches) -> Test:
    """Let a test of perfci's own have its values from launches that it shares with others."""
    if offered is None:
        return test

    def world(ports: Ports) -> Ports:
        return replace(ports, runners=_runners(ports, offered, launches, test))

    return replace(test, world=world)


def _runners(
    ports: Ports, offered: Offered, launches: Launches, test: Test
) -> Callable[[Plan, Places], Choice]:

    @contextmanager
    def chosen(plan: Plan, places: Places) -> Iterator[Callable[[Benchmark], Runner]]:
        scratch = run_folder(Path(tempfile.gettempdir()))
        try:
            with ports.runners(plan, places) as inner:
                machine = MachineRunner(ports.clock, scratch)

                def own(benchmark: Benchmark) -> Runner:
                    return machine if isinstance(benchmark.work, System) else inner(benchmark)

                shared = SharedRunner(offered, launches, own, test.stop)
                yield lambda _: shared
        finally:
            delete(scratch)

    return chosen
