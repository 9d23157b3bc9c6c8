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
        ("pytest", "iter/sec", 5.0, "throughput", "1/s", Better.HIGHER),
        ("benchmarkjs", "ops/sec", 5.0, "throughput", "1/s", Better.HIGHER),
        ("go", "ns/op", 5e-9, "latency", "s", Better.LOWER),
        ("go", "B/op", 5.0, "size", "B", Better.LOWER),
        ("go", "MB/s", 5e6, "throughput", "B/s", Better.HIGHER),
        ("go", "allocs/op", 5.0, "value", "allocs/op", Better.LOWER),
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
