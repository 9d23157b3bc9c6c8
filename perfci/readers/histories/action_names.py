"""Values of github-action-benchmark, under the names that perfci's readers of the tools give them.

Of a name in parts the action makes one text: `BenchmarkX (package) - B/op`, `a.B.c ( {"n":"1"} )`.
"""

import re
from collections.abc import Container
from dataclasses import dataclass

from pydantic_core import from_json

from perfci.model.metric import Better
from perfci.readers.metrics import LATENCY
from perfci.readers.quantity import Quantity, quantity
from perfci.readers.reading import Params
from perfci.readers.tools.go_names import full_name, with_params
from perfci.readers.tools.go_units import go_quantity
from perfci.readers.tools.google_rows import called

_BIGGER = {"benchmarkjs", "customBiggerIsBetter"}
_GO = re.compile(r"(\S+)(?: \((\S+)\))?")
_JMH = re.compile(r"(\S+) \( (\{.*\}) \)")
_RATE = "iter/sec"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What one value is of."""

    name: str
    params: Params = ()
    what: Quantity
    inverse: bool = False
    """Whether 1 by the value is of this quantity."""


def named_by(tool: str, name: str, unit: str, beside: Container[str]) -> Named | None:
    """Return what a value is of; None where another one of its run says the same.

    Args:
        tool: as the action calls it: `go`, `pytest`.
        name: as it shows it; hostile text.
        unit: likewise.
        beside: the names of all values of the run.
    """
    if tool == "go":
        return _of_go(name, unit, beside)
    if tool == "pytest" and unit == _RATE:
        return Named(name=name, what=Quantity(factor=1.0, metric=LATENCY), inverse=True)
    params: Params = ()
    if tool == "jmh":
        name, params = _of_jmh(name)
    elif tool == "googlecpp":
        name, params = called(name)
    better = Better.HIGHER if tool in _BIGGER else Better.LOWER
    return Named(name=name, params=params, what=quantity(unit, better=better))


def _of_go(name: str, unit: str, beside: Container[str]) -> Named | None:
    # of a line with several units the first stands there twice: once with all the others behind it
    first = (unit.split() or [""])[0]
    if first != unit and f"{name} - {first}" in beside:
        return None
    whole = name.removesuffix(f" - {first}")
    if first == "MB/s" and f"{whole} - ns/op" in beside:
        return None
    found = _GO.fullmatch(whole)
    printed, params = with_params(full_name(found[2] or "", found[1]) if found else whole)
    return Named(name=printed, params=params, what=go_quantity(first, {}))


def _of_jmh(name: str) -> tuple[str, Params]:
    found = _JMH.fullmatch(name)
    try:
        params = from_json(found[2]) if found else {}
    except ValueError:
        params = {}
    if found is None or not params or any(type(value) is not str for value in params.values()):
        return name, ()
    return found[1], tuple(params.items())
