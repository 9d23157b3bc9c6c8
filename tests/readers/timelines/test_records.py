"""Series in JSON: what is taken as it is, what is told, and what is refused with its place."""

import gzip
import json
import tracemalloc
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.readers.source import Source
from perfci.readers.timelines import drafts
from perfci.readers.timelines.drafts import Timelines
from perfci.readers.timelines.formats import read_timelines

START = 1_764_163_740_000


def record(name: str = "parse", values: Any = (1.0, 2.0), **more: Any) -> dict[str, Any]:
    points = [
        {"commit": f"c{at}", "time": START + at * 1000, "value": value}
        for at, value in enumerate(values)
    ]
    return {"name": name, "unit": "ms", "direction": "lower", "points": points} | more


def read(content: str | bytes, **more: Any) -> Timelines:
    data = content if isinstance(content, bytes) else content.encode()
    return read_timelines([Source(name="runs.jsonl", data=data)], **more)


def lines(*records: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in records)


FORMS = {
    "lines": lambda records: lines(*records).encode(),
    "array": lambda records: json.dumps(records, indent=1).encode(),
    "gzip": lambda records: gzip.compress(lines(*records).encode()),
    "mark": lambda records: b"\xef\xbb\xbf" + lines(*records).encode(),
    "spread": lambda records: "\n\n".join(json.dumps(it, indent=2) for it in records).encode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_series_are_read_from_lines_and_arrays_packed_or_not(form: Any) -> None:
    found = read(form([record("a"), record("b", direction="higher", unit="ops/s")]))
    a, b = found.series
    assert (a.name, a.unit, a.better) == ("a", "s", Better.LOWER)
    assert [spot.value for spot in a.spots] == [0.001, 0.002]
    assert [spot.commit for spot in a.spots] == ["c0", "c1"]
    assert a.spots[0].time is not None
    assert a.spots[0].time.timestamp() == START / 1000
    assert (b.name, b.unit, b.better) == ("b", "1/s", Better.HIGHER)
    assert found.told == ()


@pytest.mark.parametrize(
    ("unit", "said", "base", "better"),
    [
        ("ns/iter", None, "s", Better.LOWER),
        ("ops/s", None, "1/s", Better.HIGHER),
        ("ms", "higher", "s", Better.HIGHER),
        ("widgets", None, "widgets", Better.LOWER),
        ("", "HIGHER", "", Better.HIGHER),
        (None, "", "", Better.LOWER),
    ],
)
def test_a_direction_that_is_not_said_follows_from_the_unit(
    unit: str | None, said: str | None, base: str, better: Better
) -> None:
    (series,) = read(lines(record(unit=unit, direction=said))).series
    assert (series.unit, series.better) == (base, better)


def test_points_out_of_order_are_sorted_by_time_and_newest_first_is_turned_around() -> None:
    shuffled = record("shuffled", (3.0, 1.0, 2.0))
    for point, time in zip(shuffled["points"], (30, 10, 20), strict=True):
        point["time"] = START + time
    backwards = record("backwards", (3.0, 2.5, 2.0))
    for point, time in zip(backwards["points"], (30, 30, 10), strict=True):
        point["time"] = START + time
    found = read(lines(shuffled, backwards))
    values = [[round(spot.value * 1000, 3) for spot in each.spots] for each in found.series]
    assert values == [[1.0, 2.0, 3.0], [2.0, 2.5, 3.0]]
    assert "2 series not in the order of time: sorted by it, e.g. shuffled" in found.told


def test_points_without_times_keep_the_order_of_the_file() -> None:
    none, some = record("none"), record("some")
    for point in none["points"]:
        del point["time"]
    some["points"][0]["time"] = None
    found = read(lines(none, some))
    assert [[spot.commit for spot in each.spots] for each in found.series] == [["c0", "c1"]] * 2
    assert [each for each in found.told if "e.g. some" in each]
    assert not [each for each in found.told if "e.g. none" in each]


def test_what_is_no_finite_number_is_left_out_and_told() -> None:
    text = lines(record(values=(1.0, "x", None, True, [], 2.0)))
    text = text.replace('"x"', "NaN").replace("null", "-Infinity").replace("[]", "1e999")
    found = read(text)
    assert [spot.commit for spot in found.series[0].spots] == ["c0", "c5"]
    (said,) = found.told
    assert said.startswith("4 left out because the value is no finite number, e.g. points[1] of")


def test_several_values_of_one_commit_are_all_points_and_told() -> None:
    again = record()
    again["points"][1]["commit"] = "c0"
    found = read(lines(again))
    assert len(found.series[0].spots) == 2
    assert "several values of one commit" in found.told[0]


def test_series_of_one_name_are_kept_apart() -> None:
    found = read(lines(record(), record(values=(5.0,)), record("other"), record()))
    assert [each.name for each in found.series] == ["parse", "parse (2)", "other", "parse (3)"]
    assert "e.g. parse (3 times)" in found.told[0]


def test_names_stay_as_they_are_unless_they_could_do_harm() -> None:
    kept = ["a  b", "fib(20) x", "日本", "a/b[c=d]:e"]
    found = read(lines(*map(record, [*kept, "red\x1b[31m\0\u202e", "x" * 60_000, "\ud800", ""])))
    names = [each.name for each in found.series]
    assert names[:4] == kept
    assert names[4] == "red"
    assert len(names[5]) < 1100
    assert all(name.isprintable() and name for name in names)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lines(record())[:-9], "line 1: no valid JSON"),
        (lines(record()) + '{"name": "b", "points": [\n', "line 3: no valid JSON"),
        (lines(record()) + "nonsense\n", "line 2: no valid JSON"),
        ("[" + json.dumps(record()), "the array is cut off"),
        ("[" + json.dumps(record()) + ",]", "a comma too many"),
        ("[" + json.dumps(record()) + " " + json.dumps(record()) + "]", "than a comma"),
        ("[" + json.dumps(record()) + "]\n7", "line 2: no valid JSON: something follows"),
        ("[]", "holds no series"),
        ("[7]", "line 1 (record 1): no object"),
        ('{"points": []}', "name is missing"),
        (lines(record() | {"name": 3}), "name is no text"),
        ('\n{"name": "a"}', "line 2 (record 1), 'a': points is missing"),
        (lines(record(), record(points={})), "line 2 (record 2), 'parse': points is no list"),
        (lines(record(points=[7])), "points[0] is no object"),
        (lines(record(unit=7)), "unit is no text"),
        (lines(record(direction="up")), "direction is 'up', not lower or higher"),
        (lines(record(points=[{"value": 1, "commit": 7}])), "points[0].commit is no text"),
        (lines(record(points=[{"value": 1, "time": "soon"}])), "points[0].time is 'soon'"),
        (lines(record(points=[{"value": 1, "time": 1e300}])), "before the year 9999"),
        (lines(record(points=[{"value": 1, "time": -5}])), "points[0].time is '-5'"),
        (lines(record(points=[{"value": 1, "time": "10000-01-01"}])), "before the year 9999"),
        ('{"name": "a", "points": ' + "[" * 100_000, "nested too deeply"),
        ('{"name": "a", "points": [{"value": ' + "9" * 100_000 + "}]}", "number out of range"),
        (lines(record()).encode() + b"\0", "line 2: no valid JSON"),
        (lines(record()).encode() + b"\n\xff\xfe", "line 3: byte"),
        ('{"schema": "perfci.run/1"}', "is a file of perfci's own"),
    ],
)
def test_what_is_damaged_is_refused_with_its_place(content: str | bytes, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(content)
    assert says in caught.value.message
    assert caught.value.message.startswith("runs.jsonl")
    assert caught.value.hint


def test_more_values_than_memory_should_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "LIMIT", 50)
    with pytest.raises(FormatError, match="more than 50 values"):
        read(lines(record("a", (1.0,) * 30), record("b", (1.0,) * 30)))


def test_millions_of_points_are_refused_before_they_fill_the_memory() -> None:
    one = b'{"value":1},'
    text = b'{"name":"a","points":[' + one * 4_000_000 + one[:-1] + b"]}"
    tracemalloc.start()
    try:
        with pytest.raises(FormatError):
            read(text)
        assert tracemalloc.get_traced_memory()[1] < 300e6
    finally:
        tracemalloc.stop()
