"""Whether a benchmark did the same work on both sides, and in every launch.

A head that leaves its work out is fast: without a look at what came out, that is an improvement.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.model.work import Function

if TYPE_CHECKING:
    from perfci.model.identity import BenchmarkId

_SHOWN = 6
"""Characters of a checksum that are told; more only where so many are alike."""
_RETURN = "return only what must stay the same"
_PRINT = (
    "print a checksum of what must stay the same, and name how that line begins:"
    ' `checksum: "digest:"`'
)


@dataclass(slots=True, kw_only=True)
class Checksums:
    """What was put out so far, by benchmark and side; grows with the run."""

    _known: dict[tuple["BenchmarkId", Side], str] = field(default_factory=dict)

    def check(self, benchmark: Benchmark, found: Mapping[Side, AbstractSet[str]]) -> None:
        """Take up one launch's checksums.

        Args:
            benchmark: whose they are.
            found: by side, as `LaunchReport` has them; empty where none is asked for.

        Raises:
            MeasurementError: they differ from launch to launch, or between the sides.
        """
        paired = len(found) > 1
        for side, each in found.items():
            known = self._known.setdefault((benchmark.id, side), min(each))
            if each != {known}:
                raise _unsteady(benchmark, side, paired=paired)
        if paired and found[Side.BASE] != found[Side.HEAD]:
            raise _different(benchmark, min(found[Side.BASE]), min(found[Side.HEAD]))


def looked_at_again(
    found: Mapping[Side, AbstractSet[str]], again: Callable[[Side], str]
) -> dict[Side, frozenset[str]]:
    """Return a launch's checksums, with one more of each side where the sides differ.

    Output that differs every time says nothing of the work: the second look tells the two apart.

    Args:
        found: by side.
        again: does the work of a side once more, and returns its checksum.
    """
    once = {side: frozenset(each) for side, each in found.items()}
    if len(set(once.values())) < 2:
        return once
    return {side: each | {again(side)} for side, each in once.items()}


def _unsteady(benchmark: Benchmark, side: Side, *, paired: bool) -> MeasurementError:
    name, what = printable(str(benchmark.id)), _what(benchmark)
    where = f" on {side}" if paired else ""
    return MeasurementError(
        f"{name}: {what} differs from launch to launch{where}: its checksum cannot tell whether"
        " the work is the same",
        hint=f"leave out of {what} what changes by itself: times, random numbers, the order of a"
        f" set; or {_way_out(benchmark)}; or take `checksum` out",
        side=side,
    )


def _different(benchmark: Benchmark, base: str, head: str) -> MeasurementError:
    name, what = printable(str(benchmark.id)), _what(benchmark)
    shown = _SHOWN if base[:_SHOWN] != head[:_SHOWN] else None
    return MeasurementError(
        f"{name} did different work on the two sides: the checksum of {what} is"
        f" {base[:shown]}... on base and {head[:shown]}... on head",
        hint=f"if that is meant, take `checksum` out in this change, or {_way_out(benchmark)}; if"
        " not, head's speed is that of other work",
        side=Side.HEAD,
    )


def _what(benchmark: Benchmark) -> str:
    return "what it returns" if isinstance(benchmark.work, Function) else "its output"


def _way_out(benchmark: Benchmark) -> str:
    return _RETURN if isinstance(benchmark.work, Function) else _PRINT
