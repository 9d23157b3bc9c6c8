"""The units that other tools write, and what perfci calls such a quantity."""

from dataclasses import dataclass
from functools import lru_cache

from perfci.model.metric import Better, Metric
from perfci.model.text import printable

_TIME = {
    "ps": 1e-12,
    "ns": 1e-9,
    "nanoseconds": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "microseconds": 1e-6,
    "ms": 1e-3,
    "milliseconds": 1e-3,
    "s": 1.0,
    "sec": 1.0,
    "secs": 1.0,
    "second": 1.0,
    "seconds": 1.0,
}
_SIZE = {
    "b": 1.0,
    "byte": 1.0,
    "bytes": 1.0,
    "kb": 1e3,
    "mb": 1e6,
    "gb": 1e9,
    "kib": 2.0**10,
    "mib": 2.0**20,
    "gib": 2.0**30,
}
_PER_SECOND = {"s", "sec", "second", "seconds"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a number in some unit is."""

    factor: float
    """Base units in one of its units."""
    metric: Metric


@lru_cache(maxsize=256)
def quantity(unit: str, *, name: str = "", better: Better | None = None) -> Quantity:
    """Return what a unit says: `ns/iter` is a latency, `iter/sec` a throughput.

    A unit of time or of events a second tells which way is better; what the tool says otherwise is
    only heard where the unit does not.

    Args:
        unit: as the tool writes it: `ns/op`, `B/op`, `ops/s`, `nanoseconds (ns)`.
        name: of the metric, where the tool has one; else it follows from the unit.
        better: what the tool says of the direction; None: nothing.
    """
    text = without_note(unit)
    over, _, under = (part.strip().lower() for part in text.partition("/"))
    time, size = _TIME.get(over), _SIZE.get(over)
    if under in _PER_SECOND:
        base = "1/s" if size is None else "B/s"
        metric = Metric(name=name or "throughput", unit=base, better=Better.HIGHER)
        return Quantity(factor=size or 1.0, metric=metric)
    if time is not None:
        metric = Metric(name=name or "latency", unit="s", better=Better.LOWER)
        return Quantity(factor=time, metric=metric)
    if size is not None:
        metric = Metric(name=name or "size", unit="B", better=better or Better.LOWER)
        return Quantity(factor=size, metric=metric)
    metric = Metric(
        name=name or "value",
        unit=printable(text, limit=40) or "count",
        better=better or Better.LOWER,
    )
    return Quantity(factor=1.0, metric=metric)


def without_note(unit: str) -> str:
    """Return a unit without what stands in brackets behind it: `nanoseconds (ns)`."""
    text = unit.strip()
    before, bracket, note = text.removesuffix(")").rpartition("(")
    noted = text.endswith(")") and bracket and ")" not in note
    return (before.rstrip() if noted else text) or text
