"""`perfci run --dry-run`: the plan, and what it is expected to cost."""

import sys
from collections.abc import Mapping
from statistics import fmean
from typing import assert_never

from perfci.cli.layout import print_json, print_rows
from perfci.model.benchmark import Benchmark
from perfci.model.history import Point
from perfci.model.measurement import Clock
from perfci.model.revision import Mode
from perfci.model.text import inert, printable
from perfci.model.work import (
    Ai,
    Command,
    Function,
    HomeAssistant,
    Http,
    Live,
    Results,
    System,
    Tool,
)
from perfci.plan.plan import Plan
from perfci.plan.sight import seen
from perfci.units import duration

FIRST_LOOK = {2: 4, 1: 5}
"""Launches a side that an unchanged benchmark costs, by the number of sides."""

START_UP = 0.15
"""Seconds to start a worker or a short command; a rough figure for the estimate alone."""


def show_plan(plan: Plan, past: Mapping[str, tuple[Point, ...]], *, as_json: bool) -> None:
    """Print what would be measured, compared with what, and the expected time."""
    costs = {item.id: expected_cost(item, plan, past) for item in plan.benchmarks}
    known = [cost for cost in costs.values() if cost is not None]
    rows = [
        {
            "benchmark": str(item.id),
            "work": str(item.work),
            "metrics": ", ".join(metric.name for metric in item.metrics) or _measures(item, plan),
            "sees": _sees(item, plan),
            "expected": duration(cost) if (cost := costs[item.id]) is not None else "not known",
        }
        for item in plan.benchmarks
    ]
    if as_json:
        print_json(
            {
                "project": plan.project,
                "mode": plan.mode,
                "mode_reason": plan.mode_reason,
                "base": plan.base or None,
                "seed": plan.seed,
                "max_time": plan.max_time,
                "shard": str(plan.shard.place) if plan.shard else None,
                "benchmarks": rows,
                "warnings": list(plan.warnings),
            }
        )
        return
    sys.stdout.write(f"{plan.project}: mode {plan.mode} ({plan.mode_reason}), seed {plan.seed}\n")
    if plan.shard:
        suite = len(plan.shard.suite)
        sys.stdout.write(f"{plan.shard.place}: {len(rows)} of {suite} benchmarks\n")
    if plan.setup:
        sys.stdout.write(f"setup, once a side: {plan.setup[-1]}\n")
    print_rows(rows)
    total = duration(sum(known)) if known else "not known before a first run"
    more = "" if len(known) == len(costs) or not known else " and more"
    sys.stdout.write(
        f"{len(rows)} benchmark{'' if len(rows) == 1 else 's'}, {_launches(plan)}; "
        f"expected: {total}{more}; at most {duration(plan.max_time)}\n"
    )
    for warning in plan.warnings:
        sys.stderr.write(f"{inert(printable(f'perfci: warning: {warning}'))}\n")


def _measures(tool: Benchmark, plan: Plan) -> str:
    asked = ", ".join(plan.within.get(tool.id, ()))
    return f"what it measures of {asked}" if asked else "what it measures"


def _sees(item: Benchmark, plan: Plan) -> str:
    """Return the worsening that each metric is measured to see: `5 %, 1 point`."""
    apart = plan.mode is not Mode.PAIRED
    limits = (
        seen(metric, plan.sensitivity(item.id.series(metric.name)), apart=apart)
        for metric in item.metrics
    )
    return ", ".join(dict.fromkeys(limits))


def _launches(plan: Plan) -> str:
    """Return `4 launches a side or more`, or the fixed number of them."""
    rounds = plan.design.rounds
    number = rounds or FIRST_LOOK[len(plan.sides)]
    plural = "" if number == 1 else "es"
    return f"{number} launch{plural} a side{'' if rounds else ' or more'}"


def expected_cost(
    item: Benchmark, plan: Plan, past: Mapping[str, tuple[Point, ...]]
) -> float | None:
    """Estimate the seconds that an unchanged benchmark takes; None where nothing tells."""
    launches = plan.design.rounds or FIRST_LOOK[len(plan.sides)]
    if isinstance(item.work, Http | System):
        return len(plan.sides) * launches * (START_UP + item.work.duration)
    once = _once(item, past)
    if once is None:
        return None
    match item.work:
        case Command():
            values = 10 if once < 0.01 else int(0.1 / once) + 1
            return len(plan.sides) * (launches * values + item.warmup) * once
        case Function():
            calls = (10 + item.warmup) * max(once, 0.002)
            return len(plan.sides) * launches * (START_UP + calls)
        case Ai() | HomeAssistant() as work:
            return len(plan.sides) * launches * (START_UP + work.requests * once)
        case Tool() | Results():
            return None  # what it measures tells nothing of how long it takes
        case Live() as work:
            return len(plan.sides) * (launches * work.calls + item.warmup) * once
        case _ as never:
            assert_never(never)


def _once(item: Benchmark, past: Mapping[str, tuple[Point, ...]]) -> float | None:
    """Return the mean wall time of what the stored runs measured first of all."""
    for metric in item.metrics:
        walls = [
            point.centres[Clock.WALL]
            for point in past.get(item.id.series(metric.name), ())
            if Clock.WALL in point.centres
        ]
        if metric.timed and walls:
            return fmean(walls)
    return None
