"""Locust: which rows count, versions of its table, and what fails."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told

TITLES = (
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,"
    "Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,99%"
)
FINE = "GET,/a,10,0,4,4.5,2.1,67.8,2936.0,159.0,0.0,4,7"


def test_methods_of_one_name_are_different_benchmarks() -> None:
    found = told(read(f"{TITLES}\n{FINE}\nPOST{FINE[3:]}\n".encode(), "locust"))
    assert {key.partition(":")[0] for key in found["series"]} == {
        "default/GET /a",
        "default/POST /a",
    }


def test_failures_are_a_share_of_requests() -> None:
    series = told(read(f"{TITLES}\n{FINE.replace(',10,0,', ',10,3,')}\n".encode(), "locust"))[
        "series"
    ]
    assert series["default/GET /a:error_rate"][4] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ("10,10", "all 10 requests failed"),
        ("0,0", "no request was made or answered"),
        ("10,-3", "-3 of 10 requests failed, which cannot be"),
        ("10,12", "12 of 10 requests failed, which cannot be"),
    ],
)
def test_what_never_succeeded_has_failed(counts: str, reason: str) -> None:
    row = FINE.replace("10,0", counts).replace(",4,7", ",N/A,N/A")
    found = told(read(f"{TITLES}\n{FINE.replace('/a', '/b')}\n{row}\n".encode(), "locust"))
    assert found["failed"] == {"default/GET /a": reason}
    assert "default/GET /b:latency" in found["series"]


def test_a_table_of_before_1_0_is_read() -> None:
    text = (
        '"Type","Name","# requests","# failures","Median response time","Average response time",'
        '"Min response time","Max response time","Average Content Size","Requests/s"\r\n'
        '"GET","/a",4,1,120,130,1,400,10,0.50\r\n"None","Total",4,1,120,130,1,400,10,0.50\r\n'
    )
    series = told(read(text.encode(), "locust"))["series"]
    assert series["default/GET /a:latency"][4] == pytest.approx(0.12)
    assert series["default/GET /a:error_rate"][4] == pytest.approx(0.25)
    assert not any("Total" in key for key in series)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (FINE[:13], "line 3: '' is no number"),
        (FINE.replace(",4,4.5", ",x,4.5"), "line 3: 'x' is no number"),
    ],
)
def test_a_damaged_row_is_refused_with_its_line(row: str, place: str) -> None:
    with pytest.raises(FormatError, match=place):
        read(f"{TITLES}\n{FINE}\n{row}".encode(), "locust")


def test_a_table_of_nothing_but_its_sum_is_refused() -> None:
    row = FINE.replace("GET,/a", ",Aggregated")
    with pytest.raises(FormatError, match="holds no requests"):
        read(f"{TITLES}\n{row}\n".encode(), "locust")
