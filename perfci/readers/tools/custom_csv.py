"""perfci's own CSV for programs that measure by themselves: `docs/formats.md` describes it.

A row is a value. Rows of one benchmark and metric belong together: with a column `launch`, by what
stands in it, each being a fresh process; without, they are the values of one process.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from perfci.errors import FormatError
from perfci.model.metric import Metric
from perfci.model.text import printable
from perfci.readers.csv_table import Row, csv_table
from perfci.readers.custom_metric import UNITS_OF_SHARES, better_of, custom_quantity
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.quantity import Quantity
from perfci.readers.reading import Broken, Found, Level, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, number_at

_COLUMNS = ("name", "metric", "unit", "value", "launch", "better", "error")
_CALLED = {"test_name": "name", "metric_name": "metric", "direction": "better"}
_PARAM = "param."
_Key = tuple[str, Params, Metric]


@dataclass(slots=True, kw_only=True)
class _Series:
    name: str
    params: Params
    what: Quantity
    launches: dict[str, list[float]] = field(default_factory=dict)


def read(source: Source) -> Reading:
    """Read one file.

    Raises:
        FormatError: a column is not known, a row damaged, or there is none.
    """
    names, rows = csv_table(source, decoded(source.data), strict=True)
    columns = {name: _column(source, name) for name in names}
    for column, count in Counter(_column(source, name) for name in names).items():
        if count > 1:
            shown = printable(column, limit=60)
            raise FormatError(
                f"{source.name}, line 1: the column {shown!r} stands there twice",
                hint="Which of the two holds? Leave one out.",
            )
    for needed in ("name", "value"):
        if needed not in columns.values():
            raise FormatError(
                f"{source.name}, line 1: there is no column {needed!r}", hint=_column_names()
            )
    return _reading(
        source,
        ((at, {columns[name]: cell for name, cell in row.items()}) for at, row in rows),
        by_launch="launch" in columns.values(),
    )


def _column_names() -> str:
    return f"Columns are {', '.join(_COLUMNS)}, and {_PARAM}NAME for each parameter."


def _column(source: Source, name: str) -> str:
    name = name.strip()
    name = _CALLED.get(name, name)
    if name in _COLUMNS or (name.startswith(_PARAM) and name != _PARAM):
        return name
    raise FormatError(
        f"{source.name}, line 1: the column {printable(name, limit=60)!r} is not known",
        hint=_column_names(),
    )


def _reading(source: Source, rows: Iterable[tuple[int, Row]], *, by_launch: bool) -> Reading:
    several: dict[_Key, _Series] = {}
    broken: list[Broken] = []
    for line, row in rows:
        params = tuple(
            (column.removeprefix(_PARAM), cell)
            for column, cell in row.items()
            if column.startswith(_PARAM) and cell
        )
        if row.get("error"):
            broken.append(Broken(name=row.get("name", ""), params=params, reason=row["error"]))
            continue
        what = _what(source, line, row)
        value = number_at(source, line, row.get("value", "")) * what.factor
        series = several.setdefault(
            (row.get("name", ""), params, what.metric),
            _Series(name=row.get("name", ""), params=params, what=what),
        )
        series.launches.setdefault(row.get("launch", ""), []).append(value)
    if not several and not broken:
        raise nothing_in(source, "values")
    found = tuple(_found(series, by_launch=by_launch) for series in several.values())
    return Reading(found=found, broken=tuple(broken))


def _what(source: Source, line: int, row: dict[str, str]) -> Quantity:
    told = row.get("better", "")
    try:
        better = better_of(told) if told else None
    except KeyError:
        raise FormatError(
            f"{source.name}, line {line}: {printable(told, limit=60)!r} is no direction",
            hint="It is lower or higher, or empty.",
        ) from None
    try:
        return custom_quantity(row.get("metric", ""), row.get("unit", ""), better)
    except ValueError as error:
        where = f"{source.name}, line {line}"
        raise FormatError(f"{where}: {error}", hint=UNITS_OF_SHARES) from None


def _found(series: _Series, *, by_launch: bool) -> Found:
    launches = tuple(map(tuple, series.launches.values()))
    one = len(launches[0]) == 1
    level = Level.PROCESS if by_launch else Level.NONE if one else Level.ITERATION
    return Found(
        name=series.name,
        params=series.params,
        metric=series.what.metric,
        launches=launches,
        level=level,
    )


FORMATS = (
    Format(
        name="custom-csv",
        describes="CSV of your own: name,metric,unit,value[,launch][,better][,error][,param.NAME]",
        proves=Proof.LAUNCHES,
        marks=(
            r'\A\s*"?(test_)?name"?,"?metric(_name)?"?,',
            r',"?unit"?,"?value"?(,|$)',
        ),
        parse=each(read),
    ),
)
