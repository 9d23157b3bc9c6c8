"""Other tools' histories as series: one environment and one branch at a time."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.readers.source import Source
from perfci.readers.timelines.drafts import Timelines
from perfci.readers.timelines.formats import read_timelines
from perfci.readers.timelines.runs import main_environment


def charts(count: int = 12) -> Source:
    entries = [
        {
            "commit": {"id": f"{number:040x}"},
            "date": 1_764_000_000_000 + number * 60_000,
            "tool": "cargo",
            "benches": [{"name": "fib", "value": 100 + number, "unit": "ns/iter"}],
        }
        for number in range(count)
    ]
    text = f"window.BENCHMARK_DATA = {json.dumps({'entries': {'Rust': entries}})}"
    return Source(name="data.js", data=text.encode())


def asv(number: int, machine: str) -> Source:
    document = {
        "commit_hash": f"{number:040x}",
        "date": 1_764_000_000_000 + number * 60_000,
        "params": {"machine": machine, "cpu": machine, "os": "Linux"},
        "results": {"bench.time_it": number + 1.0},
    }
    return Source(name=f"{machine}/{number}.json", data=json.dumps(document).encode())


def read(*sources: Source, **more: Any) -> Timelines:
    return read_timelines(sources, **more)


def test_a_data_js_becomes_series_in_the_order_of_time() -> None:
    (series,) = read(charts()).series
    assert (series.name, series.unit, len(series.spots)) == ("Rust/fib:latency", "s", 12)
    assert series.spots[11].value == pytest.approx(111e-9)


def test_of_several_machines_the_one_with_most_recent_runs_is_shown_and_the_rest_told() -> None:
    sources = [asv(number, "old" if number < 2 else "new") for number in range(5)]
    found = read(*sources)
    (series,) = found.series
    assert [spot.value for spot in series.spots] == [3.0, 4.0, 5.0]
    assert "2 of 1 other are not comparable" in found.told[0]


def test_all_environments_are_series_of_their_own() -> None:
    sources = [asv(number, "old" if number < 2 else "new") for number in range(5)]
    found = read(*sources, everywhere=True)
    assert sorted(len(each.spots) for each in found.series) == [2, 3]
    assert all(each.name.startswith("default/bench.time_it:latency @ ") for each in found.series)
    assert found.told == ()


def test_the_environment_of_most_of_the_newest_runs_counts() -> None:
    assert main_environment(["a"] * 60 + ["b"] * 26 + ["a"] * 24) == "b"
    assert main_environment(["a", "b"]) == "b"
    assert main_environment([]) == ""


def test_files_of_different_kinds_are_read_together() -> None:
    table = Source(name="x.csv", data=b"time,commit,x\n1,a,1\n")
    assert {each.name for each in read(table, charts()).series} == {"x", "Rust/fib:latency"}


def test_records_that_look_like_anothers_are_still_records() -> None:
    record = {
        "version": "1",
        "machine": "m",
        "commit_hash": "c",
        "params": {},
        "name": "a",
        "points": [{"value": 1}],
    }
    source = Source(name="a.json", data=json.dumps(record).encode())
    assert [each.name for each in read(source).series] == ["a"]


def test_a_damaged_one_is_refused() -> None:
    source = Source(name="data.js", data=charts().data[:-20])
    with pytest.raises(FormatError, match=r"data\.js is not valid JSON"):
        read(source)
