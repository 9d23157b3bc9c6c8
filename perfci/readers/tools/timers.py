"""Times that a program printed under names of its own."""

from collections.abc import Mapping, Sequence

from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Found, Level


def timed(seconds: Mapping[str, Sequence[float]]) -> tuple[Found, ...]:
    """Return a series for each name; what came more than once are rounds of one process."""
    return tuple(
        Found(
            name=name,
            metric=LATENCY,
            launches=(tuple(times),),
            level=Level.ITERATION if len(times) > 1 else Level.NONE,
        )
        for name, times in seconds.items()
    )
