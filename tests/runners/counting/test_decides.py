"""The loop, the rule and real counts together: two launches of each side, and it is decided."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.measure.loop import measure
from perfci.measure.measured import Beforehand, Instruments
from perfci.model.benchmark import Benchmark
from perfci.model.comparison import Comparison, Outcome
from perfci.model.measurement import Side
from perfci.model.work import Command
from perfci.ports import Places, Runner
from perfci.runners.commands.runner import CommandRunner
from perfci.stats.decide import compare_series
from perfci.stats.series import Series
from perfci.wiring.process import SystemClock
from tests.measure.test_loop import Silent, plan
from tests.runners.counting.counted import compiled, needs_valgrind
from tests.runners.stage import ENVIRON, bench, scratch_of, side_by_side

pytestmark = needs_valgrind


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return side_by_side(tmp_path)


@pytest.fixture
def runner(tmp_path: Path, places: Places) -> Iterator[CommandRunner]:
    made = CommandRunner(places, ENVIRON, scratch_of(tmp_path))
    yield made
    made.close()


def decided(runner: Runner, benchmark: Benchmark, rounds: int | None = None) -> Comparison:
    """Measure until all is decided, and return what the rule says."""
    made = plan("any", rounds=rounds)
    instruments = Instruments(runner=lambda _: runner, clock=SystemClock(), observer=Silent())
    before = Beforehand(base="base", head="head")
    found = measure(replace(made, benchmarks=(benchmark,)), before, instruments)
    assert not found.failures
    launches = {
        side: next(it.launches for it in all_ if it.metric.name == "instructions")
        for side, all_ in ((Side.BASE, found.base), (Side.HEAD, found.head))
    }
    (metric,) = benchmark.metrics
    series = Series(
        id=benchmark.id, metric=metric, sensitivity=0.05, base=launches[Side.BASE],
        head=launches[Side.HEAD], past=(),
    )  # fmt: skip
    (comparison,) = compare_series([series], made.design)
    return comparison


@pytest.mark.slow
@pytest.mark.parametrize(
    ("length", "outcome", "change"),
    [(100_000, Outcome.UNCHANGED, 0.0), (101_000, Outcome.REGRESSED, 0.01)],
)
def test_two_launches_tell_one_per_cent_from_nothing(
    places: Places, runner: CommandRunner, length: int, outcome: Outcome, change: float
) -> None:
    compiled("loop", *places.roots.values())
    (places.roots[Side.BASE] / "length").write_text("100000")
    (places.roots[Side.HEAD] / "length").write_text(str(length))

    found = decided(runner, bench(Command(argv=("./loop",)), "instructions"))

    assert found.outcome is outcome
    assert found.launches == 2
    assert found.change == pytest.approx(change, abs=0.0005)


@pytest.mark.slow
def test_counts_that_do_not_repeat_are_judged_by_statistics(
    places: Places, runner: CommandRunner
) -> None:
    code = "for (1..10000 + int(rand(5000))) {}"
    found = decided(runner, bench(Command(argv=("perl", "-e", code)), "instructions"), rounds=4)

    assert found.launches == 4
    assert found.interval is not None
    assert found.interval.low < found.interval.high
