"""What the comprehensive suite keeps as baselines, and what it compares with them."""

import asyncio
from pathlib import Path

import pytest

from perfci.facade.results import RegressionSeverity
from perfci.facade.suite.suite import renew_baselines
from perfci.model.comparison import Outcome
from tests.facade.suite_stage import by_name, framework, outcomes, place, run, says

__all__ = ["place"]
ZONES = "zone_management"


def test_the_first_run_becomes_the_baseline_and_the_next_is_compared_with_it(place: Path) -> None:
    made = framework(place, ZONES)
    made.register(ZONES, "cross", "latency", says(100.0))

    first = run(made)["results"][0]
    baseline = made.baseline_storage.get_baseline(ZONES, "cross", "latency")
    second = run(made)["results"][0]

    assert first.outcome is Outcome.NEW
    assert "recorded as the baseline" in first.message
    assert baseline is not None
    assert baseline.baseline_value == 100.0
    assert second.baseline_value == 100.0
    assert second.outcome in {Outcome.UNCHANGED, Outcome.INCONCLUSIVE}
    assert made.test_results == [first, second]
    history = made.get_test_history(ZONES, "cross")
    assert sorted(history, key=lambda it: it.timestamp) == [first, second]


def test_what_got_worse_is_counted_and_never_becomes_part_of_the_baseline(place: Path) -> None:
    made = framework(place, ZONES)
    for name in ("cross", "leave"):
        made.register(ZONES, name, "latency", says(100.0))
    run(made)
    made.register(ZONES, "cross", "latency", says(9900.0))

    for _ in range(2):
        found = run(made)
        worse = by_name(found)["cross:latency"]
        assert worse.is_regression
        assert worse.regression_severity is RegressionSeverity.CRITICAL
        assert worse.change_percentage == pytest.approx(9800)
        assert worse.baseline_value == 100.0
        assert found["summary"]["regressions_detected"] == 1
        assert found["summary"]["critical_regressions"] == 1
        assert found["summary"]["total_tests"] == 2


def test_what_got_better_is_no_baseline_until_somebody_says_so(place: Path) -> None:
    made = framework(place, ZONES)
    made.register(ZONES, "cross", "latency", says(9900.0))
    run(made)
    made.register(ZONES, "cross", "latency", says(100.0))

    found = [run(made) for _ in range(2)]

    assert [outcomes(it) for it in found] == [{Outcome.IMPROVED}] * 2
    assert found[1]["results"][0].baseline_value == 9900.0
    assert found[1]["summary"]["improvements"] == 1


@pytest.mark.slow
def test_a_baseline_that_is_renewed_is_what_the_next_run_is_compared_with(place: Path) -> None:
    made = framework(place, ZONES, "system_monitor", types=("ha_integration", "cpu_usage"))
    for name in ("cross", "leave"):
        made.register(ZONES, name, "ha_integration", says(9900.0))
    run(made)
    made.register(ZONES, "cross", "ha_integration", says(100.0))
    keys = {"zone_management/cross:ha_integration", "system_monitor/processor:cpu_usage", "no/s:u"}

    done = asyncio.run(renew_baselines(made, keys, "2.0.0"))
    found = by_name(run(made))

    assert done == dict.fromkeys(keys - {"no/s:u"}, "")
    assert found["cross:ha_integration"].baseline_value == 100.0
    assert found["cross:ha_integration"].baseline_version == "2.0.0"
    assert found["processor:cpu_usage"].baseline_version == "2.0.0"
    assert found["leave:ha_integration"].baseline_version != "2.0.0"


def test_a_baseline_that_cannot_be_measured_anew_stays_and_it_is_said_why(place: Path) -> None:
    def raises() -> None:
        raise ValueError("no such zone")

    made = framework(place, ZONES)
    made.register(ZONES, "cross", "latency", says(100.0))
    run(made)
    made.register(ZONES, "cross", "latency", raises)

    done = asyncio.run(renew_baselines(made, {"zone_management/cross:latency"}, "2.0.0"))

    assert "no such zone" in done["zone_management/cross:latency"]
    baseline = made.baseline_storage.get_baseline(ZONES, "cross", "latency")
    assert baseline is not None
    assert baseline.version != "2.0.0"


def test_runs_that_follow_the_first_tell_how_far_runs_differ_until_there_are_five(
    place: Path,
) -> None:
    made = framework(place, ZONES)
    values = iter([100.0, 101.0, 99.0, 100.5, 99.5, 100.2, 100.2])
    told = []
    for value in values:
        made.register(ZONES, "cross", "latency", says(value))
        told.append(run(made)["results"][0])

    assert [("run 2 of the 5" in it.message) for it in told[:3]] == [False, True, False]
    assert "run 5 of the 5" in told[4].message
    assert not any("kept beside" in it.message for it in told[5:])
    assert told[6].baseline_value == pytest.approx(100.0, rel=0.002)
    assert told[6].outcome is Outcome.UNCHANGED


def test_a_baseline_that_was_made_on_purpose_is_compared_with_and_left_alone(place: Path) -> None:
    made = framework(place, ZONES)
    made.register(ZONES, "cross", "latency", says(100.0))
    asyncio.run(made.create_baseline(ZONES, "cross", "latency", says(100.0), "2.1.0"))

    found = [run(made)["results"][0] for _ in range(2)]

    assert {it.baseline_version for it in found} == {"2.1.0"}
    assert not any("kept beside" in it.message for it in found)
    assert Outcome.NEW not in {it.outcome for it in found}


def test_a_pull_request_makes_no_baseline(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_MERGE_REQUEST_IID", "7")
    made = framework(place, ZONES)
    made.register(ZONES, "cross", "latency", says(100.0))

    found = [run(made)["results"][0] for _ in range(2)]

    assert {it.outcome for it in found} == {Outcome.NEW}
    assert all("a pull request makes none" in it.message for it in found)
    assert made.baseline_storage.list_baselines() == []


def test_too_few_values_are_no_baseline(place: Path) -> None:
    made = framework(place, ZONES, test_timeout_seconds=0.3, cooldown_seconds=0.25)
    made.register(ZONES, "cross", "latency", says(1.0))

    found = run(made)["results"][0]

    assert found.outcome in {Outcome.NEW, Outcome.FAILED}
    assert "test_timeout_seconds" in found.message
    assert made.baseline_storage.list_baselines() == []


def test_an_old_baseline_is_compared_with_and_said_to_be_old(place: Path) -> None:
    made = framework(place, ZONES, max_baseline_age_days=1e-9)
    made.register(ZONES, "cross", "latency", says(100.0))

    first, second = (run(made)["results"][0] for _ in range(2))

    assert not any("days old" in it for it in first.warnings)
    assert second.baseline_value == 100.0
    assert any("max_baseline_age_days" in it for it in second.warnings)
