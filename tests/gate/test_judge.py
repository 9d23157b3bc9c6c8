"""What the gate decides, over comparisons made in one line each."""

from dataclasses import replace

import pytest

from perfci.errors import ExitCode
from perfci.gate.judge import judge
from perfci.gate.policy import Level, OnInconclusive, OnMissingBaseline, Policy, Rule
from perfci.model.comparison import Comparison, Estimate, Interval, Outcome
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock
from perfci.model.metric import Better, Metric, built_in
from perfci.model.verdict import Severity, Status, Verdict

LATENCY = built_in("latency")
MEMORY = built_in("memory_usage")
THROUGHPUT = Metric(name="throughput", unit="1/s", better=Better.HIGHER)
ERRORS = Metric(name="error_rate", unit="ratio", better=Better.LOWER, absolute=True)


def came(
    outcome: str,
    change: float | None = None,
    *,
    name: str = "parse",
    metric: Metric | None = LATENCY,
    head: float = 0.015,
    interval: Interval | None = None,
) -> Comparison:
    assert metric is not None
    base = head / (1 + change) if change is not None and not metric.absolute else head
    return Comparison(
        id=BenchmarkId(suite="codec", name=name),
        metric=metric,
        outcome=Outcome(outcome),
        change=change,
        interval=Interval(low=change - 0.02, high=change + 0.02, level=0.95) if change else None,
        base=Estimate(point=base, n=10) if change is not None else None,
        head=Estimate(point=head, n=10, interval=interval),
        clock=Clock.NET,
        launches=10,
        p_value=1e-6,
        detectable=0.05,
    )


def verdict(*comparisons: Comparison, **policy: object) -> Verdict:
    return judge(comparisons, Policy(**policy), against="a1b2c3d (main)")  # type: ignore[arg-type]


def test_a_regression_of_minor_size_fails_by_default() -> None:
    found = verdict(came("regressed", 0.12))
    assert found.status is Status.FAIL
    assert found.exit_code is ExitCode.GATE_FAILED
    assert found.findings[0].severity is Severity.MINOR
    assert found.message == "1 regression (minor)"


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        pytest.param(0.094, None, id="9.4 % rounds to 9"),
        pytest.param(0.095, Severity.MINOR, id="9.5 % rounds to 10"),
        pytest.param(0.495, Severity.MAJOR, id="49.5 % rounds to 50"),
        pytest.param(0.24, Severity.MINOR, id="24 %"),
        pytest.param(1.0, Severity.CRITICAL, id="double"),
    ],
)
def test_severity_goes_by_the_change_in_whole_percent(
    change: float, severity: Severity | None
) -> None:
    assert verdict(came("regressed", change)).findings[0].severity is severity


def test_a_proven_regression_below_the_limit_warns_and_passes() -> None:
    found = verdict(came("regressed", 0.07))
    assert found.status is Status.WARN
    assert found.exit_code is ExitCode.PASS
    assert "below the limit of 10 %" in found.findings[0].reason


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([came("regressed", 0.06)], "1 regression below the limit"),
        ([came("regressed", 0.02, metric=ERRORS)], "1 regression that nothing blocks"),
        (
            [
                came("regressed", 0.06),
                came("regressed", 0.07, name="pack"),
                came("regressed", 0.02, metric=ERRORS),
            ],
            "2 regressions below the limit, and 1 that nothing blocks",
        ),
    ],
)
def test_what_has_no_limit_is_not_called_below_it(found: list[Comparison], message: str) -> None:
    told = verdict(*found)
    assert told.status is Status.WARN
    assert told.message == message
    warns = Rule(match="*", threshold=0.01, level=Level.WARN)
    unblocked = verdict(*found, rules=(warns,))
    number = "1 regression" if len(found) == 1 else f"{len(found)} regressions"
    assert unblocked.message == f"{number} that nothing blocks"


def test_what_is_not_regressed_never_blocks_however_large_its_change() -> None:
    found = verdict(came("inconclusive", 3.0))
    assert not found.findings[0].blocking
    assert found.status is Status.WARN


def test_a_drop_of_throughput_is_a_worsening() -> None:
    found = verdict(came("regressed", -0.30, metric=THROUGHPUT, head=100.0))
    assert found.findings[0].severity is Severity.MODERATE
    assert found.status is Status.FAIL
    assert "less throughput" in found.findings[0].reason


def test_the_first_matching_rule_replaces_fail_on() -> None:
    rules = (
        Rule(match="codec/parse", threshold=0.05),
        Rule(match="codec/*", threshold=0.5),
    )
    assert verdict(came("regressed", 0.06), rules=rules).status is Status.FAIL
    assert verdict(came("regressed", 0.3, name="encode"), rules=rules).status is Status.WARN


def test_both_limits_of_a_rule_must_be_exceeded() -> None:
    rules = (Rule(match="*", threshold=0.05, at_least=0.002),)
    small = came("regressed", 0.20, head=0.006)
    large = came("regressed", 0.20, head=0.060)
    assert verdict(small, rules=rules).status is Status.WARN
    assert verdict(large, rules=rules).status is Status.FAIL


def test_the_proven_change_counts_where_the_medians_of_a_noisy_run_disagree() -> None:
    noisy = replace(came("regressed", 0.30), head=Estimate(point=0.011, n=10))
    assert verdict(noisy).status is Status.FAIL


def test_a_rule_of_level_warn_never_blocks() -> None:
    rules = (Rule(match="*", threshold=0.05, level=Level.WARN),)
    assert verdict(came("regressed", 2.0), rules=rules).status is Status.WARN


def test_a_rule_with_only_a_budget_leaves_fail_on_in_force() -> None:
    rules = (Rule(match="*", budget=1.0),)
    assert verdict(came("regressed", 0.2), rules=rules).status is Status.FAIL


def test_a_budget_blocks_without_any_base() -> None:
    rules = (Rule(match="*:memory_usage", budget=512e6),)
    found = verdict(came("new", metric=MEMORY, head=600e6), rules=rules)
    assert found.status is Status.FAIL
    assert found.findings[0].over_budget
    assert "600 MB is above the budget of 512 MB" in found.findings[0].reason


def test_a_budget_blocks_only_when_the_better_end_of_the_interval_is_beyond_it() -> None:
    rules = (Rule(match="*", budget=0.010),)
    straddling = Interval(low=0.009, high=0.020, level=0.95)
    beyond = Interval(low=0.011, high=0.020, level=0.95)
    assert verdict(came("new", interval=straddling), rules=rules).status is Status.PASS
    assert verdict(came("new", interval=beyond), rules=rules).status is Status.FAIL


def test_a_budget_of_level_warn_warns() -> None:
    rules = (Rule(match="*", budget=0.001, level=Level.WARN),)
    assert verdict(came("unchanged", 0.0), rules=rules).status is Status.WARN


def test_absolute_metrics_block_by_rule_alone() -> None:
    risen = came("regressed", 0.30, metric=ERRORS, head=0.31)
    assert verdict(risen).status is Status.WARN
    assert verdict(risen).findings[0].severity is None
    rules = (Rule(match="*:error_rate", threshold=0.01),)
    assert verdict(risen, rules=rules).status is Status.FAIL


def test_more_regressions_than_allowed_fail_whatever_their_size() -> None:
    small = [came("regressed", 0.06, name=name) for name in ("a", "b", "c")]
    assert verdict(*small, max_regressions=3).status is Status.WARN
    assert verdict(*small, max_regressions=2).status is Status.FAIL
    assert verdict(small[0], max_regressions=0).status is Status.FAIL


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (OnInconclusive.IGNORE, Status.PASS),
        (OnInconclusive.WARN, Status.WARN),
        (OnInconclusive.FAIL, Status.FAIL),
    ],
)
def test_inconclusive_does_what_the_policy_says(policy: OnInconclusive, status: Status) -> None:
    assert verdict(came("inconclusive", 0.03), on_inconclusive=policy).status is status


def test_a_first_run_passes_and_says_that_it_was_recorded() -> None:
    found = verdict(came("new"))
    assert (found.status, found.message) == (Status.PASS, "recorded 1 series")
    strict = verdict(came("new"), on_missing_baseline=OnMissingBaseline.FAIL)
    assert strict.exit_code is ExitCode.GATE_FAILED


def test_a_failed_benchmark_is_an_error_whatever_else_was_found() -> None:
    found = verdict(came("failed"), came("regressed", 0.5, name="encode"))
    assert found.exit_code is ExitCode.ERROR
    assert "codec/parse" in found.message
    assert found.findings[0].blocking, "the regression is told all the same, first"


def test_an_expected_benchmark_that_was_not_measured_is_an_error() -> None:
    found = verdict(came("unchanged", 0.0), expect=("codec/parse", "codec/encode"))
    assert found.exit_code is ExitCode.ERROR
    assert found.message == "expected, but not measured: codec/encode"


def test_nothing_measured_is_an_error_never_a_pass() -> None:
    assert verdict().exit_code is ExitCode.ERROR
    assert verdict(came("missing")).exit_code is ExitCode.ERROR


def test_what_is_no_longer_measured_warns() -> None:
    found = verdict(came("unchanged", 0.0), came("missing", name="gone"))
    assert found.status is Status.WARN
    assert "codec/gone:latency" in found.message


def test_findings_come_worst_first() -> None:
    found = verdict(
        came("unchanged", 0.0, name="a"),
        came("improved", -0.4, name="b"),
        came("inconclusive", 0.1, name="c"),
        came("regressed", 0.2, name="d"),
        came("regressed", 0.9, name="e"),
        came("regressed", 0.05, name="f"),
    )
    assert [item.comparison.id.name for item in found.findings] == ["e", "d", "f", "c", "b", "a"]


def test_the_sentence_says_what_was_compared_with_what_and_what_follows() -> None:
    reason = verdict(came("regressed", 0.5)).findings[0].reason
    assert reason == (
        "50.0 % slower than a1b2c3d (main) (95 % interval +48.0 % to +52.0 %), "
        "from 10.0 to 15.0 ms, over 10 launches a side on the net clock; "
        "it blocks from 10 % (fail_on: minor)."
    )
