"""Google Benchmark's JSON, CSV and table: repetitions, aggregates, errors, counters."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

FOLDER = FIXTURES / "google_benchmark"
FORMATS = ("google-benchmark", "google-benchmark-csv", "google-benchmark-text")
HEAD = "name,iterations,real_time,cpu_time,time_unit,label,error_occurred,error_message,hits\n"
TABLE = "Benchmark      Time      CPU   Iterations\n" + "-" * 50 + "\n"


def rows(*several: dict[str, Any]) -> bytes:
    common = {"real_time": 2.0, "cpu_time": 1.0, "time_unit": "us", "iterations": 10}
    return json.dumps({"benchmarks": [common | row for row in several]}).encode()


def test_the_program_s_three_outputs_of_one_run_say_the_same() -> None:
    whole = told(read((FOLDER / "repetitions.json").read_bytes(), FORMATS[0]))
    console = told(read((FOLDER / "console.txt").read_bytes(), FORMATS[2]))
    assert whole["failed"] == console["failed"]
    assert whole["series"].keys() == console["series"].keys()
    for key, (*about, value) in whole["series"].items():
        assert console["series"][key][:-1] == about
        assert console["series"][key][-1] == pytest.approx(value, rel=0.01)


def test_aggregates_of_old_files_are_told_by_their_names() -> None:
    names = (
        "BM_x",
        "BM_x",
        "BM_x_mean",
        "BM_x_stddev",
        "BM_x_max",
        "BM_z",
        "BM_z_max",
        "BM_mean",
        "BM_y_mean",
        "BM_y_stddev",
    )
    found = told(read(rows(*({"name": name} for name in names)), FORMATS[0]))
    latencies = {key: it[2] for key, it in found["series"].items() if key.endswith(":latency")}
    assert latencies == {
        "default/BM_x:latency": 2,
        "default/BM_z:latency": 1,
        "default/BM_z_max:latency": 1,
        "default/BM_mean:latency": 1,
        "default/BM_y:latency": 1,
    }


def test_what_was_skipped_and_counters_are_left_out_and_memory_is_taken() -> None:
    data = rows(
        {"name": "a", "hits": 3, "bytes_per_second": 1e9, "allocs_per_iter": 2.5},
        {"name": "b", "skipped": True, "skip_message": "not here"},
    )
    run = read(data, FORMATS[0]).run
    assert [item.metric.name for item in run.measurements] == ["latency", "cpu_time", "allocations"]
    assert "counter is better, e.g. hits" in " ".join(run.warnings)
    assert "skipped, e.g. b" in " ".join(run.warnings)


def test_rows_of_one_name_belong_together_wherever_they_stand() -> None:
    kinds: list[dict[str, Any]] = [
        {"name": "a", "run_name": "a", "run_type": "iteration", "real_time": 2},
        {"name": "b", "run_name": "b", "run_type": "iteration"},
        {"name": "a", "run_name": "a", "run_type": "iteration", "real_time": 4, "time_unit": "ms"},
        {"name": "c_mean", "run_name": "c", "run_type": "aggregate", "aggregate_name": "mean"},
        {"name": "b_mean", "run_name": "b", "run_type": "aggregate", "aggregate_name": "mean"},
        {"name": "d", "run_name": 7, "run_type": "iteration", "aggregate_name": None},
        {"name": "e", "run_name": "e", "run_type": "iteration"},
        {
            "name": "e",
            "run_name": "e",
            "error_occurred": True,
            "error_message": "no",
            "run_type": 1,
        },
    ]
    found = told(read(rows(*kinds), FORMATS[0]))
    latencies = {key: it[2:] for key, it in found["series"].items() if key.endswith(":latency")}
    assert latencies == {
        "default/a:latency": [2, 2, 0.002001],
        "default/b:latency": [1, 1, 2e-6],
        "default/c:latency": [1, 1, 2e-6],
        "default/d:latency": [1, 1, 2e-6],
    }
    assert found["failed"] == {"default/e": "no"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("BM_x/size:8/threads:2", "default/BM_x[size=8,threads=2]"),
        ("BM_x/8/real_time", "default/BM_x/8/real_time"),
        ("ns::f<std::map>/8", "default/ns::f<std::map>/8"),
        ("BM_x/a:1/a:2", "default/BM_x/a:1/a:2"),
    ],
)
def test_named_arguments_become_parameters(name: str, key: str) -> None:
    found = told(read(rows({"name": name}), FORMATS[0]))
    assert f"{key}:latency" in found["series"]


def test_a_time_that_the_console_shows_as_0_is_left_out_or_a_failure() -> None:
    lines = "BM_a 2150 ms 0.000 ms 1\nBM_b   0.000 ms 0.000 ms  9 x=1\n"
    found = told(read(f"{TABLE}{lines}".encode(), FORMATS[2]))
    assert list(found["series"]) == ["default/BM_a:latency"]
    assert "given as 0" in found["failed"]["default/BM_b"]


def test_times_of_0_among_repetitions_are_told_with_their_benchmark() -> None:
    data = rows(
        *({"name": "a", "real_time": time} for time in (2.0, 0, 3.0)),
        *({"name": "b", "cpu_time": 0} for _ in range(2)),
        *({"name": "c", "cpu_time": 0, "real_time": 0} for _ in range(2)),
        {"name": "d_mean", "run_name": "d", "run_type": "aggregate", "aggregate_name": "mean"},
    )
    run = read(data, FORMATS[0]).run
    assert [text for text in run.warnings if "times of 0" in text] == [
        (
            "2 series have times of 0, which compare with nothing and are left out, "
            "e.g. 1 of 3 values of real_time of a"
        )
    ]
    launches = {f"{it.id}:{it.metric.name}": len(it.launches) for it in run.measurements}
    assert launches == {
        "default/a:latency": 2,
        "default/a:cpu_time": 3,
        "default/b:latency": 2,
        "default/d:latency": 1,
        "default/d:cpu_time": 1,
    }
    assert [str(it.id) for it in run.failures] == ["default/c"]


@pytest.mark.parametrize(
    ("number", "stated", "says"),
    [
        (4, 8, "a/x:1 has 4 of 8"),
        (16, 8, "a/x:1 has 16 of 8"),
        (2, 1, "a/x:1 has 2 of 1"),
        (4, "8", "a/x:1 has 4 of 8"),
        (2, 2, ""),
        (2, "2", ""),
        (1, 1, ""),
        (2, 0, ""),
        (2, None, ""),
        (2, [], ""),
    ],
)
def test_fewer_or_more_rows_than_repetitions_are_told(number: int, stated: Any, says: str) -> None:
    about = {"run_name": "a/x:1", "repetitions": stated}
    one = {"name": "a/x:1", "run_type": "iteration", **about}
    mean = {"name": "a/x:1_mean", "run_type": "aggregate", "aggregate_name": "mean", **about}
    alone = {**mean, "name": "b_mean", "run_name": "b", "repetitions": 3}
    run = read(rows(*[one] * number, mean, alone), FORMATS[0]).run
    assert [text for text in run.warnings if "repetition" in text] == (
        [f"1 benchmarks have not one row for each repetition, e.g. {says}"] if says else []
    )
    launches = {str(it.id): len(it.launches) for it in run.measurements}
    assert launches == {"default/a[x=1]": number, "default/b": 1}


@pytest.mark.parametrize(
    ("as_", "data", "says"),
    [
        (FORMATS[0], rows({"name": "a"})[:-9], "not valid JSON"),
        (FORMATS[0], rows(), "holds no benchmarks"),
        (FORMATS[0], rows({"name": "a", "time_unit": "h"}), "time_unit is the text 'h', not ns"),
        (FORMATS[0], rows({"name": "a", "cpu_time": None}), r"\[0\]\.cpu_time is missing"),
        (
            FORMATS[0],
            rows({"name": "a"}, {"name": "b"}, {"name": "a", "time_unit": []}),
            r"benchmarks\[2\]\.time_unit is a list, not ns",
        ),
        (
            FORMATS[0],
            rows({"name": "a"}, {"name": "b"}, {"name": "a", "real_time": True}),
            r"benchmarks\[2\]\.real_time is true, not a number",
        ),
        (
            FORMATS[0],
            rows({"name": "a"}, {"name": "b", "iterations": 0.5}),
            r"benchmarks\[1\]\.iterations is a number, not a number of times",
        ),
        (FORMATS[0], rows({"name": "a"}, {"run_type": "x"}), r"benchmarks\[1\]\.name is missing"),
        (
            FORMATS[0],
            b'{"benchmarks": [{"name": "a", "real_time": 1.0}, 7]}',
            r"benchmarks\[1\] is a number, not an object",
        ),
        (FORMATS[1], b"a log\n" + HEAD.encode(), "holds no benchmarks"),
        (FORMATS[1], f"x\n{HEAD}BM_a,1,2.5".encode(), "line 3: cpu_time is missing"),
        (FORMATS[1], f"{HEAD}BM_a,1,,1,ns".encode(), "line 2: real_time is missing"),
        (FORMATS[1], f"{HEAD}BM_a,1,2.5x,1,ns".encode(), "line 2: real_time is the text '2.5x'"),
        (FORMATS[1], f'{HEAD}"{"a" * 200_000}"'.encode(), "line 2: field larger than"),
        (FORMATS[1], b"name,value\na,1", "no line of names"),
        (FORMATS[2], TABLE.encode(), "holds no benchmarks"),
        (FORMATS[2], f"{TABLE}BM_a 1,1 ns 2 ns 3".encode(), "line 3: '1,1' is no number"),
    ],
)
def test_damage_is_named_by_its_place(as_: str, data: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(data, as_)
