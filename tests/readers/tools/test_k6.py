"""k6: one run in each of its shapes, and what of it is left out.

k6 itself cannot be had where these tests run: its files are written down here as its documentation
has them.
"""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told

TREND = {"avg": 12.0, "min": 1.0, "med": 10.0, "max": 99.0, "p(90)": 20.0, "p(95)": 30.0}
FLAT: dict[str, Any] = {
    "root_group": {},
    "metrics": {
        "http_req_duration": {**TREND, "thresholds": {"p(95)<50": False, "p(90)<5": True}},
        "http_req_duration{scenario:peak,status:200}": TREND,
        "http_req_duration{expected_response:true}": TREND,
        "http_req_waiting": TREND,
        "http_req_failed": {"passes": 1, "fails": 3, "value": 0.25},
        "checks": {"passes": 9, "fails": 1, "value": 0.9},
        "http_reqs": {"count": 40, "rate": 4.0},
        "orders": {"count": 7, "rate": 0.7},
        "vus": {"value": 1, "min": 1, "max": 1},
        "vus_max": {"value": 1, "min": 1, "max": 1},
        "data_sent": {"count": 9, "rate": 0.9},
        "data_received": {"count": 9, "rate": 0.9},
        "dropped_iterations": {"count": 9, "rate": 0.9},
    },
}
TYPES = {"http_req_failed": "rate", "checks": "rate", "http_reqs": "counter", "orders": "counter"}
TYPES |= {"vus": "gauge", "vus_max": "gauge", "dropped_iterations": "counter"}
TYPES |= {"data_sent": "counter", "data_received": "counter"}
EXPECTED = {
    "http_req_duration:latency": ["s", "lower", 1, 1, 0.01],
    "http_req_duration:latency_p90": ["s", "lower", 1, 1, 0.02],
    "http_req_duration:latency_p95": ["s", "lower", 1, 1, 0.03],
    "http_req_duration[scenario=peak,status=200]:latency": ["s", "lower", 1, 1, 0.01],
    "http_req_duration[scenario=peak,status=200]:latency_p90": ["s", "lower", 1, 1, 0.02],
    "http_req_duration[scenario=peak,status=200]:latency_p95": ["s", "lower", 1, 1, 0.03],
    "http_req_failed:error_rate": ["ratio", "lower", 1, 1, 0.25],
    "checks:success_rate": ["ratio", "higher", 1, 1, 0.9],
    "http_reqs:throughput": ["1/s", "higher", 1, 1, 4.0],
}


def metric(name: str, flat: dict[str, Any]) -> dict[str, Any]:
    """Return a metric as the newer shapes have it."""
    kind = TYPES.get(name, "trend")
    values = {key: value for key, value in flat.items() if key != "thresholds"}
    if kind == "rate":
        values = {"rate": values["value"], "passes": values["passes"], "fails": values["fails"]}
    return {"type": kind, "contains": "time" if kind == "trend" else "default", "values": values}


def nested() -> dict[str, Any]:
    metrics = {name: metric(name, flat) for name, flat in FLAT["metrics"].items()}
    metrics["http_req_duration"]["thresholds"] = {
        "p(95)<50": {"ok": True},
        "p(90)<5": {"ok": False},
    }
    return {"root_group": {}, "options": {}, "metrics": metrics}


def listed() -> dict[str, Any]:
    metrics = [{"name": name, **metric(name, flat)} for name, flat in FLAT["metrics"].items()]
    for each in metrics:
        if each["type"] == "counter":
            del each["values"]["rate"]
    names = ("checks_total", "checks_failed", "checks_succeeded")
    checks = {"metrics": [{**metrics[5], "name": name} for name in names]}
    return {
        "config": {"duration": 10.0, "execution": "local"},
        "metadata": {"k6Version": "1.5.0", "generatedAt": "2026-11-26T12:00:00Z"},
        "results": {"metrics": metrics[:5] + metrics[6:], "checks": checks},
    }


@pytest.mark.parametrize(
    "document", [FLAT, nested(), listed()], ids=["flat", "handleSummary", "machine-readable"]
)
def test_one_run_is_the_same_in_every_shape(document: dict[str, Any]) -> None:
    recording = read(json.dumps(document).encode(), "k6")
    series = told(recording)["series"]
    assert {key.replace("checks_succeeded", "checks"): it for key, it in series.items()} == {
        f"default/{key}": it for key, it in EXPECTED.items()
    }
    warnings = "\n".join(recording.run.warnings)
    assert "1 phases of requests are left out" in warnings
    assert "1 metrics of the script are left out" in warnings
    assert "e.g. orders" in warnings


@pytest.mark.parametrize("document", [FLAT, nested()], ids=["flat", "handleSummary"])
def test_a_crossed_threshold_is_told_whichever_way_its_shape_says_it(
    document: dict[str, Any],
) -> None:
    warnings = read(json.dumps(document).encode(), "k6").run.warnings
    crossed = [text for text in warnings if "crossed" in text]
    assert len(crossed) == 1
    assert crossed[0].startswith("1 thresholds")
    assert crossed[0].endswith("e.g. http_req_duration p(90)<5")


def test_a_trend_has_the_unit_that_it_contains() -> None:
    metrics = {"size": {"type": "trend", "contains": "data", "values": {"med": 5}}}
    metrics["depth"] = {"type": "trend", "contains": "default", "values": {"med": 3}}
    series = told(read(json.dumps({"metrics": metrics}).encode(), "k6"))["series"]
    assert series == {
        "default/size:size": ["B", "lower", 1, 1, 5.0],
        "default/depth:value": ["count", "lower", 1, 1, 3.0],
    }


def test_a_flat_trend_is_taken_for_times_and_this_is_told() -> None:
    login = b'{"avg": 5, "p(99)": 8, "p(99.9)": 9, "p(99.99)": 10, "max": 11}'
    recording = read(b'{"metrics": {"login{a:b": ' + login + b"}}", "k6")
    assert told(recording)["series"] == {
        "default/login{a:b:latency": ["s", "lower", 1, 1, 0.005],
        "default/login{a:b:latency_p99": ["s", "lower", 1, 1, 0.008],
        "default/login{a:b:latency_p999": ["s", "lower", 1, 1, 0.009],
    }
    assert "1 trends are taken for times in ms" in recording.run.warnings[0]


def test_a_run_has_the_time_that_its_file_tells() -> None:
    assert read(json.dumps(listed()).encode(), "k6").run.started_at.hour == 12
    data = {"value": 1, "time": "2026-04-12T18:34:56.807518952Z"}
    point = {"type": "Point", "metric": "checks", "data": data}
    assert read(json.dumps(point).encode(), "k6-points").run.started_at.minute == 34


def test_points_of_one_run_are_values_of_one_launch() -> None:
    lines = [
        {"type": "Metric", "metric": "login", "data": {"type": "trend", "contains": "time"}},
        {"type": "Metric", "metric": "checks", "data": {"type": "rate"}},
        {"type": "Metric", "metric": "http_req_sending", "data": {"type": "trend"}},
        {"type": "Metric", "metric": "vus", "data": {"type": "gauge"}},
        *(
            {"type": "Point", "metric": it, "data": {"value": 1}}
            for it in ("vus", "http_req_sending")
        ),
        *({"type": "Point", "metric": "login", "data": {"value": ms}} for ms in (5, 7, 9)),
        *({"type": "Point", "metric": "checks", "data": {"value": it}} for it in (1, 1, 0, 1)),
    ]
    data = b"running...\n" + "\n".join(map(json.dumps, lines)).encode() + b'\n{"type":"Po'
    assert told(read(data, "k6-points"))["series"] == {
        "default/login:latency": ["s", "lower", 1, 3, 0.007],
        "default/checks:success_rate": ["ratio", "higher", 1, 1, 0.75],
    }


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("k6", '{"metrics": {"a": {"med": true}}}', "metrics.a.med is true, not a number"),
        ("k6", '{"metrics": {"http_reqs": {"count": 1}}}', "metrics.http_reqs.rate is missing"),
        ("k6", '{"metrics": {"vus": {"value": 1}}}', "holds no times, requests or checks"),
        ("k6", '{"metrics": {"a": {"med"', "is not valid JSON: "),
        ("k6-points", "log\n", "holds no points of trends or checks"),
        (
            "k6-points",
            'log\n{"type": "Point", "metric": "checks", "data": {"value": []}}',
            "line 2: data.value is a list, not a number",
        ),
    ],
)
def test_damage_is_told_with_its_place(name: str, data: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(data.encode(), name)
