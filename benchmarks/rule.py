"""The rule's own work: comparing a whole suite."""

from functools import cache

from benchmarks.synthetic import recording
from perfci.model.comparison import Comparison
from perfci.model.revision import Mode
from perfci.stats.compare import compare
from perfci.stats.series import Design

_made = cache(recording)


def compare_suite(benchmarks: int) -> tuple[Comparison, ...]:
    """Compare a suite of this size from its stored launches."""
    made = _made(benchmarks)
    return compare(made.run, made.base_run, None, Design(mode=Mode.PAIRED))
