"""Names of other tools' benchmarks to ours: harmless, and keys that can be taken apart again."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from perfci.model.identity import BenchmarkId
from perfci.model.metric import Metric
from perfci.model.text import printable

_LONGEST = 300
_UNIT = 40
_VALUE = str.maketrans({"[": "(", "]": ")", ",": ";", "=": ":"})
"""What would end a parameter within a key, and what stands for it there."""


def identity(suite: str, name: str, params: Iterable[tuple[str, str]] = ()) -> BenchmarkId:
    """Return the benchmark that a tool calls so.

    What stands in brackets at the end of a name without parameters, as of pytest's, becomes the
    parameter `case`.

    Args:
        suite: of ours, already harmless.
        name: of the tool; hostile text.
        params: names and values; hostile text.
    """
    given = [(_parameter(key), _inside(value)) for key, value in params]
    name = _clean(name)
    if name.endswith("]") and "[" in name[1:] and not given:
        at = name.index("[", 1)
        given = [("case", _inside(name[at + 1 : -1]))]
        name = name[:at].rstrip() or "unnamed"
    if given or name.endswith("]"):  # only parameters stand in brackets
        name = name.replace("[", "(").replace("]", ")")
    ordered = tuple(sorted(dict(given).items()) if len(given) > 1 else given)
    return BenchmarkId(suite=suite, name=name, params=ordered)


@lru_cache(maxsize=256)
def harmless(metric: Metric) -> Metric:
    """Return a metric whose name and unit may have come from a file, in one that ends a key."""
    name = _clean(metric.name).replace(":", "-")
    unit = printable(metric.unit, limit=_UNIT)
    if (name, unit) == (metric.name, metric.unit):
        return metric
    return replace(metric, name=name, unit=unit)


@lru_cache(maxsize=64)
def _parameter(name: str) -> str:
    """Return a parameter's name as it stands in a key: a file has few, time and again."""
    return _inside(name)


def _inside(text: str) -> str:
    if text.isalnum() and text.isascii() and len(text) <= _LONGEST:
        return text  # as most are
    return _clean(text).translate(_VALUE)


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable() and 0 < len(text) <= _LONGEST:
        # as most are: a file may hold ten thousand
        return " ".join(text.split()) or "unnamed" if " " in text else text
    # what was stripped may have stood between two blanks
    return " ".join(printable(text, limit=_LONGEST).split()) or "unnamed"
