"""The values of one benchmark as JSON has them: all of them, or their middle and their tail."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfci.model.metric import Metric
from perfci.readers.json_tree import Node, number_in
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Found, Level, Params


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """How a tool names what it knows of the values of a benchmark."""

    metric: Metric = LATENCY
    factor: float
    """Base units in one of the tool's."""
    raw: str = ""
    """Of all values, rounds of one process; empty where the tool keeps none."""
    freedom: str = ""
    """Of the degrees of freedom, one less than there were values: scripts that put a file together
    keep some of sorted values, and the fastest few are no sample."""
    middle: tuple[str, ...]
    """Of the median and, after it, of the mean: the first that is there is taken."""
    tails: Mapping[Metric, str] = field(default_factory=dict)
    """Of percentiles."""

    def of(self, name: str, stats: Node, params: Params = ()) -> tuple[Found, ...]:
        """Return the series of a benchmark; none where the file has no value of it.

        Args:
            name: of the benchmark.
            stats: what has the values.
            params: of the benchmark.

        Raises:
            FormatError: what is there is no number.
        """
        given, factor = stats.plain_object(), self.factor
        raw = stats.get(self.raw).numbers() if self.raw else ()
        if raw:
            freedom = number_in(given.get(self.freedom)) if self.freedom else None
            if freedom is None or freedom == len(raw) - 1:
                values = tuple([value * factor for value in raw])
                return (_found(name, params, self.metric, values, Level.ITERATION),)
        middle = next((key for key in self.middle if given.get(key) is not None), "")
        found = []
        for metric, key in ((self.metric, middle), *self.tails.items()):
            value = given.get(key)
            if value is not None:
                number = value if type(value) is float else stats.get(key).number()
                found.append(_found(name, params, metric, (number * factor,), Level.NONE))
        return tuple(found)


def _found(
    name: str, params: Params, metric: Metric, values: tuple[float, ...], level: Level
) -> Found:
    return Found(name=name, params=params, metric=metric, launches=(values,), level=level)
