"""Whether a glob means a configured benchmark, as far as that is known before measuring."""

from perfci.gate.match import matches, may_begin
from perfci.model.benchmark import Benchmark
from perfci.model.work import Read


def means(glob: str, benchmark: Benchmark) -> bool:
    """Tell whether a glob means a series of a benchmark.

    Of a tool it is not known yet what it measures: there the suite decides.
    """
    if isinstance(benchmark.work, Read):
        return may_begin(glob, f"{benchmark.id.suite}/")
    return any(matches(glob, benchmark.id.series(metric.name)) for metric in benchmark.metrics)
