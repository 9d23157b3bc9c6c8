"""What a reading becomes: series and failures that never contradict each other."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from perfci.model.measurement import Clock
from perfci.model.metric import Better, Metric
from perfci.model.run import Recording
from perfci.readers.metrics import (
    ALLOCATED,
    ALLOCATIONS,
    BANDWIDTH,
    CPU_TIME,
    ERROR_RATE,
    LATENCY,
    THROUGHPUT,
    percentile,
)
from perfci.readers.reading import Broken, Found, Level, Machine, Packed, Reading
from perfci.readers.recording import Import, recording_of

HOW = Import(tool="tool", run_id="x", moment=datetime(2026, 11, 26, tzinfo=UTC))


def found(name: str, *values: float, metric: Metric = LATENCY, iterations: int = 1) -> Found:
    return Found(
        name=name,
        metric=metric,
        launches=tuple((value,) for value in values),
        level=Level.PROCESS,
        iterations=iterations,
    )


def recorded(*items: Found | Broken) -> Recording:
    return recording_of(
        Reading(
            found=tuple(it for it in items if isinstance(it, Found)),
            broken=tuple(it for it in items if isinstance(it, Broken)),
        ),
        HOW,
    )


def test_what_several_files_say_of_one_series_becomes_its_launches() -> None:
    (item,) = recorded(found("a", 1.0, 2.0), found("a", 3.0, iterations=0)).run.measurements
    assert [launch.number for launch in item.launches] == [1, 2, 3]
    (item,) = recorded(found("a", 1.0, iterations=0)).run.measurements
    assert item.iterations == 1


def test_what_one_file_cannot_tell_of_launches_is_not_said_of_several() -> None:
    rounds = Found(name="a", metric=LATENCY, launches=((1.0, 2.0),), level=Level.ITERATION)
    (alone,) = recorded(rounds).run.measurements
    (several,) = recorded(rounds, rounds).run.measurements
    assert "rounds of one process" in " ".join(alone.details)
    assert several.details == ()


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (found("a", float("nan")), "its latency has the value nan"),
        (found("a"), "its latency has no value"),
        (Broken(name="a", reason="it crashed"), "it crashed"),
        (found("a\x1b[1m", 2.0), "more than one benchmark comes to this name"),
        (
            found("a", 2.0, metric=Metric(name="latency", unit="ms", better=Better.LOWER)),
            "its latency is in s and in ms, or better in two directions",
        ),
    ],
)
def test_what_failed_in_part_is_failed_as_a_whole(second: Found | Broken, why: str) -> None:
    run = recorded(found("a", 1.0), found("b", 1.0), second).run
    assert [it.key for it in run.measurements] == ["default/b:latency"]
    (failure,) = run.failures
    assert failure.reason == why


def reason(item: Found) -> str:
    run = recorded(item).run
    assert not run.measurements
    (failure,) = run.failures
    return failure.reason


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_no_number_is_told_with_its_place(value: float) -> None:
    item = replace(found("a"), launches=((1.0, 2.0), (1.0,), (2.0, 2.0, value)))
    assert reason(item) == f"its latency has the value {value}: launch 3 of 3, value 3 of 3"
    rounds = replace(found("a"), launches=((1.0, value, value),), level=Level.ITERATION)
    assert reason(rounds) == f"its latency has the value {value}: launch 1 of 1, value 2 of 3"
    packed = replace(found("a"), launches=Packed((1.0, value, 3.0)))
    assert reason(packed) == f"its latency has the value {value}: launch 2 of 3, value 1 of 1"
    assert reason(found("a", value)) == f"its latency has the value {value}"


@pytest.mark.parametrize(
    ("metric", "shown"),
    [
        (LATENCY, "-0.25 s"),
        (CPU_TIME, "-0.25 s"),
        (percentile(LATENCY, 99), "-0.25 s"),
        (ALLOCATED, "-0.25 B"),
        (ALLOCATIONS, "-0.25 count"),
        (THROUGHPUT, "-0.25 1/s"),
        (BANDWIDTH, "-0.25 B/s"),
        # compared by difference: below 0 it would pass for the better
        (ERROR_RATE, "-0.25 ratio"),
        (Metric(name="system_health", unit="score", better=Better.HIGHER), "-0.25 score"),
    ],
)
def test_a_value_below_0_of_what_cannot_be_fails_the_benchmark(metric: Metric, shown: str) -> None:
    for launches in (((1.0,), (-0.25,)), Packed((1.0, -0.25))):
        item = replace(found("a", metric=metric), launches=launches)
        assert reason(item) == (
            f"its {metric.name} has the value {shown}, and no {metric.name} is below 0: "
            "launch 2 of 2, value 1 of 1"
        )
    assert recorded(found("a", 1.0, 0.0, -0.0, metric=metric)).run.measurements
    assert reason(found("a", 0.0, -0.25, metric=metric)).endswith(": launch 2 of 2, value 1 of 1")


@pytest.mark.parametrize("unit", ["ratio", "points", "dB", "score"])
def test_a_value_of_a_plain_unit_may_be_below_0(unit: str) -> None:
    metric = Metric(name="balance", unit=unit, better=Better.LOWER)
    (item,) = recorded(found("a", 1.0, -0.25, metric=metric)).run.measurements
    assert [launch.clocks[Clock.VALUE] for launch in item.launches] == [(1.0,), (-0.25,)]
    bad = found("a", -1.0, float("nan"), metric=metric)
    assert reason(bad) == "its balance has the value nan: launch 2 of 2, value 1 of 1"


def test_values_whose_sum_is_beyond_all_floats_are_sound() -> None:
    assert recorded(found("a", 1e308, 1e308)).run.measurements


def test_versions_of_a_machine_are_kept_as_far_as_numbers_depend_on_them() -> None:
    machine = Machine(cpu="A cpu", kernel="Linux 6.8.0-45-generic", interpreter="CPython 3.11.7")
    environment = recording_of(Reading(found=(found("a", 1.0),), machine=machine), HOW)
    assert str(environment.run.environment) == "A cpu, Linux 6.8"
    assert environment.run.environment.interpreter == "CPython 3.11"
