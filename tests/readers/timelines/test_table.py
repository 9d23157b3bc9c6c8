"""CSV with a time, a commit and one column a metric."""

from datetime import UTC, datetime
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.readers.source import Source
from perfci.readers.timelines.drafts import Timelines
from perfci.readers.timelines.formats import read_timelines

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def read(text: str | bytes, **more: Any) -> Timelines:
    data = text if isinstance(text, bytes) else text.encode()
    return read_timelines([Source(name="runs.csv", data=data)], **more)


@pytest.mark.parametrize(
    "time",
    [
        "2026-11-01T12:00:00Z",
        "2026-11-01 13:00:00 +0100",
        "2026.11.01 12:00",
        "2026/11/1 7:00:00 -05:00",
        "1793534400",
        "1793534400000",
        "1793534400000000000",
        "1793534400.0",
    ],
)
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_times_are_understood_in_every_usual_spelling(time: str, between: str) -> None:
    head, row = ["Timestamp", "SHA", "latency (ms)"], [time, "aaa0", "1.5"]
    found = read(f"{between.join(head)}\r\n{between.join(row)}\r\n")
    (series,) = found.series
    assert (series.name, series.unit, series.better) == ("latency", "s", Better.LOWER)
    (spot,) = series.spots
    assert (spot.commit, spot.time, spot.value) == ("aaa0", NOON, 0.0015)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_a_table_is_read_whatever_ends_its_lines(end: str) -> None:
    text = end.join(("time,commit,x,note", "1,a,1.5,first\u2028half", '2,b,2.5,"two', 'lines"', ""))
    (series,) = read(text).series
    assert [spot.value for spot in series.spots] == [1.5, 2.5]


def test_each_column_is_a_series_and_an_empty_cell_no_value() -> None:
    text = "time,commit,a,throughput (1/s),note,\n2026-11-01,x,1,2,fast,\n\n2026-11-02,y,,3,slow,\n"
    found = read(text)
    a, rate = found.series
    assert [spot.commit for spot in a.spots] == ["x"]
    assert (rate.name, rate.better, len(rate.spots)) == ("throughput", Better.HIGHER, 2)
    assert found.told == ("1 left out because the column holds no numbers, e.g. note",)


def test_decimal_commas_are_read_where_something_else_parts_the_columns() -> None:
    (series,) = read("date;commit;x\n2026-11-01;a;10,43\n2026-11-02;b;1e3\n").series
    assert [spot.value for spot in series.spots] == [10.43, 1000.0]


def test_a_table_without_commits_or_without_times_is_read() -> None:
    (one,) = read("time,x\n5,1\n6,2\n").series
    assert [spot.commit for spot in one.spots] == ["", ""]
    (other,) = read("commit,x\na,1\nb,2\n").series
    assert [spot.time for spot in other.spots] == [None, None]


def test_rows_of_several_branches_are_never_mixed() -> None:
    text = "time,commit,branch,x\n1,a,main,1\n2,b,dev,9\n3,c,main,2\n"
    with pytest.raises(FormatError, match="2 branches: main, dev"):
        read(text)
    (series,) = read(text, branch="main").series
    assert [spot.commit for spot in series.spots] == ["a", "c"]


def test_values_that_are_no_numbers_are_left_out_with_their_line() -> None:
    found = read("time,commit,x\n1,a,1\n2,b,nan\n3,c,slow\n4,d,1e999\n5,e,2\n")
    assert [spot.commit for spot in found.series[0].spots] == ["a", "e"]
    assert "3 left out because the value is no finite number, e.g. x, line 3" in found.told[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time,commit,x\n1,a,1\n2,b\n", "line 3: 2 cells, where the first line has 3"),
        ("time,commit,x\nsoon,a,1\n", "line 2: 'soon' is no time"),
        ("time,commit,x\n1,a,1\n1e30,b,1\n", "line 3: '1e30' is no time"),
        ("time,commit,x\n10000-01-01,a,1\n", "line 2: '10000-01-01' is no time"),
        ('time,commit,x\n1,"a,1\n', "no valid CSV"),
        ("time,commit,note\n1,a,b\n", "has no column of numbers"),
        ("time,commit\n1,a\n", "has no column of numbers"),
        ("when it was,x\n1,2\n", "is no history that perfci knows"),
        (b"time,commit,x\n1,\xff,1\n", "line 2: byte 16 is no UTF-8"),
        ("plain text", "is no history that perfci knows"),
        ("PING_INLINE: rps=0.0\rPING_INLINE: 9.0 requests\r", "is no history that perfci knows"),
        ("time,commit,x\r1,a,1\r2,b\r", "line 3: 2 cells, where the first line has 3"),
        ("", "runs.csv is empty"),
        ("\0\0\0", "is no history that perfci knows"),
        ("time,commit,x\n1,a,1\n1,b," + "9" * 200_000 + "\n", "no valid CSV"),
    ],
)
def test_what_is_damaged_is_refused_with_its_line(text: str | bytes, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(text)
    assert says in caught.value.message
    assert caught.value.hint


def test_a_hostile_column_is_read_in_no_time_and_named_harmlessly() -> None:
    name = "(" * 3000 + " " * 60_000 + "\x1b[31m"
    (series,) = read(f"time,commit,{name}\n1,a\0b\x1b[2J,1\n").series
    assert series.name.isprintable()
    assert len(series.name) < 1100
    assert series.spots[0].commit.isprintable()
