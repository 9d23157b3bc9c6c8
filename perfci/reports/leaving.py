"""Head's values in the forms that other tools take, so that leaving is as easy as coming."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from perfci.model.metric import Better
from perfci.reports.openmetrics import openmetrics
from perfci.reports.values import Value

_NANOSECONDS = 1e9
_SLUG = 64
"""Characters of a measure's name at Bencher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file for another tool."""

    text: str
    left: int = 0
    """Series that this form has no place for: their metrics are better in the other direction."""


def _custom(better: Better) -> Callable[[Sequence[Value]], Written]:
    """Return the writer of github-action-benchmark's own JSON, which has one direction a file."""

    def write(values: Sequence[Value]) -> Written:
        taken = [it for it in values if it.metric.better is better]
        entries = [_custom_entry(it) for it in taken]
        return Written(text=_json(entries), left=len(values) - len(taken))

    return write


def _custom_entry(of: Value) -> dict[str, object]:
    entry: dict[str, object] = {"name": of.name, "unit": of.metric.unit or "1", "value": of.value}
    if of.low is not None and of.high is not None:
        entry["range"] = f"± {(of.high - of.low) / 2:.6g}"
    return entry | {"extra": f"{of.launches} launch{'' if of.launches == 1 else 'es'}"}


def _bmf(values: Sequence[Value]) -> Written:
    """Write Bencher Metric Format; its measures of time are in nanoseconds."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for it in values:
        factor = _NANOSECONDS if it.metric.unit == "s" else 1.0
        entry = {"value": it.value * factor}
        if it.low is not None and it.high is not None:
            entry |= {"lower_value": it.low * factor, "upper_value": it.high * factor}
        slug = it.metric.name.replace("_", "-")[:_SLUG]
        benchmark = it.name.removesuffix(f":{it.metric.name}")
        found.setdefault(benchmark, {})[slug] = entry
    return Written(text=_json(found))


def _csv(values: Sequence[Value]) -> Written:
    """Write perfci's own CSV, one row a series, in base units."""
    lines = io.StringIO()
    names = sorted({name for it in values for name, _ in it.id.params})
    columns = ("name", "metric", "unit", "value", "better", *(f"param.{name}" for name in names))
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(columns)
    for it in values:
        params = dict(it.id.params)
        named = map(_cell, (f"{it.id.suite}/{it.id.name}", it.metric.name, it.metric.unit))
        cells = (_cell(params.get(name, "")) for name in names)
        writer.writerow((*named, it.value, it.metric.better.value, *cells))
    return Written(text=lines.getvalue())


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


FORMS: Mapping[str, Callable[[Sequence[Value]], Written]] = {
    "customSmallerIsBetter": _custom(Better.LOWER),
    "customBiggerIsBetter": _custom(Better.HIGHER),
    "bmf": _bmf,
    "openmetrics": lambda values: Written(text=openmetrics(values)),
    "csv": _csv,
}
"""What writes each form, by the name that `perfci report --as` knows it under."""
