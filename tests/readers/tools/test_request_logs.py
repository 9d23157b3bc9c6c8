"""JMeter, Gatling and hey tell of every request: which count, and what a file must have."""

from collections.abc import Callable

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told

Write = Callable[..., str]
JTL = "timeStamp,elapsed,label,responseCode,responseMessage,success,failureMessage\n"
XML = '<?xml version="1.0"?>\n<testResults version="1.2">\n{}</testResults>\n'
RUN = "RUN\tsim\tsim\t1776038458506\t \t3.10.5\n"
HEY = "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n"


def jmeter(*samples: tuple[int, bool]) -> str:
    rows = (f"1776038455166,{t},a,500,Oops,{str(ok).lower()},\n" for t, ok in samples)
    return JTL + "".join(rows)


def jmeter_xml(*samples: tuple[int, bool]) -> str:
    rows = (
        f'<httpSample t="{t}" ts="1296846793179" s="{str(ok).lower()}" lb="a" rc="500" rm="Oops">'
        '<httpSample t="9999" s="true" lb="part of it" ts="1"/></httpSample>\n'
        for t, ok in samples
    )
    return XML.format("".join(rows))


def gatling(*samples: tuple[int, bool]) -> str:
    rows = (
        f"REQUEST\t\ta\t1776038459000\t{1776038459000 + t}\t{'OK' if ok else 'KO'}\t500 Oops\n"
        for t, ok in samples
    )
    return RUN + "".join(rows)


def hey(*samples: tuple[int, bool]) -> str:
    rows = (f"{t / 1e3:.4f},0,0,0,0,0,{200 if ok else 500},0.1\n" for t, ok in samples)
    return HEY + "".join(rows)


TOOLS = [("jmeter", jmeter), ("jmeter-xml", jmeter_xml), ("gatling", gatling), ("hey-csv", hey)]
tools = pytest.mark.parametrize(("as_", "write"), TOOLS, ids=[name for name, _ in TOOLS])


@tools
def test_failed_requests_are_counted_and_not_timed(as_: str, write: Write) -> None:
    recording = read(write((10, True), (1, False), (30, True), (20, True)).encode(), as_)
    [latency, errors] = recording.run.measurements
    assert [list(launch.clocks.values()) for launch in latency.launches] == [
        [pytest.approx((0.01, 0.03, 0.02))]
    ]
    assert told(recording)["series"][errors.key][4] == pytest.approx(0.25)


@tools
def test_requests_that_all_failed_make_a_failure(as_: str, write: Write) -> None:
    found = told(read(write((1, False), (2, False)).encode(), as_))
    assert not found["series"]
    [reason] = found["failed"].values()
    assert reason.startswith("all 2 requests failed, first with: ")
    assert "500" in reason


@tools
def test_the_mean_stands_for_values_some_of_which_are_zero(as_: str, write: Write) -> None:
    recording = read(write((0, True), (1, True), (2, True)).encode(), as_)
    [latency, _] = recording.run.measurements
    assert told(recording)["series"][latency.key][2:] == [1, 1, pytest.approx(0.001)]
    assert "some requests took 0 ms, so the mean stands for all: " in recording.run.warnings[0]


@pytest.mark.parametrize(
    ("as_", "text", "error"),
    [
        ("jmeter", JTL, "holds no samples"),
        ("jmeter", jmeter((1, True))[:-8], "line 2: success is neither true nor false"),
        ("jmeter", jmeter((1, True)).replace(",1,a", ",one,a"), "line 2: 'one' is no number"),
        ("jmeter-xml", XML.format(""), "holds no samples"),
        ("jmeter-xml", jmeter_xml((1, True))[:90], "not valid XML at line 3"),
        ("jmeter-xml", jmeter_xml((1, True)).replace('t="1"', 't="x"'), "line 3: <httpSample>"),
        ("gatling", RUN, "holds no requests"),
        ("gatling", gatling((1, True))[:-15], "line 2: a request without begin, end and status"),
        ("hey-csv", HEY, "holds no requests that were answered"),
        ("hey-csv", hey((1, True))[:-12], "line 2: '' is no number"),
    ],
)
def test_a_damaged_or_empty_file_is_refused(as_: str, text: str, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read(text.encode(), as_)


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ("REQUEST\tlogin,form\tsend\t1776038459000\t1776038459002\tOK\t ", "login / form / send"),
        ("REQUEST\t7\t\tOK\t1776038459000\t1776038459002\tOK\t ", "OK"),
        ("REQUEST\tusers\t7\tlogin\tsend\t1776038459000\t1776038459002\tOK", "login / send"),
    ],
)
def test_older_records_of_gatling_are_read_too(record: str, name: str) -> None:
    series = told(read(f"{RUN}{record}\n".encode(), "gatling"))["series"]
    assert series[f"default/{name}:latency"][4] == pytest.approx(0.002)
