"""data.js of github-action-benchmark."""

import json
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.readers.histories import benchmark_action
from perfci.readers.histories.formats import read_histories
from perfci.readers.histories.past import Past
from perfci.readers.source import Source
from tests.readers.tools.reading import read as results
from tests.readers.tools.reading import told

SAMPLES = Path(__file__).parents[4] / "shared/samples/gab-history"


def bench(name: str, value: Any, unit: Any = "ns/iter", **more: Any) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "range": "+/- 20"} | more


def entry(commit: str, *benches: Any, tool: str = "cargo", date: Any = 1623781846843) -> Any:
    about = {"id": commit, "message": "m", "timestamp": "2021-06-15T10:57:27-07:00"}
    return {"commit": about, "date": date, "tool": tool, "benches": list(benches)}


def script(entries: Any) -> bytes:
    document = {"lastUpdate": 1, "repoUrl": "https://github.com/o/n", "entries": entries}
    return b"window.BENCHMARK_DATA = " + json.dumps(document, indent=2).encode()


def read(entries: Any) -> Past:
    return read_histories([Source(name="data.js", data=script(entries))])


def test_the_script_is_recognised_and_other_files_are_not() -> None:
    assert benchmark_action.sniff(script({})[:4096])
    for other in (b"", b"{}", b"window.x = {}", b"var BENCHMARK_DATA = {}"):
        assert not benchmark_action.sniff(other)


def test_a_run_has_commit_date_unit_and_direction() -> None:
    past = read({"Rust": [entry("a1" * 20, bench("fib", 100.5))]})
    (run,) = past.runs
    assert run.commit == "a1" * 20
    assert run.started_at.isoformat() == "2021-06-15T18:30:46.843000+00:00"
    (value,) = run.values
    assert str(value.id) == "Rust/fib"
    assert value.value == pytest.approx(100.5e-9)
    assert (value.metric.name, value.metric.unit) == ("latency", "s")
    assert value.metric.better is Better.LOWER
    assert past.left == ()


@pytest.mark.parametrize(
    ("tool", "unit", "value", "metric", "base", "better"),
    [
        ("pytest", "iter/sec", 0.2, "latency", "s", Better.LOWER),
        ("benchmarkjs", "ops/sec", 5.0, "throughput", "1/s", Better.HIGHER),
        ("go", "ns/op", 5e-9, "latency", "s", Better.LOWER),
        ("go", "B/op", 5.0, "allocated", "B", Better.LOWER),
        ("go", "MB/s", 5e6, "bandwidth", "B/s", Better.HIGHER),
        ("go", "allocs/op", 5.0, "allocations", "count", Better.LOWER),
        ("go", "hits/s", 5.0, "hits_s", "1/s", Better.HIGHER),
        ("googlecpp", "us/iter", 5e-6, "latency", "s", Better.LOWER),
        ("jmh", "ops/s", 5.0, "throughput", "1/s", Better.HIGHER),
        ("jmh", "ms/op", 5e-3, "latency", "s", Better.LOWER),
        ("customBiggerIsBetter", "points", 5.0, "value", "points", Better.HIGHER),
        ("customSmallerIsBetter", "Megabytes", 5.0, "value", "Megabytes", Better.LOWER),
        ("customSmallerIsBetter", "", 5.0, "value", "count", Better.LOWER),
        ("customSmallerIsBetter", None, 5.0, "value", "count", Better.LOWER),
    ],
)
def test_units_tell_what_is_measured(  # noqa: PLR0917
    tool: str, unit: Any, value: float, metric: str, base: str, better: Better
) -> None:
    past = read({"S": [entry("a1", bench("x", "5", unit), tool=tool)]})
    ((found,),) = (run.values for run in past.runs)
    assert found.value == pytest.approx(value)
    assert (found.metric.name, found.metric.unit, found.metric.better) == (metric, base, better)


def named(tool: str, *benches: tuple[str, str]) -> set[str]:
    """Return the keys of values with these names and units."""
    past = read({"Benchmark": [entry("a1", *(bench(n, 5, u) for n, u in benches), tool=tool)]})
    assert all("left out" not in text for text in past.left)
    return {it.id.series(it.metric.name) for it in past.runs[0].values}


@pytest.mark.parametrize(
    ("tool", "text", "benches"),
    [
        (
            "go",
            "BenchmarkSum/n=100-2 \t1\t5 ns/op\nBenchmarkText-2 \t1\t5 ns/op\n",
            (("BenchmarkSum/n=100", "ns/op"), ("BenchmarkText", "ns/op")),
        ),
        (
            "go",
            "pkg: a/b\nBenchmarkX-2 \t1\t5 ns/op\t5 MB/s\t5 B/op\t5 allocs/op\t5 p99-ns\n",
            (
                ("BenchmarkX (a/b)", "ns/op\t5 MB/s\t5 B/op\t5 allocs/op\t5 p99-ns"),
                ("BenchmarkX (a/b) - ns/op", "ns/op"),
                ("BenchmarkX (a/b) - MB/s", "MB/s"),
                ("BenchmarkX (a/b) - B/op", "B/op"),
                ("BenchmarkX (a/b) - allocs/op", "allocs/op"),
                ("BenchmarkX (a/b) - p99-ns", "p99-ns"),
            ),
        ),
        (
            "go",
            "BenchmarkX-2 \t1\t5 ns/op\n",
            (("BenchmarkX", "ns/op\t       5 B/op\t       5 allocs/op"),),
        ),
        (
            "jmh",
            (
                '[{"benchmark": "a.B.c", "mode": "thrpt", "params": {"n": "1", "x": "[2]"}, '
                '"primaryMetric": {"score": 5, "scoreUnit": "ops/s", "rawData": [[5.0, 5.0]]}}]'
            ),
            (('a.B.c ( {"n":"1","x":"[2]"} )', "ops/s"),),
        ),
    ],
)
def test_names_are_those_under_which_the_tools_results_are_read(
    tool: str, text: str, benches: tuple[tuple[str, str], ...]
) -> None:
    assert named(tool, *benches) == set(told(results(text.encode(), tool))["series"])


def test_named_arguments_of_google_benchmark_are_parameters() -> None:
    assert named("googlecpp", ("BM_sum/size:8/7", "ns/iter")) == {
        "default/BM_sum/7[size=8]:latency"
    }


def test_what_no_tool_wrote_keeps_its_name() -> None:
    names = ("a.B.c ( {n} )", "a.B.c ( [1] )", "x (p) - ns/op")
    keys = named("jmh", *((name, "ops/s") for name in names))
    assert keys == {f"default/{name}:throughput" for name in names}


def test_rates_of_pytest_are_told_to_have_become_latencies() -> None:
    rates = [bench("a.py::test_x[1]", 4, "iter/sec"), bench("a.py::test_y", 0, "iter/sec")]
    past = read({"Benchmark": [entry("a1", *rates, tool="pytest")]})
    [value] = past.runs[0].values
    assert (value.id.series(value.metric.name), value.value) == (
        "default/a.py::test_x[case=1]:latency",
        0.25,
    )
    left, changed = past.left
    assert left == "1 left out because a rate of 0 has no latency, e.g. a.py::test_y of a1"
    assert changed == "1 taken as latency, 1 / rate of pytest, e.g. a.py::test_x[1]"


def test_suites_of_one_commit_are_one_run_and_a_repeated_one_is_another() -> None:
    past = read(
        {
            "A": [entry("c1", bench("x", 1)), entry("c1", bench("x", 2), date=1623781846999)],
            "B": [entry("c1", bench("y", 3)), entry("c2", bench("y", 4), date=1623781847999)],
        }
    )
    named = [[str(value.id) for value in run.values] for run in past.runs]
    assert named == [["A/x", "B/y"], ["A/x"], ["B/y"]]
    assert [run.commit for run in past.runs] == ["c1", "c1", "c2"]


def test_what_cannot_be_taken_is_counted_and_named() -> None:
    past = read(
        {
            "S": [
                entry(
                    "a1",
                    bench("good", 1),
                    bench("good", 2),
                    bench("nan", "NaN"),
                    bench("none", None),
                    bench("flag", True),  # noqa: FBT003
                    {"value": 1},
                    7,
                ),
                entry("a2", bench("x", 1), date="yesterday"),
                "nonsense",
            ]
        }
    )
    assert [len(run.values) for run in past.runs] == [1]
    told = " ".join(past.left)
    assert "1 left out because the name occurs twice in one run, e.g. good of a1" in told
    assert "3 left out because the value is no finite number, e.g. nan of a1" in told
    assert "2 left out because the value has no name" in told
    assert "1 left out because the entry has no date, e.g. a2 of S" in told
    assert "1 left out because the entry is no object" in told


def test_hostile_names_are_made_harmless() -> None:
    past = read({"a/b\x1b[31m": [entry("c\x1b]0;x\x07", bench("x\u202ey\n" + "z" * 9000, 1))]})
    (run,) = past.runs
    (value,) = run.values
    assert value.id.suite == "a-b"
    assert len(value.id.name) < 400
    assert not {"\x1b", "\u202e", "\n"} & set(str(value.id) + run.commit)


@pytest.mark.parametrize(
    "data",
    [
        b"window.BENCHMARK_DATA = ",
        b"window.BENCHMARK_DATA = {",
        b"window.BENCHMARK_DATA = []",
        b"window.BENCHMARK_DATA = {}",
        b'window.BENCHMARK_DATA = {"entries": []}',
        b'window.BENCHMARK_DATA = {"entries": {"S": 3}}',
        b"window.BENCHMARK_DATA = " + b"[" * 100_000,
    ],
)
def test_a_damaged_script_is_named(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"data\.js"):
        read_histories([Source(name="data.js", data=data)])


def test_a_script_that_ends_with_a_semicolon_is_read() -> None:
    data = script({"S": [entry("a1", bench("x", 1))]}) + b";\n"
    assert len(read_histories([Source(name="data.js", data=data)]).runs) == 1


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of real projects are not here")
def test_a_script_of_the_tool_itself_is_read() -> None:
    (path,) = SAMPLES.glob("*data.js")
    (run,) = read_histories([Source(name=path.name, data=path.read_bytes())]).runs
    assert run.values[0].value == pytest.approx(100e-9)
