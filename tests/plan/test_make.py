"""What will be measured, and compared with what."""

from dataclasses import replace
from typing import Any

import pytest

from perfci.errors import ConfigurationError
from perfci.model.context import Context
from perfci.model.revision import Mode
from perfci.plan.make import make_plan
from perfci.plan.plan import Circumstances, Plan, Wish
from perfci.settings.flags import from_flags, from_sets
from perfci.settings.load import load

BENCHMARKS: list[dict[str, Any]] = [
    {"name": "parse", "suite": "codec", "run": "x", "metrics": ["latency", "memory_usage"]},
    {"name": "encode", "suite": "codec", "python": "b.py:f", "parameters": {"size": [1, 2]}},
    {"name": "health", "run": ["y"]},
]

PULL_REQUEST = Context(
    platform="github", event="pull_request", pr_number=7, base_commit="abc", branch="feature"
)
PUSH = Context(platform="github", event="push", branch="main", default_branch="main")
ON_MAIN = Context(branch="main")


def plan(
    *sets: str,
    context: Context = ON_MAIN,
    runs: int = 0,
    names: tuple[str, ...] = (),
    globs: tuple[str, ...] = (),
    repository: bool = True,
    benchmarks: list[dict[str, Any]] | None = None,
) -> Plan:
    listed = BENCHMARKS if benchmarks is None else benchmarks
    loaded = load([from_flags({"benchmarks": listed}), from_sets(list(sets))])
    place = Circumstances(
        context=context,
        folder="app",
        branch=context.branch,
        in_repository=repository,
        comparable_runs=runs,
        store="file:.perfci",
    )
    return make_plan(loaded, place, Wish(names=names, globs=globs, seed=1))


def test_a_pull_request_is_measured_side_by_side() -> None:
    made = plan(context=PULL_REQUEST, runs=9)
    assert (made.mode, made.base, made.mode_reason) == (Mode.PAIRED, "abc", "pull request 7")


def test_a_base_means_side_by_side() -> None:
    made = plan("base=main", runs=9)
    assert (made.mode, made.base, made.mode_reason) == (Mode.PAIRED, "main", "--base main")


def test_stored_runs_mean_history_and_none_mean_record() -> None:
    assert plan(runs=3).mode is Mode.HISTORY
    assert "3 runs of main in file:.perfci" in plan(runs=3).mode_reason
    assert plan().mode is Mode.RECORD
    assert plan().mode_reason.startswith("no run of main in file:.perfci")
    assert plan("mode=history").mode is Mode.RECORD


def test_paired_without_a_base_or_a_repository_is_refused_with_the_next_step() -> None:
    with pytest.raises(ConfigurationError) as caught:
        plan("mode=paired")
    assert "--base main" in caught.value.hint
    with pytest.raises(ConfigurationError, match="no git repository"):
        plan("base=main", repository=False)
    with pytest.raises(ConfigurationError, match="only paired mode has a base"):
        plan("base=main", "mode=record")


@pytest.mark.parametrize(
    ("names", "globs", "chosen"),
    [
        (("parse",), (), {"codec/parse"}),
        (("codec/encode",), (), {"codec/encode[size=1]", "codec/encode[size=2]"}),
        (("codec/encode[size=2]",), (), {"codec/encode[size=2]"}),
        ((), ("codec/*",), {"codec/parse", "codec/encode[size=1]", "codec/encode[size=2]"}),
        ((), ("*:memory_usage",), {"codec/parse"}),
        (("health",), ("*/parse",), {"codec/parse", "default/health"}),
    ],
)
def test_selection(names: tuple[str, ...], globs: tuple[str, ...], chosen: set[str]) -> None:
    assert {str(item.id) for item in plan(names=names, globs=globs).benchmarks} == chosen


def test_only_what_was_selected_is_expected() -> None:
    assert plan().policy.expect == (
        "codec/parse",
        "codec/encode[size=1]",
        "codec/encode[size=2]",
        "default/health",
    )
    assert plan(names=("parse",)).policy.expect == ("codec/parse",)


def test_a_rule_below_the_sensitivity_lowers_it_for_its_series() -> None:
    made = plan('gate.rules=[{match: "codec/parse:latency", threshold: 2%}]')
    assert made.sensitivity("codec/parse:latency") == pytest.approx(0.02)
    assert made.sensitivity("codec/parse:memory_usage") == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("sets", "context", "writes"),
    [
        ((), Context(branch="main"), True),
        ((), PUSH, True),
        ((), PULL_REQUEST, False),
        (("update_baseline=always",), PULL_REQUEST, False),
        (("update_baseline=always",), replace(PUSH, is_fork=True), False),
        (("update_baseline=never",), PUSH, False),
        (("branches=[release]",), PUSH, False),
        (("branches=[main, release]",), PUSH, True),
        (("base=v1",), Context(branch="main"), False),
        (("base=v1", "update_baseline=always"), Context(branch="main"), True),
        (("base=v1", "store=s3://x"), Context(branch="main"), False),
        (("base=v1",), PUSH, True),
    ],
)
def test_who_writes_a_baseline(sets: tuple[str, ...], context: Context, *, writes: bool) -> None:
    assert plan(*sets, context=context).updates_baseline is writes


def test_files_of_callables_are_the_definitions() -> None:
    assert plan().definitions == ("b.py",)


def test_a_rule_that_matches_nothing_and_too_few_rounds_are_warned_about() -> None:
    made = plan('gate.rules=[{match: "nothing/*", threshold: 2%}]', "measure.rounds=2")
    assert any("nothing/*" in text for text in made.warnings)
    assert any("fewer than 3" in text for text in made.warnings)
