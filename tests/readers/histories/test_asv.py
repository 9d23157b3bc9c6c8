"""asv's results, as asv 0.6 itself wrote them for a small project."""

import json
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.readers.histories import asv
from perfci.readers.histories.formats import read_histories
from perfci.readers.histories.past import Past
from perfci.readers.source import Source

HERE = Path(__file__).parent / "asv"
SAMPLES = Path(__file__).parents[4] / "shared/samples/asv"


def files(folder: Path = HERE) -> list[Source]:
    paths = sorted(folder.rglob("*.json"))
    return [Source(name=path.name, data=path.read_bytes()) for path in paths]


def values(past: Past, run: int = 0) -> dict[str, float]:
    return {str(it.id.series(it.metric.name)): it.value for it in past.runs[run].values}


def one(**changes: Any) -> Past:
    document = {"commit_hash": "a1b2", "date": 1e12, "params": {}, "results": {}, "version": 2}
    return asv.read((Source(name="x.json", data=json.dumps(document | changes).encode()),))


def test_every_file_is_recognised() -> None:
    assert all(asv.sniff(source.data[:4096]) for source in files())
    assert not asv.sniff(b'{"schema": "perfci.run/1"}')


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 2, "z.peakmem_x": {"code": "def"',
        '{\n    "version": 2,\n    "z.time_x": {\n        "code": "',
        '{"m.time_x": {"name": "m.time_x", "param_names": [], "code": "',
        '{"m.time_x": {"type": "time", "code": "", "version": "1"}, "version": 2}',
    ],
)
def test_the_list_of_benchmarks_is_recognised_whatever_comes_first(text: str) -> None:
    assert asv.sniff(text.encode())


def test_an_object_of_something_else_is_no_list_of_benchmarks() -> None:
    for text in ('{"version": 2}', '{"a": {"name": "x"}}', '{"version": 2, "a": {"unit": "s"}}'):
        assert not asv.sniff(text.encode())


def test_a_run_a_commit_with_its_date_and_machine() -> None:
    past = read_histories(files())
    assert [run.commit[:7] for run in past.runs] == ["95fce53", "3bfcb36"]
    assert past.runs[0].started_at < past.runs[1].started_at
    environment = past.runs[0].environment
    assert environment == past.runs[1].environment
    assert "asv machine runner" in environment.runner
    assert (environment.cpu, environment.kernel) == ("A processor", "Linux 6")
    assert environment.interpreter == "virtualenv-py3.11"


def test_units_parameters_and_values_are_those_of_asv() -> None:
    past = read_histories(files())
    assert values(past) == {
        "default/codec.Parse.time_lines[kind='a',size=10]:latency": 2.064000000245869e-06,
        "default/codec.Parse.time_lines[kind='a',size=100]:latency": 2.290000338689424e-06,
        "default/codec.mem_index:size": 856.0,
        "default/codec.peakmem_load:memory_usage": 32931840.0,
        "default/codec.time_encode:latency": 2.4450000637443736e-06,
        "default/codec.track_ratio:value": 0.5,
    }
    units = {it.id.name: it.metric.unit for it in past.runs[0].values}
    assert units["codec.time_encode"] == "s"
    assert units["codec.mem_index"] == "B"
    assert units["codec.track_ratio"] == "ratio of hits"


def test_what_failed_and_what_was_skipped_is_told() -> None:
    failed, skipped = read_histories(files()).left
    assert failed.startswith("2 left out because the benchmark failed, e.g. codec.Parse.time_lines")
    assert skipped.startswith("2 left out because the benchmark was skipped")
    assert "'size': '100'" in skipped


def test_a_value_of_another_version_of_its_benchmark_is_left_out() -> None:
    sources = files()
    benchmarks = json.loads((HERE / "benchmarks.json").read_bytes())
    benchmarks["codec.time_encode"]["version"] = "another"
    data = json.dumps(benchmarks).encode()
    sources = [Source(name="benchmarks.json", data=data), *sources[1:]]
    past = read_histories(sources)
    assert "default/codec.time_encode:latency" not in values(past)
    assert any("another version of its benchmark" in each for each in past.left)


def test_without_the_list_of_benchmarks_the_names_tell_the_units() -> None:
    past = read_histories([each for each in files() if each.name != "benchmarks.json"])
    found = {it.id.name: it.metric.unit for it in past.runs[0].values}
    assert (found["codec.time_encode"], found["codec.peakmem_load"]) == ("s", "B")
    assert "default/codec.Parse.time_lines[p1=10,p2='a']:latency" in values(past)


def test_the_old_form_is_read_too() -> None:
    old = {"m.time_x": 0.5, "m.time_y": {"params": [["1", "2"]], "result": [1, None]}}
    past = one(results=old, version=1)
    assert values(past) == {"default/m.time_x:latency": 0.5, "default/m.time_y[p1=1]:latency": 1.0}
    assert len(past.left) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"date": None}, "has no date"),
        ({"date": -1}, "has no date"),
        ({"date": 1e300}, "has no date"),
        ({}, "holds no value"),
        ({"results": {"m.time_x": [{}, 3]}}, "was skipped"),
    ],
)
def test_what_a_file_lacks_is_told(changes: Any, says: str) -> None:
    past = one(**changes)
    assert past.runs == ()
    assert says in " ".join(past.left)


@pytest.mark.slow
def test_a_flood_of_parameters_does_not_fill_the_memory() -> None:
    axes = [[str(value) for value in range(100)]] * 20
    past = one(results={"m.time_x": [[1.0], axes]}, result_columns=["result", "params"], version=2)
    assert len(past.runs[0].values) == 1


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"commit_hash": "a", "date": 1}'])
def test_a_damaged_file_is_named(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"x\.json"):
        asv.read((Source(name="x.json", data=data),))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of real projects are not here")
def test_results_of_a_real_project_are_read_whole() -> None:
    past = read_histories(files(SAMPLES))
    assert len(past.runs) == 5
    assert all(it.value >= 0 for run in past.runs for it in run.values)
