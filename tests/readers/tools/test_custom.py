"""perfci's own JSON and CSV: what may be said in them, and that nothing is misread in silence."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.readers.formats import detect
from perfci.readers.source import Source
from tests.readers.tools.reading import FIXTURES, read, told

ROW = "name,metric,unit,value"
PAGE = (Path(__file__).parents[3] / "docs/formats.md").read_text()


def whole(*results: Any, **root: Any) -> bytes:
    return json.dumps({"schema": "perfci.custom/1", "results": results, **root}).encode()


@pytest.mark.parametrize(
    ("language", "series"),
    [
        (
            "json",
            [
                "default/cache[size=64]:hit_rate",
                "default/parse:latency",
                "default/parse:memory_usage",
            ],
        ),
        ("csv", ["default/parse[size=1 MB]:latency", "default/parse[size=1 MB]:memory_usage"]),
    ],
)
def test_the_examples_of_the_documentation_are_recognised_and_read(
    language: str, series: list[str]
) -> None:
    example = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    data = example[1].encode()
    as_ = detect(Source(name="example", data=data)).name
    assert as_ == f"custom-{language}"
    assert sorted(told(read(data, as_))["series"]) == series


@pytest.mark.parametrize(
    ("told_of", "series"),
    [
        ({"metric": "latency", "unit": "ms"}, ("latency", "s", Better.LOWER)),
        ({"unit": "ms"}, ("latency", "s", Better.LOWER)),
        ({"unit": "req/s"}, ("throughput", "1/s", Better.HIGHER)),
        ({"metric": "uptime", "unit": "s", "better": "higher"}, ("uptime", "s", Better.HIGHER)),
        ({"metric": "a b:c/d\x1b[1m", "unit": ""}, ("a_b_c_d", "count", Better.LOWER)),
        ({"metric": "score", "unit": "points"}, ("score", "points", Better.LOWER)),
        ({}, ("value", "count", Better.LOWER)),
    ],
)
def test_a_metric_is_what_its_name_its_unit_and_the_file_say(told_of: Any, series: Any) -> None:
    metric = (
        read(whole({"name": "x", "value": 2, **told_of}), "custom-json").run.measurements[0].metric
    )
    assert (metric.name, metric.unit, metric.better) == series


def test_a_known_metric_may_be_0_where_perfci_knows_it_may() -> None:
    data = whole({"name": "x", "metric": "error_rate", "unit": "ratio", "value": 0})
    assert read(data, "custom-json").run.measurements[0].metric.absolute


@pytest.mark.parametrize("metric", ["error_rate", "cpu_usage", "cpu_usage_p95"])
@pytest.mark.parametrize(
    ("unit", "value"),
    [("%", 0), ("%", 12.5), ("percent", 12.5), ("percentage (%)", 12.5), ("ratio", 0.125)],
)
def test_a_share_that_perfci_knows_may_be_told_in_percent(
    metric: str, unit: str, value: float
) -> None:
    data = whole({"name": "x", "metric": metric, "unit": unit, "value": value})
    for found in (
        read(data, "custom-json"),
        read(f"{ROW}\nx,{metric},{unit},{value}\n".encode(), "custom-csv"),
    ):
        [it] = found.run.measurements
        assert (it.metric.name, it.metric.unit, it.metric.absolute) == (metric, "ratio", True)
        assert told(found)["series"][it.key][-1] == (0.125 if value else 0)


@pytest.mark.parametrize(
    ("data", "as_", "place"),
    [
        (
            whole({"name": "x", "metric": "error_rate", "value": 0}),
            "custom-json",
            r"results\[0\]",
        ),
        (f"{ROW}\nx,error_rate,,0\n".encode(), "custom-csv", "line 2"),
        (b'{"x": {"error_rate": {"value": 0}}}', "bencher", r"x\.error_rate"),
    ],
)
def test_a_share_without_a_unit_is_refused(data: bytes, as_: str, place: str) -> None:
    says = f"{place}: error_rate without a unit may be a ratio or a percentage"
    with pytest.raises(FormatError, match=says) as caught:
        read(data, as_)
    assert "`ratio` or `%`" in caught.value.hint


def test_percent_of_a_metric_of_ones_own_stay_percent() -> None:
    found = read(whole({"name": "x", "metric": "misses", "unit": "%", "value": 3}), "custom-json")
    assert told(found)["series"] == {"default/x:misses": ["%", "lower", 1, 1, 3.0]}


def test_values_are_of_one_process_and_launches_are_processes() -> None:
    several: list[dict[str, Any]] = [
        {"values": [1, 2, 3]},
        {"launches": [[1, 2], [3]]},
        {"launches": [1, 2, 3]},
        {"launches": [[1.0, 2.0], 3.0, ["4"]]},
    ]
    rows = [{"name": f"n{at}", **each} for at, each in enumerate(several)]
    recording = read(whole(*rows), "custom-json")
    found = told(recording)["series"]
    assert [it[2:4] for it in found.values()] == [[1, 3], [2, 3], [3, 3], [3, 4]]
    assert [bool(it.details) for it in recording.run.measurements] == [True, False, False, False]


@pytest.mark.parametrize(
    ("rows", "shape"),
    [
        (f"{ROW}\nx,,s,1\n", [1, 1]),
        (f"{ROW}\nx,,s,1\nx,,ms,2000\n", [1, 2]),
        (f"{ROW},launch\nx,,s,1,1\nx,,s,2,2\nx,,s,3,1\n", [2, 3]),
    ],
)
def test_rows_of_a_benchmark_are_values_or_launches_by_the_column(rows: str, shape: Any) -> None:
    found = told(read(rows.replace("\n", "\r\n").encode("utf-8-sig"), "custom-csv"))["series"]
    assert [it[2:4] for it in found.values()] == [shape]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (whole(), "holds no results"),
        (whole({"name": "x", "value": 1, "unti": "s"}), r"results\[0\]\.unti is .*not known"),
        (whole({"name": "x", "value": 1}, comit="a"), "comit is the text"),
        (whole({"name": "x"}), r"results\[0\] is an object, not a result with either value"),
        (whole({"name": "x", "value": 1, "values": [1]}), "not a result with either"),
        (whole({"name": "x", "value": "fast"}), r"results\[0\]\.value is the text 'fast'"),
        (whole({"name": "x", "value": 1, "better": "up"}), "better is the text 'up', not lower"),
        (whole({"value": 1}), r"results\[0\]\.name is missing"),
        (
            whole({"name": "x", "launches": [[1.0], [2.0, True]]}),
            r"results\[0\]\.launches\[1\]\[1\] is true, not a number",
        ),
        (whole({"name": "x", "launches": {}}), r"launches is an object, not a list"),
        (whole(["x"]), r"results\[0\] is a list, not an object"),
        ((FIXTURES / "custom/results.json").read_bytes()[:-20], "not valid JSON"),
    ],
)
def test_damage_of_json_is_named_by_its_place(data: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(data, "custom-json")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ROW, "holds no values"),
        ("", "line 1: there is no column 'name'"),
        ("name,metric\n", "line 1: there is no column 'value'"),
        (f"{ROW},wat\n", "line 1: the column 'wat' is not known"),
        (f"{ROW}\nx,latency,s,1\n\nx,latency,s,fast\n", "line 4: 'fast' is no number"),
        (f"{ROW}\nx,latency\n", "line 2: '' is no number"),
        (f"{ROW},better\nx,,,1,up\n", "line 2: 'up' is no direction"),
        (f"{ROW}\nx,,,{'1' * 200_000}\n", "line 2: field larger"),
    ],
)
def test_damage_of_csv_is_named_by_its_line(text: str, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(text.encode(), "custom-csv")


def test_a_row_with_more_cells_than_columns_is_refused() -> None:
    # decimal commas would lose what stands behind them
    with pytest.raises(FormatError, match="line 2: 5 cells for 4 columns"):
        read(b"name,metric,unit,value\nparse,latency,s,1,00\n", "custom-csv")


def test_a_metric_that_perfci_knows_keeps_its_direction() -> None:
    entry = b'{"name": "a", "unit": "ms", "better": "higher", "value": 10}'
    found = read(b'{"schema": "perfci.custom/1", "results": [%s]}' % entry, "custom-json")
    assert found.run.measurements[0].metric.better is Better.LOWER


def test_a_number_given_to_a_name_that_comes_again_is_no_others_name() -> None:
    results = b",".join(b'{"name": "%s", "value": 1}' % name for name in (b"a", b"a", b"a #2"))
    found = read(b'{"schema": "perfci.custom/1", "results": [%s]}' % results, "custom-json")
    assert [it.id.name for it in found.run.measurements] == ["a", "a #3", "a #2"]
