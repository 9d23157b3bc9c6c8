"""pyperf's files: which runs are launches, and where facts may stand."""

import gzip
import json
from typing import Any

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

WHOLE = (FIXTURES / "pyperf/timeit.json").read_bytes()


def of(*runs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """Read a file with one benchmark."""
    document = {"benchmarks": [{"runs": runs}], "metadata": {"name": "x", **metadata}}
    return told(read(json.dumps(document).encode(), "pyperf"))


def test_a_run_with_values_is_a_launch_and_calibration_is_none() -> None:
    found = of(
        {"warmups": [[1, 9.0]]}, {"values": [1.0, 2.0], "warmups": [[1, 9.0]]}, {"values": [6.0]}
    )
    assert found["series"] == {"default/x:latency": ["s", "lower", 2, 3, 2.0]}


@pytest.mark.parametrize("without", [{}, {"values": []}, {"values": None}])
@pytest.mark.parametrize("first", [1, 1.0])
def test_a_run_without_values_is_left_out_among_others(
    first: float, without: dict[str, Any]
) -> None:
    found = of({"values": [first, 2.0]}, without, {"values": [6.0]})
    assert found["series"] == {"default/x:latency": ["s", "lower", 2, 3, 2.0]}


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        (None, r"runs\[1\] is null, not an object"),
        ("x", r"runs\[1\] is the text 'x', not an object"),
        ({"values": ""}, r"runs\[1\]\.values is the text '', not a list"),
        ({"values": False}, r"runs\[1\]\.values is false, not a list"),
        ({"values": {}}, r"runs\[1\]\.values is .*, not a list"),
    ],
)
def test_a_damaged_run_is_refused_and_not_taken_for_calibration(damaged: Any, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        of({"values": [1.0, 2.0]}, damaged, {"values": [6.0]})


def test_memory_is_that_of_the_measuring_processes_wherever_it_stands() -> None:
    runs = [{"values": [1.0], "metadata": {"mem_max_rss": size}} for size in (100, 300, 200)]
    calibration = {"warmups": [[1, 1.0]], "metadata": {"mem_max_rss": 9000}}
    apart = of(calibration, *runs)["series"]["default/x:memory_usage"]
    assert apart == ["B", "lower", 3, 3, 200.0]
    common = of({"values": [1.0]}, {"values": [1.0]}, mem_max_rss=700)
    assert common["series"]["default/x:memory_usage"] == ["B", "lower", 2, 2, 700.0]
    of_some = of({"values": [1.0], "metadata": {"mem_max_rss": "7e2"}}, runs[0], mem_max_rss=100)
    assert of_some["series"]["default/x:memory_usage"] == ["B", "lower", 2, 2, 400.0]
    of_a_run_alone = of({"values": [1.0]}, runs[0], mem_max_rss=700)
    assert of_a_run_alone["series"]["default/x:memory_usage"][2] == 2
    only_some = of({"values": [1.0]}, runs[0])
    assert list(only_some["series"]) == ["default/x:latency"]


@pytest.mark.parametrize(
    ("size", "says"),
    [
        (True, "is true, not a number"),
        (False, "is false, not a number"),
        ([7], "is a list, not a number"),
        ("x", "is the text 'x', not a number"),
        (10**400, "is a number, not one that can be measured"),
    ],
)
def test_memory_that_is_no_number_is_refused_with_its_place(size: Any, says: str) -> None:
    damaged = {"values": [1.0], "metadata": {"mem_max_rss": size}}
    place = r"benchmarks\[0\]\.runs\[2\]\.metadata\.mem_max_rss"
    for first in ({"mem_max_rss": 700}, {}):
        with pytest.raises(FormatError, match=rf"{place} {says}"):
            of({"warmups": []}, {"values": [1.0], "metadata": first}, damaged)
    with pytest.raises(FormatError, match=rf": metadata\.mem_max_rss {says}"):
        of({"values": [1.0]}, mem_max_rss=size)


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ((100, None, 300), "x: known of 2 of 3"),
        ((None, 0, 300), "x: known of 1 of 3"),
        ((100, 0, 300), "x: known of 2 of 3"),
        ((None, None), ""),
        ((100, 200), ""),
    ],
)
@pytest.mark.parametrize("unit", ["second", "byte"])
def test_memory_that_is_not_known_of_each_run_is_told(
    sizes: tuple[int | None, ...], says: str, unit: str
) -> None:
    runs = [{"values": [1.0], "metadata": {"mem_max_rss": size}} for size in sizes]
    document = {"benchmarks": [{"runs": runs, "metadata": {"name": "x", "unit": unit}}]}
    warnings = read(json.dumps(document).encode(), "pyperf").run.warnings
    told_ = [text for text in warnings if "memory" in text]
    if not says or unit == "byte":  # then memory is what was measured
        assert told_ == []
    else:
        how = "memory is left out where it is not known of each run"
        assert told_ == [f"1 {how}, e.g. {says}"]


@pytest.mark.parametrize(
    ("run", "times"),
    [
        ({"values": []}, 1),
        ({"values": None}, 1),
        ({"values": [], "warmups": []}, 1),
        ({"values": [], "warmups": [[1, 9.0]]}, 0),
        ({"warmups": [[1, 9.0]]}, 0),
    ],
)
def test_a_run_without_values_that_did_not_calibrate_is_told_with_its_place(
    run: dict[str, Any], times: int
) -> None:
    document = {"benchmarks": [{"runs": [{"values": [1.0]}, run]}]}
    warnings = read(json.dumps(document).encode(), "pyperf").run.warnings
    assert [text for text in warnings if "warm-ups" in text] == [
        "1 left out because a run has neither values nor warm-ups, e.g. benchmarks[0].runs[1]"
    ] * times


@pytest.mark.parametrize(
    ("unit", "series"),
    [
        ("second", "default/x:latency"),
        ("byte", "default/x:memory_usage"),
        ("integer", "default/x:value"),
    ],
)
def test_the_unit_says_what_was_measured(unit: str, series: str) -> None:
    assert list(of({"values": [5]}, unit=unit)["series"]) == [series]


def test_a_benchmark_that_was_only_calibrated_has_failed() -> None:
    assert of({"warmups": [[1, 9.0]]})["failed"] == {"default/x": "no run has values"}


def test_a_file_says_where_and_when_it_was_measured() -> None:
    found = read(gzip.compress(WHOLE), "pyperf").run
    assert (found.environment.cpu, found.environment.cores) == ("A processor", 2)
    assert "cpython 3.11" in found.environment.interpreter
    assert found.started_at.isoformat().startswith("2026-11-26T17:11:1")
    assert {item.iterations for item in found.measurements if item.metric.timed} == {64}
    document = {"benchmarks": [{"runs": [{"values": [1.0]}], "metadata": {"inner_loops": 3}}]}
    data = json.dumps({**document, "metadata": {"loops": 4}}).encode()
    assert read(data, "pyperf").run.measurements[0].iterations == 12


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (WHOLE[:700], "not valid JSON"),
        (b'{"benchmarks": []}', "holds no benchmarks"),
        (b'{"benchmarks": [{}]}', r"benchmarks\[0\]\.runs is missing"),
        (b'{"benchmarks": [{"runs": [{"values": ["a"]}]}]}', r"runs\[0\]\.values\[0\] is the text"),
        (
            b'{"benchmarks": [{"runs": [{}, {"values": [1.0]}, {"values": [2.0, true]}]}]}',
            r"runs\[2\]\.values\[1\] is true, not a number",
        ),
        (b'{"benchmarks": [{"runs": [{"values": {"1": 2}}]}]}', r"runs\[0\]\.values is an object"),
        (b'{"benchmarks": [{"runs": {"values": [1.0]}}]}', r"runs is an object, not a list"),
        (b'{"benchmarks": [{"runs": [7]}]}', r"runs\[0\] is a number, not an object"),
        (b'{"benchmarks": [{"runs": [], "metadata": {"unit": "m"}}]}', "not second, byte or integ"),
    ],
)
def test_damage_is_named_by_its_place(data: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(data, "pyperf")
