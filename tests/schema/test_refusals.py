"""What a reader says to files that are not right, and what is not written."""

import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.history import History, Point, StoredRun
from perfci.model.measurement import Clock, Launch, Stage
from perfci.model.run import Run
from perfci.schema import history, packed, result, run
from perfci.schema.document import NewerVersionError
from tests.schema.samples import changed, evaluation, kept, launch, measured, recording

ROOT = Path(__file__).parents[2]
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
        (("started_at",), "9999-12-31T23:59:59-12:00", "started_at is '9999-12-31T23:59:59-12:00'"),
        (("started_at",), "0001-01-01T00:00:00+14:00", "no time between the years 1 and 9999"),
        (("elapsed",), -1e308, "elapsed is not between 0 and 10,000,000 seconds"),
        (("elapsed",), 1e308, "elapsed is not between 0"),
        (("measurements", 0, "seconds_per_launch"), 1e300, "[0].seconds_per_launch is not between"),
        (("measurements", 0, "seconds_per_launch"), -5, "[0].seconds_per_launch is not between"),
    ],
)
def test_a_wrong_field_is_told_with_its_path(path: tuple[Any, ...], to: Any, says: str) -> None:
    error = refusal(changed(run.dump(recording()), *path, to=to))
    assert error.message.startswith("run.json: ")
    assert says in error.message
    assert len(error.message) < 300


def test_a_base_that_ran_what_it_could_not_run_is_refused() -> None:
    # what base could not run is judged without base: one line would make a regression pass
    failed = {"suite": "codec", "benchmark": "parse", "parameters": {"size": "16MB"}}
    failed |= {"side": "base", "reason": "it is broken"}
    whole = run.dump(recording())
    error = refusal(changed(whole, "base", "failures", to=[failed]))
    assert "base.failures[0] says that base cannot run codec/parse[size=16MB]" in error.message
    other = failed | {"benchmark": "encode"}
    assert run.load(changed(whole, "base", "failures", to=[other]), "run.json").base_run
    error = refusal(changed(whole, "base", "failures", to=[other | {"side": "head"}]))
    assert "base.failures[0].side is head, not base" in error.message
    files = changed(changed(whole, "base", "failures", to=[failed]), "mode", to="files")
    assert run.load(files, "run.json").base_run, "a file's own failures are none of base's"


def test_a_series_of_confirming_launches_alone_is_refused() -> None:
    whole = run.dump(recording())
    one = changed(whole, "measurements", 0, "rounds", 0, "stage", to="confirm")
    assert run.load(one, "run.json").run.measurements
    both = changed(one, "measurements", 0, "rounds", 1, "stage", to="confirm")
    error = refusal(both)
    assert "measurements[0].rounds are all of stage confirm" in error.message
    assert run.load(
        changed(both, "measurements", 0, "gated", to=False), "run.json"
    ).run.measurements


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
    assert packed.unpack(bomb + bomb, "fits") == b" " * 6_000_000
    with pytest.raises(FormatError, match="larger than"):
        packed.unpack(bomb + bomb, "bomb", limit=4_000_000)
    with pytest.raises(FormatError, match="larger than"):
        packed.unpack(b" " * 11, "large", limit=10)
    assert packed.unpack(bomb, "fits", limit=3_000_000) == b" " * 3_000_000


def test_a_small_file_cannot_become_large() -> None:
    size = packed.FREE + packed.RATIO * 20_000
    assert len(packed.unpack(packed.pack(b" " * packed.FREE), "fits")) == packed.FREE
    bomb = packed.pack(b" " * size)
    assert len(bomb) < 20_000
    with pytest.raises(FormatError, match="bomb unpacks to more than 100 times its size"):
        packed.unpack(bomb, "bomb")
    with pytest.raises(FormatError, match="gzip within gzip"):
        packed.unpack(packed.pack(bomb), "bomb")
    with pytest.raises(FormatError, match="something else follows"):
        packed.unpack(packed.pack(b"") * 1000, "bomb")


@pytest.mark.parametrize("load", [run.load, history.load])
def test_more_objects_than_a_document_holds_are_refused_before_they_are_made(load: Any) -> None:
    objects = b"{}," * (packed.CONTAINERS + packed.CONTAINERS // 4)
    for data in (objects, packed.pack(objects), objects.replace(b"{}", b"[]")):
        with pytest.raises(FormatError, match="more objects and lists than any document"):
            load(data, "many")


def test_an_index_full_of_errors_is_refused_at_the_first() -> None:
    empty = history.dump(History(branch="main", runs=()))
    runs = changed(empty, "runs", to=[{"id": str(place)} for place in range(50_000)])
    code = "import re, sys; from perfci.schema import history\n"
    code += "try: history.load(sys.stdin.buffer.read(), 'history.json')\n"
    code += "except history.FormatError as error: print(error.message)\n"
    # ru_maxrss would be that of whoever started it, where that one was larger
    code += (
        "print(int(re.search('VmHWM:[^0-9]*(.*) kB', open('/proc/self/status').read())[1]) // 1024)"
    )
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, input=runs, capture_output=True, check=True, cwd=ROOT).stdout
    message, mebibytes = told.decode().splitlines()
    assert message == "history.json: runs[0].commit is missing"
    assert int(mebibytes) < 200, "of 900 kB"


@pytest.mark.parametrize("stamp", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_beyond_all_calendars_is_refused_in_an_index(stamp: str) -> None:
    index = history.dump(History(branch="main", runs=(kept().line,)))
    with pytest.raises(FormatError, match=r"runs\[0\].started_at is .* no time between"):
        history.load(changed(index, "runs", 0, "started_at", to=stamp), "history.json")
