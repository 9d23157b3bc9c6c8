"""Launches of other tools are read packed, and only those that are written as theirs are."""

import json
from dataclasses import replace

import pytest

from perfci.errors import FormatError
from perfci.model.given import Given
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.schema import run
from tests.schema.samples import changed, launch, measured, recording

VALUES = [[0.5, 0.25], [0.125]]


def written(clock: Clock = Clock.WALL) -> bytes:
    """Return a run with launches of another tool."""
    usual = measured(launch(1))
    (first,) = usual.measurements
    theirs = replace(first, launches=Given(clock, VALUES), given=True)
    return run.dump(recording(replace(usual, measurements=(theirs,))))


def read(data: bytes) -> Measurement:
    (found,) = run.load(data, "run.json").run.measurements
    return found


@pytest.mark.parametrize("clock", [Clock.WALL, Clock.VALUE])
def test_they_come_back_packed_and_the_same(clock: Clock) -> None:
    found = read(written(clock))
    assert isinstance(found.launches, Given)
    assert found.launches == Given(clock, VALUES)


@pytest.mark.parametrize(
    ("name", "to"), [("number", 7), ("position", 3), ("stage", "confirm"), ("whole", False)]
)
def test_what_is_not_as_usual_is_kept_as_it_is(name: str, to: object) -> None:
    found = read(changed(written(), "measurements", 0, "rounds", 1, name, to=to))
    assert not isinstance(found.launches, Given)
    assert getattr(found.launches[1], name) == to
    assert found.launches[0] == Launch(
        number=1, stage=Stage.SCREEN, position=0, clocks={Clock.WALL: (0.5, 0.25)}
    )


@pytest.mark.parametrize(
    ("name", "to", "what"),
    [
        ("number", True, "a whole number"),
        ("number", 1.0, "a whole number"),
        ("position", False, "a whole number"),
        ("position", 0.0, "a whole number"),
        ("whole", 1, "true or false"),
        ("whole", 1.0, "true or false"),
    ],
)
def test_what_only_equals_the_usual_is_refused_with_its_place(
    name: str, to: object, what: str
) -> None:
    for clock in (Clock.WALL, Clock.VALUE):
        with pytest.raises(FormatError) as caught:
            read(changed(written(clock), "measurements", 0, "rounds", 0, name, to=to))
        assert caught.value.message == f"run.json: measurements[0].rounds[0].{name} is not {what}"


@pytest.mark.parametrize("value", ["1.0", None, True, {}])
def test_a_damaged_value_is_refused_with_its_place(value: object) -> None:
    data = changed(written(Clock.VALUE), "measurements", 0, "launches", 1, 0, to=value)
    with pytest.raises(FormatError, match=r"launches\[1\]\[0\]"):
        read(data)


def test_a_launch_without_values_is_refused() -> None:
    document = json.loads(written(Clock.VALUE))
    document["measurements"][0]["launches"][1] = []
    with pytest.raises(FormatError, match=r"launches\[1\]"):
        read(json.dumps(document).encode())
