"""The key that a glob which means nothing was meant to be, also one as its tool prints it."""

import re
from collections import Counter
from collections.abc import Collection

from perfci.gate.match import matches
from perfci.model.nearest import nearest

_WORD = re.compile(r"\w+")
_PARAMETER = re.compile(r"(?<=[\[,])[^=\[\],]*=")
"""The name of a parameter within a key, which many tools do not print."""
_METRICS = {
    "ns/op": "latency",
    "sec/op": "latency",
    "B/op": "allocated",
    "allocs/op": "allocations",
    "MB/s": "bandwidth",
}
"""Metrics of ours by what Go prints behind their values."""


def nearest_key(glob: str, keys: Collection[str], *, alike: float = 0.4) -> str:
    """Return what may have been meant: `; did you mean unit/test_dump[n=1000]?`.

    Args:
        glob: means none of the keys.
        keys: of series.
        alike: how much of two names has to be the same, 0 to 1, where their words are not.
    """
    before, _, printed = glob.rpartition(":")
    ours = f"{before}:{_METRICS.get(printed, printed)}"
    if printed in _METRICS and any(matches(ours, key) for key in keys):
        return f"; did you mean {ours}?"
    benchmarks = {key.rpartition(":")[0] for key in keys}
    found = _of_the_same_words(glob, benchmarks) or _of_the_same_words(glob, keys)
    if found:
        return f"; did you mean {found}?"
    metric = ":" in glob.replace("::", "")
    return nearest(glob, keys if metric else benchmarks, alike=alike)


def _of_the_same_words(glob: str, names: Collection[str]) -> str:
    """Return the name that has all words of a glob, and the fewest more; empty where none has.

    A tool prints no suite, often no package, and parameters without their names or in another
    order; it does print the last word of a benchmark's name, and each value.
    """
    words = Counter(_WORD.findall(glob))
    found = [
        (extra, name)
        for name in names
        if words and all(word in name for word in words)
        for extra in (_more_words(words, name), _more_words(words, _PARAMETER.sub("", name)))
        if extra is not None
    ]
    return min(found)[1] if found else ""


def _more_words(words: Counter[str], name: str) -> int | None:
    """Return how many words a name has more; None where it lacks one, or one that counts is more.

    Args:
        words: of the glob.
        name: key, with the names of its parameters or without.
    """
    own = Counter(_WORD.findall(name))
    called, _, values = name.partition("[")
    needed = [*_WORD.findall(called)[-1:], *_WORD.findall(values)]
    if not words <= own or not Counter(needed) <= words:
        return None
    return (own - words).total()
