"""Tables of CSV: each row knows its line, and what no table can hold is an error of the file."""

import pytest

from perfci.errors import FormatError
from perfci.readers.csv_table import csv_table
from perfci.readers.source import Source
from tests.readers.tools.reading import read

SOURCE = Source(name="x.csv", data=b"")


def test_rows_have_the_lines_that_they_end_on_in_the_file() -> None:
    names, rows = csv_table(SOURCE, 'a,b\n\n1,2\n"3\n4",5,6\n7\n', above=10)
    assert names == ["a", "b"]
    assert list(rows) == [
        (13, {"a": "1", "b": "2"}),
        (15, {"a": "3\n4", "b": "5"}),
        (16, {"a": "7"}),
    ]


def test_nothing_has_no_columns_and_no_rows() -> None:
    names, rows = csv_table(SOURCE, "")
    assert (names, list(rows)) == ([], [])


@pytest.mark.parametrize("as_", ["custom-csv", "google-benchmark-csv", "hyperfine-csv"])
def test_a_cell_without_an_end_is_named_by_its_line(as_: str) -> None:
    head = {
        "custom-csv": "name,metric,unit,value",
        "google-benchmark-csv": "name,iterations,real_time,cpu_time,time_unit",
        "hyperfine-csv": "command,mean,stddev,median,user,system,min,max",
    }[as_]
    with pytest.raises(FormatError, match=r"^results, line 2: field larger"):
        read(f'{head}\n"{"a" * 200_000}'.encode(), as_)
