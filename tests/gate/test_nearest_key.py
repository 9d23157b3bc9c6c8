"""What a glob that means nothing may have been meant to be."""

import pytest

from perfci.gate.nearest_key import nearest_key
from perfci.readers.tools.go_units import go_quantity

KEYS = (
    "unit/benchmarks/test_bench.py::test_dump[n=1000]:latency",
    "unit/benchmarks/test_bench.py::test_dump[n=10]:latency",
    "unit/benchmarks/test_bench.py::test_load[form=wide,n=10]:latency",
    "unit/benchmarks/test_bench.py::test_dump_all:latency",
    "go/example.com/app.BenchmarkParse[size=10]:latency",
    "go/example.com/app.BenchmarkParse[size=10]:allocations",
    "go/example.com/app.BenchmarkParse[size=10]:allocated",
)


@pytest.mark.parametrize(
    ("glob", "meant"),
    [
        (
            "unit/benchmarks/test_bench.py::test_dump[1000]",
            "unit/benchmarks/test_bench.py::test_dump[n=1000]",
        ),
        (
            "benchmarks/test_bench.py::test_dump[10]",
            "unit/benchmarks/test_bench.py::test_dump[n=10]",
        ),
        (
            "unit/*::test_load[10-wide]:latency",
            "unit/benchmarks/test_bench.py::test_load[form=wide,n=10]:latency",
        ),
        ("BenchmarkParse/size=10", "go/example.com/app.BenchmarkParse[size=10]"),
        ("go/BenchmarkParse/size=10", "go/example.com/app.BenchmarkParse[size=10]"),
        ("*:allocs/op", "*:allocations"),
        ("go/*:B/op", "go/*:allocated"),
        (
            "unit/benchmarks/test_bench.py::test_dmup[n=1000]",
            "unit/benchmarks/test_bench.py::test_dump[n=1000]",
        ),
    ],
)
def test_a_name_as_its_tool_prints_it_leads_to_its_key(glob: str, meant: str) -> None:
    assert nearest_key(glob, KEYS) == f"; did you mean {meant}?"


@pytest.mark.parametrize(
    ("glob", "meant", "decoy"),
    [
        (
            "BenchmarkParse/size=10",
            "go/github.com/example/a/very/long/path/to/the/codec.BenchmarkParse[size=10]",
            "go/app.BenchmarkParse/size=100",
        ),
        ("unit/test_load[9-wide-a]", "unit/test_load[form=wide,kind=a,n=9]", "unit/test_load[9-w]"),
    ],
)
def test_the_same_words_count_for_more_than_letters_that_are_alike(
    glob: str, meant: str, decoy: str
) -> None:
    keys = (f"{decoy}:latency", f"{meant}:latency")
    assert nearest_key(glob, keys) == f"; did you mean {meant}?"


def test_what_is_like_nothing_leads_nowhere() -> None:
    assert not nearest_key("zzzz", KEYS)
    assert not nearest_key("example", KEYS)
    assert not nearest_key("*:MB/s", KEYS[:1], alike=0.9)


@pytest.mark.parametrize("unit", ["ns/op", "sec/op", "B/op", "allocs/op", "MB/s"])
def test_a_unit_of_go_is_answered_with_the_metric_that_its_reader_gives(unit: str) -> None:
    metric = go_quantity(unit, {}).metric.name
    found = nearest_key(f"*:{unit}", [f"go/example.com/app.BenchmarkParse:{metric}"])
    assert found == f"; did you mean *:{metric}?"
