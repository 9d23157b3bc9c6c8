"""The parts of asv's results that a run and a history are both read from."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product
from typing import Any

from perfci.model.metric import Better
from perfci.readers.metrics import MEMORY
from perfci.readers.quantity import Quantity, quantity

_UNITS = {"time": "seconds", "timeraw": "seconds", "mem": "bytes", "peakmem": "bytes"}
_PEAKS = {"peakmem", "peakmemory"}
_COMBINATIONS = 100_000


def columns(document: Mapping[str, Any], result: Any) -> Mapping[str, Any]:
    """Return one benchmark's result by its columns, whatever the version of the file.

    Args:
        document: the file's root, whose `result_columns` name them since version 2.
        result: a list since then; an object or a bare number before.
    """
    names = document.get("result_columns")
    if type(result) is list and type(names) is list:
        return {name: it for name, it in zip(names, result, strict=False) if type(name) is str}
    return result if type(result) is dict else {"result": result}


def combinations(
    result: Mapping[str, Any], benchmark: Any
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield names and values of the parameters of each value, the last running fastest.

    Args:
        result: by its columns.
        benchmark: what `benchmarks.json` says of it, where it is there: else `p1`, `p2`.
    """
    axes = result.get("params")
    axes = [axis for axis in axes if type(axis) is list] if type(axes) is list else []
    names = benchmark.get("param_names") if type(benchmark) is dict else None
    names = names if type(names) is list else []
    called = [
        names[place] if place < len(names) and type(names[place]) is str else f"p{place + 1}"
        for place in range(len(axes))
    ]
    for values in islice(product(*axes), _COMBINATIONS):
        yield tuple((name, str(value)) for name, value in zip(called, values, strict=True))


def what_of(name: str, benchmark: Any) -> Quantity:
    """Return what a benchmark measures; to asv less of it is better, whatever it is.

    Args:
        name: dotted, whose last part begins with the kind.
        benchmark: what `benchmarks.json` says of it, where it is there.
    """
    told = benchmark if type(benchmark) is dict else {}
    kind, unit = told.get("type"), told.get("unit")
    begins = name.rpartition(".")[2].partition("_")[0]
    unit = unit if type(unit) is str and unit else _UNITS.get(begins, "")
    what = quantity("" if unit == "unit" else unit, better=Better.LOWER)
    peak = kind in _PEAKS if type(kind) is str else begins in _PEAKS
    return replace(what, metric=MEMORY) if peak and what.metric.unit == MEMORY.unit else what
