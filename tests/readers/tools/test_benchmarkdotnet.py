"""BenchmarkDotNet: launches, jobs, failures, and what is damaged."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told


def one(job: str = "", **fields: Any) -> dict[str, Any]:
    named = {"Namespace": "N", "Type": "T", "Method": "M", "DisplayInfo": f"T.M: {job} [n=1]"}
    return {**named, "Statistics": {"Median": 7.0, "Mean": 8.0}, **fields}


def took(nanoseconds: float, *, launch: int = 1, stage: str = "Result") -> dict[str, Any]:
    where = {"IterationMode": "Workload", "IterationStage": stage, "LaunchIndex": launch}
    return {**where, "Operations": 2, "Nanoseconds": nanoseconds}


def found(*benchmarks: Any) -> dict[str, Any]:
    text = json.dumps({"HostEnvironmentInfo": {}, "Benchmarks": benchmarks})
    return told(read(text.encode("utf-8-sig"), "benchmarkdotnet"))


def test_results_of_the_workload_are_kept_by_launch() -> None:
    measured = [
        took(99, stage="Actual"),
        took(10),
        took(20),
        took(40, launch=2),
        took(1) | {"IterationMode": "Overhead"},
    ]
    assert found(one(Measurements=measured))["series"] == {
        "default/N.T.M:latency": ["s", "lower", 2, 3, 1e-8]
    }


def test_what_was_measured_is_read_where_there_are_no_results() -> None:
    measured = [took(10, stage="Actual"), took(99, stage="Pilot")]
    assert found(one(Measurements=measured))["series"]["default/N.T.M:latency"][2:] == [1, 1, 5e-9]


@pytest.mark.parametrize(
    ("statistics", "values"),
    [
        ({"OriginalValues": [1.0, 3.0], "Median": 9.0}, [1, 2, 2e-9]),
        ({"Median": 7.0, "Mean": 8.0}, [1, 1, 7e-9]),
        ({"Mean": 8.0}, [1, 1, 8e-9]),
    ],
)
def test_the_brief_report_has_values_or_one_number(
    statistics: dict[str, Any], values: list[float]
) -> None:
    assert found(one(Statistics=statistics))["series"]["default/N.T.M:latency"][2:] == values


def test_jobs_and_parameters_tell_benchmarks_apart() -> None:
    series = found(one("A", Parameters="n=1&k=x"), one("B", Parameters="n=1&k=x"))["series"]
    assert set(series) == {
        "default/N.T.M[job=A,k=x,n=1]:latency",
        "default/N.T.M[job=B,k=x,n=1]:latency",
    }


def test_allocated_bytes_are_read_where_the_runtime_could_tell() -> None:
    known, not_ = ({"BytesAllocatedPerOperation": value} for value in (24, -1))
    series = found(one(Memory=known), one(Method="O", Memory=not_))["series"]
    assert series["default/N.T.M:allocated"] == ["B", "lower", 1, 1, 24.0]
    assert "default/N.T.O:allocated" not in series


def test_a_benchmark_without_statistics_has_failed() -> None:
    assert list(found(one(), one(Method="O", Statistics=None))["failed"]) == ["default/N.T.O"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (one(Measurements=[took(1) | {"Operations": 0}]), r"Measurements\[0\].Operations is a num"),
        (one(Statistics={"Max": 1}), r"Benchmarks\[0\].Statistics.Mean is missing"),
        (one(Statistics=7), r"Benchmarks\[0\].Statistics is a number, not an object"),
        ({"Statistics": {}}, r"Benchmarks\[0\].Method is missing"),
        (7, r"Benchmarks\[0\] is a number, not an object"),
    ],
)
def test_a_damaged_file_names_the_place(given: Any, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        found(given)


def test_of_csv_sizes_are_read_and_missing_times_are_failures() -> None:
    text = (
        "Method,Job,WarmupCount,n,Mean,Error,StdDev,Allocated\n"
        'M,J,1,5,"1,234.5 ns",1 ns,1 ns,2 KB\nO,J,1,5,NA,NA,NA,NA\n'
    )
    read_ = told(read(text.encode(), "benchmarkdotnet-csv"))
    assert read_["series"] == {
        "default/M[n=5]:latency": ["s", "lower", 1, 1, 1.2345e-6],
        "default/M[n=5]:allocated": ["B", "lower", 1, 1, 2048.0],
    }
    assert read_["failed"] == {"default/O[n=5]": "it has no mean"}
    with pytest.raises(FormatError, match="line 2: '5 parsecs' is no time with its unit"):
        read(b"Method,Job,WarmupCount,Mean,Error\nM,J,1,5 parsecs,1\n", "benchmarkdotnet-csv")
