"""Measuring that cannot lead anywhere: too few launches, or more than the time holds."""

from collections.abc import Iterator

from perfci.gate.policy import OnMissingBaseline
from perfci.model.benchmark import Benchmark
from perfci.model.metric import Assumption
from perfci.model.revision import Mode
from perfci.model.work import Http, System
from perfci.plan.plan import Plan
from perfci.plan.reach import listed
from perfci.stats.board import LEAST
from perfci.stats.exact import REPEATS
from perfci.stats.sample import SCREEN_LOOKS, SET
from perfci.units import duration

_WARM = 100
"""Executions after which nothing gets any warmer."""


def doubtful_costs(plan: Plan) -> Iterator[str]:
    """Say what measuring will not come to."""
    rounds = plan.design.rounds
    if rounds is not None and rounds < LEAST:
        yield (
            f"measure.rounds is {rounds}: fewer than {LEAST} launches never prove anything; "
            "leave it at auto"
        )
    certain = sum(_certain(item, plan) for item in plan.benchmarks)
    if certain > plan.max_time:
        yield (
            f"measure.max_time is {duration(plan.max_time)}, and cooldowns and set durations alone "
            f"take {duration(certain)}: it will end before all is decided; raise it, or measure "
            "fewer at a time"
        )
    keen = [str(item.id) for item in plan.benchmarks if item.warmup > _WARM]
    if keen:
        most = max(item.warmup for item in plan.benchmarks)
        yield f"{most} executions are thrown away to warm up {listed(keen)}; {_WARM} are plenty"
    if plan.mode is Mode.RECORD and plan.policy.on_missing_baseline is OnMissingBaseline.FAIL:
        yield (
            "there is nothing to compare with, and gate.on_missing_baseline is fail: the gate "
            "will fail, whatever is measured"
        )


def _certain(item: Benchmark, plan: Plan) -> float:
    """Return the seconds that a benchmark takes however fast it is."""
    launches = SCREEN_LOOKS[0] if plan.mode is Mode.PAIRED else SET
    if all(metric.assumption is Assumption.EXACT for metric in item.metrics):
        launches = REPEATS
    once = item.work.duration if isinstance(item.work, Http | System) else 0.0
    return (plan.design.rounds or launches) * (item.cooldown + len(plan.sides) * once)
