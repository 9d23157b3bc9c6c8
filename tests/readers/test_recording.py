"""What a reading becomes: series and failures that never contradict each other."""

from datetime import UTC, datetime

import pytest

from perfci.model.metric import Better, Metric
from perfci.model.run import Recording
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Level, Machine, Reading
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


def test_versions_of_a_machine_are_kept_as_far_as_numbers_depend_on_them() -> None:
    machine = Machine(cpu="A cpu", kernel="Linux 6.8.0-45-generic", interpreter="CPython 3.11.7")
    environment = recording_of(Reading(found=(found("a", 1.0),), machine=machine), HOW)
    assert str(environment.run.environment) == "A cpu, Linux 6.8"
    assert environment.run.environment.interpreter == "CPython 3.11"
