"""What of Valgrind's tools is read: their counts repeat, and most of them follow from a few.

Of Callgrind and Cachegrind these are the instructions and the estimated cycles, which weigh every
access to cache and memory. Hits, totals and rates follow from other counts, and hits fall where a
program does less. Single events, such as `D1mr`, are read where they are all that was asked for:
a miss more of six says nothing that the cycles do not say. Of DHAT it is what was allocated in
all and at the peak, of Memcheck, Helgrind and DRD the number of errors.
"""

from collections.abc import Iterator, Mapping

from perfci.model.metric import Assumption, Better, Metric
from perfci.readers.metrics import ALLOCATED, ALLOCATIONS, INSTRUCTIONS, MEMORY, exact
from perfci.readers.reading import Found, Level, Params

_MAIN = {"Ir": INSTRUCTIONS, "EstimatedCycles": exact("estimated_cycles")}
_HEAP = {
    "TotalBytes": exact(ALLOCATED.name, unit="B"),
    "TotalBlocks": exact(ALLOCATIONS.name),
    "AtTGmaxBytes": exact(MEMORY.name, unit="B"),
}
_EVENTS = {
    name: exact(name.lower())
    for name in (
        "Dr",
        "Dw",
        "I1mr",
        "D1mr",
        "D1mw",
        "ILmr",
        "DLmr",
        "DLmw",
        "Bc",
        "Bcm",
        "Bi",
        "Bim",
    )
}
READ = frozenset((*_MAIN, *_HEAP, *_EVENTS, "Errors"))
"""Every event that is read of any tool."""
_COUNTING = {"callgrind", "cachegrind"}


def counts(name: str, params: Params, tool: str, values: Mapping[str, float]) -> Iterator[Found]:
    """Yield what one of the tools found: a process is a launch.

    Args:
        name: of the benchmark.
        params: of the benchmark.
        tool: as Valgrind calls it, in any case.
        values: by the name of the event, as in gungraun's JSON.
    """
    for metric, value in _metrics(tool.lower(), values):
        yield Found(
            name=name, params=params, metric=metric, launches=((value,),), level=Level.PROCESS
        )


def _metrics(tool: str, values: Mapping[str, float]) -> Iterator[tuple[Metric, float]]:
    if tool in _COUNTING:
        wanted = _MAIN if _MAIN.keys() & values.keys() else _EVENTS
    elif tool == "dhat":
        wanted = _HEAP
    else:
        wanted = {"Errors": _errors(tool)}
    for event, metric in wanted.items():
        if event in values:
            yield metric, values[event]


def _errors(tool: str) -> Metric:
    return Metric(
        name=f"{tool}_errors",
        unit="count",
        better=Better.LOWER,
        assumption=Assumption.EXACT,
        absolute=True,
    )
