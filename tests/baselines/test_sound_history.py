"""The quick way to read an index gives what the thorough one gives, or leaves it alone."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from perfci.errors import FormatError
from perfci.model.history import History, Point, StoredRun
from perfci.model.measurement import Clock
from perfci.schema import history, stored
from perfci.schema.document import decode
from perfci.schema.line import load_line
from perfci.schema.packed import pack, unpack
from perfci.schema.sound_history import load_sound, load_sound_line
from tests.schema.samples import changed, kept
from tests.stores.branch import POINT, START

SCHEMA = "perfci.history/1"
STORED, RUN_SCHEMA = "perfci.stored/1", "perfci.run/1"
RUN = StoredRun(
    id="20261123T065000Z-1a2b3c4d",
    commit="e4f5",
    started_at=START,
    fingerprint="f" * 16,
    verdict="pass",
    points={"codec/parse[size=1MB]:latency": POINT},
)
INDEX = History(branch="main", runs=(RUN,), acceptances=("20261124T065000Z-1",))

number = some.floats(allow_nan=False, allow_infinity=False)
points = some.builds(
    Point,
    centres=some.dictionaries(some.sampled_from(Clock), number),
    clock=some.sampled_from(Clock),
    spread=number,
    n=some.integers(-(2**70), 2**70),
    unit=some.text(),
    regressed=some.booleans(),
    accepted=some.booleans(),
)
moments = some.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001 - the time zone is drawn beside it
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=some.sampled_from([timezone(timedelta(hours=h)) for h in (0, 5)]),
)
runs = some.builds(
    StoredRun,
    id=some.text(),
    commit=some.text(),
    started_at=moments,
    fingerprint=some.text(),
    verdict=some.text(),
    points=some.dictionaries(some.text(), points, max_size=3),
)
indices = some.builds(
    History,
    branch=some.text(),
    runs=some.lists(runs, max_size=3).map(tuple),
    acceptances=some.lists(some.text(), max_size=3).map(tuple),
)


def thorough(data: bytes) -> History:
    """Read an index field by field: an unknown schema keeps the quick way out of it."""
    fields = decode(data, "x", history.KIND)
    found = tuple(history._load_stored(run) for run in fields.groups("runs"))
    accepted = fields.texts("acceptances")
    return History(branch=fields.text("branch"), runs=found, acceptances=accepted)


@given(indices)
def test_what_was_written_is_read_alike_in_both_ways(index: History) -> None:
    data = history.dump(index)
    quick = load_sound(data, SCHEMA)
    assert quick == thorough(data) == history.load(data, "x")


def test_a_sound_index_is_read_in_the_quick_way() -> None:
    found = load_sound(history.dump(INDEX), SCHEMA)
    assert found == INDEX
    assert found is not None
    (point,) = found.runs[0].points.values()
    assert type(point.clock) is Clock
    assert [type(clock) for clock in point.centres] == [Clock]
    with pytest.raises(AttributeError):
        point.n = 3  # type: ignore[misc]
    assert replace(point, n=3).n == 3


def test_a_packed_index_is_read_too() -> None:
    assert history.load(pack(history.dump(INDEX)), "x") == INDEX


PLACE = ("runs", 0, "points", "codec/parse[size=1MB]:latency")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "perfci.history/2"),
        (("schema",), None),
        (("branch",), 3),
        (("runs",), {}),
        (("acceptances",), [1]),
        (("runs", 0, "started_at"), "2026-11-23T06:50:00"),
        (("runs", 0, "started_at"), "yesterday"),
        ((*PLACE, "n"), 2.0),
        ((*PLACE, "n"), True),
        ((*PLACE, "spread"), "0.1"),
        ((*PLACE, "spread"), False),
        ((*PLACE, "clock"), "sun"),
        ((*PLACE, "centres"), []),
        ((*PLACE, "regressed"), 1),
    ],
)
def test_what_is_not_sound_is_told_by_the_thorough_way(path: Any, value: Any) -> None:
    damaged = changed(history.dump(INDEX), *path, to=value)
    assert load_sound(damaged, SCHEMA) is None
    with pytest.raises(FormatError):
        history.load(damaged, "x")


@pytest.mark.parametrize(
    ("path", "value", "same"),
    [
        ((*PLACE, "accepted"), None, True),
        ((*PLACE, "centres", "sun"), 1.0, True),
        ((*PLACE, "spread"), 1, False),
        ((*PLACE, "later"), {}, True),
    ],
)
def test_what_is_odd_but_sound_is_read_alike(path: Any, value: Any, *, same: bool) -> None:
    odd = changed(history.dump(INDEX), *path, to=value)
    assert history.load(odd, "x") == thorough(odd)
    assert (history.load(odd, "x") == INDEX) is same


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"schema": 1e999}'])
def test_what_is_no_index_is_left_alone(data: bytes) -> None:
    assert load_sound(data, SCHEMA) is None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_a_value_that_is_no_number_is_refused(value: str) -> None:
    text = history.dump(INDEX).decode().replace('"spread":0.1', f'"spread":{value}')
    assert value in text
    assert load_sound(text.encode(), SCHEMA) is None
    with pytest.raises(FormatError):
        history.load(text.encode(), "x")


def test_the_line_of_a_stored_run_is_read_alike_in_both_ways() -> None:
    data = stored.dump(kept())
    assert load_line(data, "x") == stored.load(data, "x").line
    plain = unpack(data, "x")
    assert load_sound_line(plain, STORED, RUN_SCHEMA) == stored.load(data, "x").line


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "perfci.stored/2"),
        (("verdict",), "perhaps"),
        (("run", "schema"), "perfci.run/2"),
        (("run", "id"), 3),
        (("run", "started_at"), "2026-11-23T06:50:00"),
        (("run", "environment", "cores"), "2"),
        (("points", "a/b:c", "n"), 1.5),
    ],
)
def test_a_stored_run_that_is_not_sound_is_told_by_the_thorough_way(path: Any, value: Any) -> None:
    damaged = changed(unpack(stored.dump(kept()), "x"), *path, to=value)
    assert load_sound_line(damaged, STORED, RUN_SCHEMA) is None
    with pytest.raises(FormatError):
        load_line(damaged, "x")


def test_what_another_program_left_out_of_a_run_is_taken_as_unknown() -> None:
    sparse = changed(unpack(stored.dump(kept()), "x"), "run", "environment", "runner", to=None)
    assert load_sound_line(sparse, STORED, RUN_SCHEMA) is None
    assert load_line(sparse, "x") == stored.load(sparse, "x").line
