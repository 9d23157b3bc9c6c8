"""What a reader says to files that are not right, and what is not written."""

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.history import History, Point, StoredRun
from perfci.model.measurement import Clock, Launch, Stage
from perfci.model.run import Run
from perfci.schema import history, packed, result, run
from perfci.schema.document import NewerVersionError
from tests.schema.samples import changed, evaluation, launch, measured, recording

EMPTY = {"key": "a/b:c", "unit": "B", "direction": "lower", "launches": [[]]}


def refusal(data: bytes, source: str = "run.json") -> FormatError:
    with pytest.raises(FormatError) as caught:
        run.load(data, source)
    return caught.value


def test_a_newer_version_is_refused_by_name() -> None:
    error = refusal(changed(run.dump(recording()), "schema", to="perfci.run/2"))
    assert isinstance(error, NewerVersionError)
    assert error.message == (
        "run.json was written by a newer perfci (perfci.run/2; this one reads up to perfci.run/1)"
    )
    assert "Upgrade" in error.hint


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"null", "not a document of perfci"),
        (b"{}", "it names no schema"),
        (b'{"schema": "other/1"}', "its schema is 'other/1'"),
        (b'{"schema": "perfci.run/0"}', "not a document of perfci"),
        ('{"schema": "perfci.run/²"}'.encode(), "not a document of perfci"),
        (b'{"schema": "perfci.result/1"}', "holds a perfci.result/1"),
        (b'{"schema": 1}', "it names no schema"),
        (b'{\n "schema": oops}', "line 2, column 12"),
        (b'{"a": NaN}', "not valid JSON"),
        (b'{"a": Infinity}', "not valid JSON"),
        (b'"' + b"\xff" + b'"', "not valid JSON"),
        (b"[" * 100_000, "recursion limit"),
        (b'{"a":' * 100_000, "recursion limit"),
        (b"[" + b"9" * 5000 + b"]", "out of range"),
        (b"\x1f\x8b\x08", "gzip data ends too early"),
        (b"\x1f\x8bxxxxxxxxxxxxxxxx", "does not unpack"),
        (gzip.compress(b"{}", mtime=0) + b"tail", "something else follows"),
    ],
)
def test_what_is_no_run_is_refused_with_the_reason(data: bytes, says: str) -> None:
    error = refusal(data)
    assert "run.json" in error.message
    assert says in error.message


def test_a_result_in_place_of_a_run_points_at_the_run() -> None:
    assert "run.json" in refusal(result.dump(evaluation()), "result.json").hint


@pytest.mark.parametrize(
    ("path", "to", "says"),
    [
        (("measurements", 0, "launches", 1, 1), "x", "measurements[0].launches[1][1] is not a num"),
        (("measurements", 0, "launches", 0, 0), True, "measurements[0].launches[0][0] is not a nu"),
        (("measurements", 0, "launches", 0, 0), None, "measurements[0].launches[0][0] is missing"),
        (("measurements", 0, "launches", 0, 0), 10**400, "launches[0][0] is out of range"),
        (("measurements", 0, "launches", 0), 1, "measurements[0].launches[0] is not a list"),
        (("measurements", 0, "launches"), [[1]], "measurements[0].rounds has 2 entries for 1"),
        (("measurements", 0, "launches"), None, "measurements[0].launches is missing"),
        (("measurements", 0, "rounds", 1, "cpu", 0), {}, "rounds[1].cpu[0] is not a number"),
        (("measurements", 0, "rounds", 1, "cpu"), [1], "launches[1] has no values, or not as many"),
        (("measurements", 0, "rounds", 1, "stage"), "third", "which is none of screen, confirm"),
        (("measurements", 0, "rounds", 1), 5, "measurements[0].rounds[1] is not an object"),
        (("measurements", 0, "sensitivity"), 2.0, "measurements[0].sensitivity is not in (0, 1]"),
        (("measurements", 0, "unit"), 5, "measurements[0].unit is not a text"),
        (("measurements", 0, "key"), "a/b:c", "measurements[0].key contradicts"),
        (("measurements", 0, "gated"), 1, "measurements[0].gated is not true or false"),
        (("measurements", 0, "parameters", "size"), 1, "parameters.size is not a text"),
        (("measurements", 0), EMPTY, "measurements[0].launches[0] has no values"),
        (("measurements", 0), {**EMPTY, "key": "a"}, "measurements[0].key cannot be read"),
        (("measurements",), {}, "measurements is not a list"),
        (("measurements",), None, "measurements is missing"),
        (("base", "measurements", 0, "direction"), None, "base.measurements[0].direction is miss"),
        (("environment", "cores"), 2.5, "environment.cores is not a whole number"),
        (("started_at",), "2026-11-23T06:50:00", "started_at is not a time with an offset"),
        (("started_at",), "soon", "started_at is not a time with an offset"),
        (("warnings",), [1], "warnings[0] is not a text"),
        (("mode",), "x" * 500, "mode is 'xxxx"),
    ],
)
def test_a_wrong_field_is_told_with_its_path(path: tuple[Any, ...], to: Any, says: str) -> None:
    error = refusal(changed(run.dump(recording()), *path, to=to))
    assert error.message.startswith("run.json: ")
    assert says in error.message
    assert len(error.message) < 300


def test_a_number_beyond_all_floats_is_refused() -> None:
    data = run.dump(recording()).replace(b"0.041", b"1e999", 1)
    assert "launches[0][0] is out of range" in refusal(data).message


def test_a_value_that_is_no_number_is_not_written() -> None:
    broken = Launch(number=1, stage=Stage.SCREEN, position=0, clocks={Clock.WALL: (float("nan"),)})
    with pytest.raises(FormatError, match=r"launch 1 of codec/parse\[size=16MB\]:latency"):
        run.dump(recording(measured(broken)))
    point = Point(centres={}, clock=Clock.WALL, spread=float("inf"), n=1, unit="s")
    line = StoredRun(
        id="r",
        commit="c",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        fingerprint="f",
        verdict="pass",
        points={"a/b:c": point},
    )
    with pytest.raises(FormatError, match="a/b:c"):
        history.dump(History(branch="main", runs=(line,)))


def test_text_that_is_no_unicode_is_written_with_a_replacement() -> None:
    odd = measured(launch(1))
    odd = Run(
        id=odd.id,
        commit="",
        branch="caf\udce9",
        started_at=odd.started_at,
        environment=odd.environment,
        measurements=(),
    )
    assert run.load(run.dump(recording(odd)), "run.json").run.branch == "caf\ufffd"


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = packed.pack(b" " * 3_000_000)
    with pytest.raises(FormatError, match="larger than"):
        packed.unpack(bomb + bomb, "bomb", limit=4_000_000)
    with pytest.raises(FormatError, match="larger than"):
        packed.unpack(b" " * 11, "large", limit=10)
    assert packed.unpack(bomb, "fits", limit=3_000_000) == b" " * 3_000_000
