"""Reports of load tests, with one number a metric: names, failures, several runs, damage."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.readers.formats import detect
from perfci.readers.source import Source
from tests.readers.tools.reading import FIXTURES, read, told

WRK = (FIXTURES / "wrk/latency.txt").read_text()
HEY = (FIXTURES / "hey/text.txt").read_text()
VEGETA = """\
Requests      [total, rate, throughput]         60, 1.02, 0.33
Duration      [total, attack, wait]             2m55s, 59s, 1m56s
Latencies     [min, mean, 50, 90, 95, 99, max]  92.562ms, 5.014s, 315.774µs, 4.5s, 7s, 1m2.5s, 2m0s
Bytes In      [total, mean]                     76502, 1275.03
Success       [ratio]                           75.00%
Status Codes  [code:count]                      0:15  200:45
Error Set:
Post "http://localhost/": context deadline exceeded
"""
VEGETA_JSON = {
    "latencies": {"total": 9, "mean": 2_000_000, "99th": 9_000_000, "max": 10_000_000},
    "bytes_in": {"total": 9, "mean": 1},
    "rate": 10.0,
    "throughput": 9.5,
    "requests": 8,
    "success": 0.75,
    "status_codes": {"200": 6, "500": 2},
    "errors": [],
}
JMETER = {
    "a": {
        "transaction": "a", "sampleCount": 8, "errorCount": 2, "errorPct": 25.0,
        "meanResTime": 20.5, "medianResTime": 17.0, "minResTime": 1.0, "maxResTime": 90.0,
        "pct1ResTime": 30.0, "pct2ResTime": 40.0, "pct3ResTime": 50.0, "throughput": 12.5,
    }
}  # fmt: skip
GATLING_REQUEST = {
    "type": "REQUEST",
    "name": "send",
    "stats": {
        "numberOfRequests": {"total": "8", "ok": "6", "ko": "2"},
        "percentiles1": {"total": "99", "ok": "17", "ko": "99"},
        "percentiles2": {"total": "99", "ok": "25", "ko": "99"},
        "percentiles3": {"total": "99", "ok": "40", "ko": "99"},
        "percentiles4": {"total": "99", "ok": "50", "ko": "99"},
        "meanNumberOfRequestsPerSecond": {"total": "16.0", "ok": "12.5", "ko": "3.5"},
    },
}
GATLING: dict[str, Any] = {
    "type": "GROUP",
    "name": "All Requests",
    "contents": {
        "g": {"type": "GROUP", "name": "login", "contents": {"r": GATLING_REQUEST}, "stats": {}}
    },
}


def values(text: str, as_: str) -> dict[str, float]:
    return {key: it[4] for key, it in told(read(text.encode(), as_))["series"].items()}


@pytest.mark.parametrize(
    ("as_", "text", "name", "expected"),
    [
        (
            "vegeta-text",
            f"== steady ==\n{VEGETA}",
            "steady",
            {"latency": 0.000315774, "latency_p90": 4.5, "latency_p95": 7, "latency_p99": 62.5,
             "throughput": 0.33, "error_rate": 0.25},
        ),
        (
            "vegeta",
            json.dumps(VEGETA_JSON),
            "vegeta",
            {"latency": 0.002, "latency_p99": 0.009, "throughput": 9.5, "error_rate": 0.25},
        ),
        (
            "jmeter-statistics",
            json.dumps(JMETER | {"Total": JMETER["a"]}),
            "a",
            {"latency": 0.017, "latency_p90": 0.03, "latency_p95": 0.04, "latency_p99": 0.05,
             "throughput": 12.5, "error_rate": 0.25},
        ),
        (
            "gatling-stats",
            json.dumps(GATLING),
            "login / send",
            {"latency": 0.017, "latency_p95": 0.04, "latency_p99": 0.05,
             "throughput": 12.5, "error_rate": 0.25},
        ),
    ],
)  # fmt: skip
def test_a_report_is_recognised_and_read(
    as_: str, text: str, name: str, expected: dict[str, float]
) -> None:
    assert detect(Source(name="report", data=text.encode())).name == as_
    known = {f"default/{name}:{metric}": value for metric, value in expected.items()}
    assert values(text, as_) == pytest.approx(known)


@pytest.mark.parametrize(
    ("as_", "text", "reason"),
    [
        ("wrk", WRK[: WRK.index("Requests/sec")], "its output ends before the results"),
        ("wrk", WRK.replace("  42 requests in", "  0 requests in"), "no request was made or"),
        (
            "wrk",
            WRK.replace("42 requests", "0 requests").replace(
                "Requests/sec", "Socket errors: connect 2, read 0, write 0, timeout 0\nRequests/sec"
            ),
            "all 2 requests failed",
        ),
        ("hey", HEY[: HEY.index("Status code")], "its output ends before the results"),
        ("vegeta-text", VEGETA.replace("75.00%", "0.00%"), 'first with: Post "http://localhost/"'),
        ("vegeta-text", VEGETA.replace("60, 1.02", "0, 0"), "no request was made"),
        ("vegeta", '{"latencies":{"total":0},"requests":0,"success":0}', "no request was made"),
        ("jmeter-statistics", json.dumps(JMETER).replace("2,", "8,", 1), "all 8 requests failed"),
        ("gatling-stats", json.dumps(GATLING).replace('"2"', '"8"'), "all 8 requests failed"),
    ],
)
def test_a_run_without_results_has_failed(as_: str, text: str, reason: str) -> None:
    found = told(read(text.encode(), as_))
    assert not found["series"]
    [(_, given)] = found["failed"].items()
    assert reason in given


def test_errors_of_sockets_and_bad_answers_are_failures_of_wrk() -> None:
    errors = "Socket errors: connect 0, read 5, write 0, timeout 3\n  Non-2xx or 3xx responses: 2\n"
    text = WRK.replace("Requests/sec", f"{errors}Requests/sec")
    [share] = [value for key, value in values(text, "wrk").items() if key.endswith("error_rate")]
    assert share == pytest.approx(10 / 50)


def test_runs_of_one_address_are_launches_and_those_without_a_name_are_numbered() -> None:
    measured = read((WRK * 3).encode(), "wrk").run.measurements
    assert {(len(it.launches), it.details) for it in measured} == {(3, ())}
    names = {key.partition(":")[0] for key in told(read((HEY * 2).encode(), "hey"))["series"]}
    assert names == {"default/hey", "default/hey #2"}


def test_a_heading_names_a_run_unless_it_tells_a_time() -> None:
    text = f"=== search ===\n{HEY}=== end search ===\n== Run at 2025-06-14 16:16:52 ==\n{HEY}"
    names = {key.partition(":")[0] for key in told(read(text.encode(), "hey"))["series"]}
    assert names == {"default/search", "default/search #2"}


@pytest.mark.parametrize(
    ("as_", "text", "error"),
    [
        ("wrk", WRK.replace("47.92ms", "47.9.2ms"), "line 7: '47.9.2ms' is no duration"),
        ("wrk", "nothing", "holds no runs of wrk"),
        ("hey", HEY.replace("0.0480 secs", "fast secs"), "'fast' is no number"),
        ("vegeta-text", VEGETA.replace("1m2.5s", "1x2.5s"), "line 3: '1x2.5s' is no duration"),
        ("vegeta", '{"latencies": 3, "requests": 9, "success": 1}', "latencies"),
        ("jmeter-statistics", json.dumps({"Total": JMETER["a"]}), "holds no labels beside Total"),
        ("jmeter-statistics", '{"a": {"sampleCount": 3}}', "a.errorCount is missing"),
        ("gatling-stats", '{"contents": {}}', "holds no requests"),
        ("gatling-stats", '{"contents": {"a": {"name": "b"}}}', "contents.a.stats is missing"),
    ],
)
def test_a_damaged_report_is_refused_with_its_place(as_: str, text: str, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read(text.encode(), as_)


def test_a_log_as_github_gives_it_is_read_without_its_stamps() -> None:
    stamped = "".join(f"2026-04-13T00:01:37.{n:07}Z {x}\n" for n, x in enumerate(WRK.split("\n")))
    source = Source(name="log", data=("\ufeff" + stamped).encode())
    assert detect(source).name == "wrk"
    assert values(stamped, "wrk") == values(WRK, "wrk")
