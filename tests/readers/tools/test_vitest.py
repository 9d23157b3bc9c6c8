"""Vitest beyond what its files show: samples, and damage."""

import json

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

DATA = (FIXTURES / "vitest/summary.json").read_bytes()


def of(benchmark: dict[str, object]) -> bytes:
    group = {"fullName": "a.bench.ts > g", "benchmarks": [benchmark]}
    return json.dumps({"files": [{"filepath": "/p/a.bench.ts", "groups": [group]}]}).encode()


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [
        (2, {"latency": ["s", "lower", 1, 3, 0.002]}),
        ("2", {"latency": ["s", "lower", 1, 3, 0.002]}),
        (None, {"latency": ["s", "lower", 1, 3, 0.002]}),
        (
            900,
            {
                "latency": ["s", "lower", 1, 1, 0.005],
                "latency_p99": ["s", "lower", 1, 1, 0.009],
            },
        ),
    ],
    ids=["all samples", "all samples as text", "not told", "the first few of many"],
)
def test_samples_stand_alone_unless_they_are_cut_off(
    freedom: object, expected: dict[str, object]
) -> None:
    data = of({"name": "b", "samples": [1, 2, 3], "df": freedom, "median": 5, "mean": 6, "p99": 9})
    assert told(read(data, "vitest"))["series"] == {
        f"default/a.bench.ts > g > b:{metric}": it for metric, it in expected.items()
    }


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (DATA[:-200], "results is not valid JSON: "),
        (of({"name": "b", "median": "fast"}), r"benchmarks\[0\]\.median is the text 'fast'"),
        (
            of({"name": "b", "mean": 1.0, "p99": True}),
            r"benchmarks\[0\]\.p99 is true, not a number",
        ),
        (
            of({"name": "b", "median": 1.0, "samples": {}}),
            r"samples is an object, not a list of num",
        ),
        (of({"median": 1}), r"files\[0\]\.groups\[0\]\.benchmarks\[0\]\.name is missing"),
        (b'{"files": []}', "results holds no benchmarks"),
    ],
    ids=["truncated", "text", "tail", "samples", "nameless", "empty"],
)
def test_damage_is_told_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(data, "vitest")


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"median": float("nan")}, "its latency has the value nan"),
        (
            {"samples": [], "rme": 0},
            "Vitest has no statistics of it, as of one that threw an error",
        ),
    ],
)
def test_a_benchmark_without_a_value_is_a_failed_one(
    result: dict[str, object], reason: str
) -> None:
    failed = told(read(of({"name": "b", **result}), "vitest"))["failed"]
    assert failed == {"default/a.bench.ts > g > b": reason}


@pytest.mark.parametrize("name", ["vitest", "tinybench"])
def test_a_mean_stands_in_for_a_median(name: str) -> None:
    times = {"name": "b", "mean": 6, "min": 1, "max": 9, "p75": 7, "p995": 8}
    data = of(times) if name == "vitest" else json.dumps([times]).encode()
    series = told(read(data, name))["series"]
    assert list(series.values()) == [["s", "lower", 1, 1, 0.006]]
