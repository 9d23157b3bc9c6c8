"""BenchmarkTools.jl: JSON of `BenchmarkTools.save`, with the samples of each trial.

All samples of a trial come from one process, and so make one launch; an estimate, as of `median`,
has one number. Names of groups are joined by slashes. Bytes and allocations of one execution are
read where the file has them; the time of garbage collection is part of the time, and left out.
"""

from collections.abc import Iterator

from perfci.readers.counts import count_of
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import ALLOCATED, ALLOCATIONS, LATENCY
from perfci.readers.reading import Found, Level, Machine, Reading
from perfci.readers.source import Source


def read_json(source: Source) -> Reading:
    """Read saved trials or estimates.

    Raises:
        FormatError: damaged, or no trial in it.
    """
    versions, *saved = json_of(source)
    found = tuple(item for them in saved for value in them for item in _measured(value, names=()))
    if not found:
        raise nothing_in(source, "trials")
    julia = versions.get("Julia").text()
    return Reading(found=found, machine=Machine(interpreter=f"Julia {julia}" if julia else ""))


def _measured(tagged: Node, names: tuple[str, ...]) -> Iterator[Found]:
    """Yield what stands in a pair of type and fields; groups hold more of them."""
    kind, fields = _pair(tagged)
    if kind == "BenchmarkGroup":
        for name, inside in fields.need("data").items():
            yield from _measured(inside, (*names, name.strip('"')))
    elif kind in {"Trial", "TrialEstimate"}:
        yield from _series("/".join(names) or "trial", kind, fields)


def _pair(tagged: Node) -> tuple[str, Node]:
    parts = list(tagged)
    if len(parts) != 2:
        raise tagged.wrong("a pair of a type and its fields")
    return parts[0].text(), parts[1]


def _series(name: str, kind: str, fields: Node) -> Iterator[Found]:
    raw = kind == "Trial"
    times = fields.need("times").numbers() if raw else (fields.need("time").number(),)
    params = next(reversed(list(fields.get("params"))), fields)
    evaluations = count_of(params.get("evals")) if raw else None
    yield Found(
        name=name,
        metric=LATENCY,
        launches=(tuple(time * 1e-9 for time in times),),
        level=Level.ITERATION if raw else Level.NONE,
        iterations=evaluations or 1,
    )
    for field, metric in (("memory", ALLOCATED), ("allocs", ALLOCATIONS)):
        value = fields.get(field).maybe()
        if value is not None:
            yield Found(name=name, metric=metric, launches=((value,),), level=Level.NONE)


FORMATS = (
    Format(
        name="benchmarktools-jl",
        describes="BenchmarkTools.jl: BenchmarkTools.save",
        proves=Proof.VALUES,
        marks=(r"\A\s*\[", r'"BenchmarkTools"\s*:', r'"(TrialEstimate|Trial)"'),
        parse=each(read_json),
    ),
)
