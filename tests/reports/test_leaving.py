"""Values for other tools: nothing in them does anything where they are opened."""

import csv

from perfci.model.identity import BenchmarkId
from perfci.model.metric import Better, Metric
from perfci.reports.leaving import FORMS
from perfci.reports.values import Value


def test_no_cell_of_the_csv_is_a_formula() -> None:
    value = Value(
        id=BenchmarkId(suite="=2+5", name="a", params=(("p", "@SUM(1)"),)),
        metric=Metric(name="+cmd", unit="-1", better=Better.LOWER),
        value=3.0,
        launches=1,
    )
    (row,) = csv.DictReader(FORMS["csv"]([value]).text.splitlines())
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    assert row["value"] == "3.0"
