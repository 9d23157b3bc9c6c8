"""`perfci list`: the benchmarks, their keys, their limits."""

from argparse import Namespace

from perfci.cli.layout import print_json, print_rows
from perfci.cli.progress import progress
from perfci.cli.shard_answer import wanted
from perfci.errors import ExitCode
from perfci.gate.consequences import unblocked, written
from perfci.gate.limits import limits_of
from perfci.model.benchmark import Benchmark
from perfci.model.work import Read
from perfci.plan.make import make_plan
from perfci.plan.plan import Wish
from perfci.plan.sight import seen
from perfci.units import scale_for
from perfci.wiring.project import circumstances, open_project


def main(options: Namespace) -> int:
    """Print one row a series."""
    project = open_project(options)
    place = circumstances(project, comparable_runs=0)
    wish = Wish(
        names=tuple(options.names),
        globs=tuple(options.select),
        shard=wanted(options.shard, project.environ),
        seed=0,
    )
    plan = make_plan(project.loaded, place, wish)
    for warning in plan.warnings:
        progress().warn(warning)
    rows = []
    for item in plan.benchmarks:
        if isinstance(item.work, Read):
            rows += [_tool(item, asked) for asked in plan.within.get(item.id, ("",))]
        for metric in item.metrics:
            key = item.id.series(metric.name)
            limits = limits_of(plan.policy, key, metric)
            budget = limits.budget
            rows.append(
                {
                    "series": key,
                    "better": metric.better.value,
                    "blocks from": "never"
                    if limits.threshold is None
                    else written(metric, limits.threshold),
                    "because of": unblocked(metric, limits.rule)
                    if limits.threshold is None
                    else limits.rule,
                    "budget": "" if budget is None else scale_for(metric.unit, budget).text(budget),
                    "sees": seen(metric, plan.sensitivity(key)),
                    "defined in": item.source,
                    "work": str(item.work),
                }
            )
    if options.json:
        print_json(rows)
    else:
        print_rows(rows)
    return ExitCode.PASS


def _tool(item: Benchmark, asked: str) -> dict[str, str]:
    """Return the row of a tool, which tells only when it has run what it measures.

    Args:
        item: the tool.
        asked: what of it was asked for; empty for everything.
    """
    return {
        "series": asked or f"{item.id.suite}/*",
        "better": "",
        "blocks from": "",
        "because of": f"what {item.id} measures is known when it has run",
        "budget": "",
        "sees": "",
        "defined in": item.source,
        "work": str(item.work),
    }
