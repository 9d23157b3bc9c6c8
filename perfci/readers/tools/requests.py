"""The requests of a load test one by one: how long those took that succeeded, how many failed.

All of one name are the values of one process. A tool that counts whole milliseconds calls a fast
request 0 ms, which no ratio can be made of: where that happens, the mean stands for the values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from perfci.readers.metrics import ERROR_RATE, LATENCY
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.tools.single import single, some


@dataclass(slots=True)
class _Kind:
    times: list[float] = field(default_factory=list)
    failed: int = 0
    reason: str = ""


@dataclass(slots=True)
class Requests:
    """All requests of a file, by their names."""

    kinds: dict[str, _Kind] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self.kinds)

    def add(self, name: str, seconds: float, failure: str | None = None) -> None:
        """Add one.

        Args:
            name: of its kind.
            seconds: that it took.
            failure: why it failed, perhaps in no words; None where it did not.
        """
        kind = self.kinds.get(name)
        if kind is None:
            kind = self.kinds[name] = _Kind()
        if failure is None:
            kind.times.append(seconds)
        else:
            kind.failed += 1
            kind.reason = kind.reason or failure

    def reading(self, started_at: datetime | None = None) -> Reading:
        """Return latency and error rate of every kind, failed where none succeeded."""
        short = [name for name, kind in self.kinds.items() if _too_short(kind.times)]
        return Reading(
            found=tuple(found for name, kind in self.kinds.items() for found in _found(name, kind)),
            broken=tuple(
                Broken(
                    name=name,
                    reason=always_failed(kind.failed, kind.reason),
                    metrics=(LATENCY, ERROR_RATE),
                )
                for name, kind in self.kinds.items()
                if not kind.times
            ),
            started_at=started_at,
            left=(f"some requests took 0 ms, so the mean stands for all: {some(short)}",)
            if short
            else (),
        )


def always_failed(count: float, reason: str) -> str:
    """Return the reason of a benchmark none of whose requests succeeded."""
    return f"all {count:.0f} requests failed{f', first with: {reason}' if reason else ''}"


def _too_short(times: list[float]) -> bool:
    return min(times, default=1.0) <= 0.0 < max(times, default=0.0)


def _found(name: str, kind: _Kind) -> Iterator[Found]:
    times = kind.times
    if not times:
        return
    if _too_short(times):
        yield single(name, LATENCY, sum(times) / len(times))
    else:
        yield Found(name=name, metric=LATENCY, launches=(tuple(times),), level=Level.ITERATION)
    yield single(name, ERROR_RATE, kind.failed / (kind.failed + len(times)))
