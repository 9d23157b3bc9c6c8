"""Series of which a tool tells one number a run, and what becomes of several runs in one file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfci.model.metric import Metric
from perfci.readers.metrics import LATENCY, percentile
from perfci.readers.reading import Found, Level, Params


def single(name: str, metric: Metric, value: float, params: Params = ()) -> Found:
    """Return a series of one number, a mean or a percentile, in the metric's unit."""
    return Found(name=name, params=params, metric=metric, launches=((value,),), level=Level.NONE)


def latency_at(share: float) -> Metric:
    """Return the metric of a percentile of latency; that of 50 stands for all of it."""
    return LATENCY if share == 50 else percentile(LATENCY, share)


def some(names: Sequence[str]) -> str:
    """Return the first of at least one name, and how many more there are."""
    others = len(set(names)) - 1
    return f"{names[0]} and {others} more" if others else names[0]


def run_again(found: Iterable[Found], *, nameless: str = "") -> tuple[Found, ...]:
    """Make what comes again under one name the launches of one series.

    Where the tool or a heading names what was measured, the same name is the same work, done again
    by a fresh process whose output was appended.

    Args:
        found: in the order of the file.
        nameless: the name of what has none, and so may be different work each time.
    """
    series: dict[tuple[object, ...], list[Found]] = {}
    for number, item in enumerate(found):
        key: tuple[object, ...] = (item.name, tuple(sorted(item.params)), item.metric.name)
        if item.name == nameless:
            key = (number,)
        series.setdefault(key, []).append(item)
    return tuple(_one(runs) for runs in series.values())


def _one(runs: list[Found]) -> Found:
    if len(runs) == 1:
        return runs[0]
    launches = tuple(launch for run in runs for launch in run.launches)
    return replace(runs[0], launches=launches, level=Level.PROCESS)
