"""What the units of Go's benchmarks measure."""

import re
from collections.abc import Mapping
from dataclasses import replace

from perfci.model.metric import Assumption, Better, Metric
from perfci.readers.metrics import ALLOCATED, ALLOCATIONS, BANDWIDTH, LATENCY
from perfci.readers.quantity import Quantity, quantity

_KNOWN = {
    "ns/op": (1e-9, LATENCY),
    "sec/op": (1.0, LATENCY),
    "B/op": (1.0, ALLOCATED),
    "allocs/op": (1.0, ALLOCATIONS),
    "MB/s": (1e6, BANDWIDTH),
}


def go_quantity(unit: str, said: Mapping[str, str]) -> Quantity:
    """Return what a unit is: of Go itself, or of `ReportMetric`, as in `p99-ns` or `hits/s`.

    Args:
        unit: as printed.
        said: what a `Unit` line says of it: `better`, `assume`.
    """
    if unit in _KNOWN:
        factor, metric = _KNOWN[unit]
        return Quantity(factor=factor, metric=_as_said(metric, said))
    better = {"higher": Better.HIGHER, "lower": Better.LOWER}.get(said.get("better", ""))
    name = re.sub(r"[^\w.%-]+", "_", unit)[:60]
    found = quantity(unit.rpartition("-")[2], name=name, better=better)
    return replace(found, metric=_as_said(found.metric, said))


def _as_said(metric: Metric, said: Mapping[str, str]) -> Metric:
    exact = said.get("assume") == "exact"
    return replace(metric, assumption=Assumption.EXACT) if exact else metric
