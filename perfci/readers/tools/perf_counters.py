"""The events that perf stat counts, as metrics."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfci.model.metric import Better, Metric
from perfci.model.text import printable
from perfci.readers.metrics import CPU_TIME, LATENCY
from perfci.readers.quantity import quantity
from perfci.readers.reading import Found, Level
from perfci.readers.tools.single import some

_SCHEDULER = {"context-switches", "cs", "cpu-migrations", "migrations"}
"""What the rest of the machine brings about."""
_CLOCKS = {"task-clock": CPU_TIME, "cpu-clock": CPU_TIME, "duration_time": LATENCY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One event of one run."""

    name: str
    """Of what was run."""
    event: str
    unit: str = ""
    """As perf writes it; empty for a count, and for nanoseconds of a clock."""
    value: float | None
    """None where it was not counted or is not supported."""
    mean: bool = False
    """Whether it is a mean of several runs."""


def series(counters: list[Counter]) -> Iterator[Found]:
    """Yield what was counted, but for what only tells of the scheduler."""
    for counter in counters:
        if counter.value is None or plain(counter.event) in _SCHEDULER:
            continue
        metric, factor = _metric(counter)
        yield Found(
            name=counter.name,
            metric=metric,
            launches=((counter.value * factor,),),
            level=Level.NONE if counter.mean else Level.PROCESS,
        )


def missing(counters: list[Counter]) -> tuple[str, ...]:
    """Say which events were not counted."""
    events = list(dict.fromkeys(each.event for each in counters if each.value is None))
    return (f"events that were not counted are left out: {some(events)}",) if events else ()


def plain(event: str) -> str:
    """Return an event without what chooses its level of privilege: `cycles` for `cycles:u`."""
    return event.partition(":")[0]


def _metric(counter: Counter) -> tuple[Metric, float]:
    clock = _CLOCKS.get(plain(counter.event))
    if clock:
        return clock, quantity(_unit(counter.unit) or "ns").factor
    name = re.sub(r"[\s:/=,]+", "_", printable(counter.event, limit=80)).strip("_") or "event"
    if counter.unit:
        told = quantity(_unit(counter.unit), name=name)
        return told.metric, told.factor
    # counts of a real processor differ from run to run: never the exact metric of a simulated one
    return Metric(name=name, unit="count", better=Better.LOWER), 1.0


def _unit(text: str) -> str:
    return {"msec": "ms", "usec": "us"}.get(text, text)
