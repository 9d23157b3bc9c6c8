"""JMH: forks, modes, secondary metrics, and what is damaged."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told


def result(mode: str, unit: str, **metric: Any) -> dict[str, Any]:
    primary = {"score": 5.0, "scoreUnit": unit, "rawData": [[4.0, 6.0], [5.0]], **metric}
    return {"benchmark": "a.B.c", "mode": mode, "primaryMetric": primary}


def series(*results: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told(read(json.dumps(results).encode(), "jmh"))["series"]
    return found


def test_a_fork_is_a_launch_and_the_unit_tells_the_direction() -> None:
    assert series(result("avgt", "us/op"), result("thrpt", "ops/ms")) == {
        "default/a.B.c:latency": ["s", "lower", 2, 3, 5e-6],
        "default/a.B.c:throughput": ["1/s", "higher", 2, 3, 5000.0],
    }


def test_modes_that_measure_time_are_parameters_where_there_are_several() -> None:
    found = series(result("avgt", "ms/op"), result("ss", "ms/op"), result("thrpt", "ops/s"))
    assert set(found) == {
        "default/a.B.c[mode=avgt]:latency",
        "default/a.B.c[mode=ss]:latency",
        "default/a.B.c:throughput",
    }


def test_sample_mode_has_the_means_of_its_histograms_and_percentiles() -> None:
    found = series(
        result(
            "sample",
            "ms/op",
            rawData=None,
            rawDataHistogram=[[[[1.0, 3], [5.0, 1]]], [[[4.0, 2]]]],
            scorePercentiles={"50.0": 1.0, "99.0": 5.0, "99.9": "NaN-ish"},
        )
    )
    assert found == {
        "default/a.B.c:latency": ["s", "lower", 2, 2, 0.003],
        "default/a.B.c:latency_p99": ["s", "lower", 1, 1, 0.005],
    }


def test_of_secondary_metrics_only_parts_and_allocation_are_read() -> None:
    given = result("thrpt", "ops/s") | {
        "secondaryMetrics": {
            "get": {"score": 2.0, "scoreUnit": "ops/s", "rawData": [[2.0]]},
            "·gc.alloc.rate.norm": {"score": 24.0, "scoreUnit": "B/op", "rawData": [[24.0]]},
            "·gc.count": {"score": 9.0, "scoreUnit": "counts", "rawData": [[9.0]]},
        }
    }
    read_ = read(json.dumps([given]).encode(), "jmh")
    assert set(told(read_)["series"]) == {
        "default/a.B.c:throughput",
        "default/a.B.c:get:throughput",
        "default/a.B.c:allocated",
    }
    assert "1 metrics of profilers are left out, e.g. gc.count" in read_.run.warnings


def test_parameters_that_are_no_texts_are_spelled_as_json_has_them() -> None:
    given = (True, False, None, 1, 0.5, "a b")
    results = [result("avgt", "s/op") | {"params": {"n": value}} for value in given]
    assert list(series(*results)) == [
        f"default/a.B.c[n={text}]:latency" for text in ("true", "false", "null", "1", "0.5", "a b")
    ]


@pytest.mark.parametrize("values", [("1", 1), (1, "1"), ("false", False)])
def test_what_only_the_kind_of_a_parameter_tells_apart_is_a_failure(values: Any) -> None:
    results = [
        result(mode, "s/op") | {"params": {"n": value}}
        for mode, value in [("avgt", values[0]), ("avgt", values[1]), ("ss", 7)]
    ]
    found = told(read(json.dumps(results).encode(), "jmh"))
    assert list(found["series"]) == ["default/a.B.c[mode=ss,n=7]:latency"]
    key = f"default/a.B.c[mode=avgt,n={str(values[0]).lower()}]"
    assert list(found["failed"]) == [key]
    assert "a text in one place and not in another" in found["failed"][key]


def allocating(**about: Any) -> dict[str, Any]:
    """Return a result that says what an operation allocates."""
    norm = {"score": 24.0, "rawData": [[24.0]], **about}
    return result("avgt", "s/op") | {"secondaryMetrics": {"gc.alloc.rate.norm": norm}}


def test_what_is_allocated_is_in_bytes_where_no_unit_stands_there() -> None:
    for about in ({}, {"scoreUnit": None}, {"scoreUnit": "B/op"}):
        assert series(allocating(**about))["default/a.B.c:allocated"][-1] == 24.0


@pytest.mark.parametrize(
    ("results", "keys"),
    [
        ([("avgt", "a", 1), ("avgt", "a", 4)], ["a[threads=1]", "a[threads=4]"]),
        (
            [("avgt", "a", 1), ("avgt", "a", 4), ("avgt", "b", 4), ("thrpt", "a", 4)],
            ["a[threads=1]", "a[threads=4]", "b", "a"],
        ),
        (
            [("avgt", "a", 1), ("ss", "a", 1), ("ss", "a", 4)],
            ["a[mode=avgt]", "a[mode=ss,threads=1]", "a[mode=ss,threads=4]"],
        ),
        ([("avgt", "a", 1), ("avgt", "b", 4)], ["a", "b"]),
        ([("avgt", "a", 4), ("avgt", "a", 4)], ["a", "a #2"]),
        ([("avgt", "a", 1), ("avgt", "a", None)], ["a", "a #2"]),
        (
            [("avgt", "a", 1), ("avgt", "a", None), ("avgt", "a", 4)],
            ["a[threads=1]", "a", "a[threads=4]"],
        ),
        ([("avgt", "a", []), ("avgt", "a", {})], ["a", "a #2"]),
    ],
)
def test_threads_are_a_parameter_of_what_was_run_with_several_numbers_of_them(
    results: list[tuple[str, str, Any]], keys: list[str]
) -> None:
    given = [
        result(mode, "ops/s" if mode == "thrpt" else "s/op") | {"benchmark": name, "threads": count}
        for mode, name, count in results
    ]
    run = read(json.dumps(given).encode(), "jmh").run
    assert [str(it.id) for it in run.measurements] == [f"default/{key}" for key in keys]


def test_a_parameter_that_is_called_threads_is_kept() -> None:
    for own in ("9", "0", ""):
        params = {"params": {"threads": own}}
        given = [result("avgt", "s/op") | params | {"threads": count} for count in (1, 4)]
        assert list(series(*given)) == [
            f"default/a.B.c[threads={own or 'unnamed'}]:latency",
            f"default/a.B.c #2[threads={own or 'unnamed'}]:latency",
        ]


_BARS = [[[2.0, 1]]]
_EMPTY = "1 left out because a fork has no values, e.g. [1].primaryMetric."
_FEWER = "1 lists have fewer forks than were run, e.g. [1].primaryMetric."


@pytest.mark.parametrize(
    ("changed", "forks", "says"),
    [
        ({"rawData": [[1.0], None]}, 2, [f"{_EMPTY}rawData[1]"]),
        ({"rawData": [[], [1.0]]}, 2, [f"{_EMPTY}rawData[0]"]),
        ({"rawData": [[]]}, 1, [f"{_EMPTY}rawData[0]"]),
        ({"rawData": [[1.0], [2.0]]}, 3, [f"{_FEWER}rawData has 2 of 3"]),
        ({"rawData": [[1.0], []]}, 3, [f"{_EMPTY}rawData[1]", f"{_FEWER}rawData has 2 of 3"]),
        (
            {"rawData": None, "rawDataHistogram": [_BARS, None]},
            3,
            [f"{_EMPTY}rawDataHistogram[1]", f"{_FEWER}rawDataHistogram has 2 of 3"],
        ),
        ({"rawData": [[1.0], [2.0]]}, 2, []),
        ({"rawData": [[1.0]]}, 0, []),
        ({"rawData": None}, 5, []),
    ],
)
def test_forks_without_values_and_fewer_forks_than_ran_are_told_with_their_place(
    changed: dict[str, Any], forks: int, says: list[str]
) -> None:
    whole = result("avgt", "s/op") | {"benchmark": "a.whole", "forks": 2}
    data = json.dumps([whole, result("avgt", "s/op", **changed) | {"forks": forks}]).encode()
    run = read(data, "jmh").run
    assert [text for text in run.warnings if "fork" in text] == says
    assert [str(it.id) for it in run.measurements] == ["default/a.whole", "default/a.B.c"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (result("avgt", "parsecs"), r"\[0\].primaryMetric.scoreUnit is the text 'parsecs'"),
        (result("avgt", "s/op", rawData=[["x"]]), r"rawData\[0\]\[0\] is the text 'x'"),
        (result("avgt", "s/op", rawData=None, score=None), "primaryMetric.score is missing"),
        (
            result("sample", "s/op", rawData=None, rawDataHistogram=[[[[1.0]]]]),
            r"rawDataHistogram\[0\]\[0\]\[0\] is a list, not a value and a count",
        ),
        (
            result("sample", "s/op", rawData=None, rawDataHistogram=[[[[1.0, 0]]]]),
            "is a list, not a histogram with at least one count",
        ),
        ({"mode": "avgt"}, r"\[0\].benchmark is missing"),
        (
            allocating(scoreUnit="KB/op"),
            r"secondaryMetrics.gc.alloc.rate.norm.scoreUnit is the text 'KB/op', not B/op",
        ),
        (allocating(scoreUnit=[]), r"gc.alloc.rate.norm.scoreUnit is a list, not B/op"),
    ],
)
def test_a_damaged_file_names_the_place(given: dict[str, Any], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        series(given)


def test_of_csv_percentiles_and_profilers_are_told_apart() -> None:
    head = '"Benchmark","Mode","Threads","Samples","Score","Score Error (99.9%)","Unit"\n'
    rows = (
        '"a.b","sample",1,9,2.0,NaN,"ms/op"\n"a.b:b·p0.50","sample",1,1,1.0,NaN,"ms/op"\n'
        '"a.b:p0.99","sample",1,1,3.0,NaN,"ms/op"\n"a.b:·gc.time","sample",1,1,3.0,NaN,"ms"\n'
        '"a.b:·gc.alloc.rate.norm","sample",1,1,16.0,NaN,"B/op"\n'
        '"a.c:·gc.alloc.rate.norm","sample",1,1,16.0,NaN,"KB/op"\n'
    )
    read_ = read((head + rows).encode(), "jmh-csv")
    assert told(read_)["series"] == {
        "default/a.b:latency": ["s", "lower", 1, 1, 0.002],
        "default/a.b:latency_p99": ["s", "lower", 1, 1, 0.003],
        "default/a.b:allocated": ["B", "lower", 1, 1, 16.0],
    }


def test_of_what_is_printed_warmups_do_not_count_and_failures_do() -> None:
    text = (
        "# Benchmark: a.ok\n# Parameters: (n = 1, k = x)\n# Warmup Fork: 1 of 1\n"
        "Iteration   1: 9.0 ms/op\n# Fork: 1 of 2\n# Warmup Iteration   1: 8.0 ms/op\n"
        "Iteration   1: 1.0 ms/op\n# Fork: 2 of 2\nIteration   1: 3.0 ±(99.9%) 0.1 ms/op\n"
        "# Benchmark: a.bad\n# Fork: 1 of 1\nIteration   1: <failure>\n# Benchmark: a.none\n"
    )
    found = told(read(text.encode(), "jmh-text"))
    assert found["series"] == {"default/a.ok[k=x,n=1]:latency": ["s", "lower", 2, 2, 0.002]}
    assert found["failed"] == {
        "default/a.bad": "an iteration failed",
        "default/a.none": "it has no iteration",
    }
