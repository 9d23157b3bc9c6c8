"""The two trees that the collector measures: base, and a head that does more units of work."""

from pathlib import Path

from benchmarks.noise import workloads
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from perfci.model.metric import Better, Metric
from perfci.model.work import Command, Function, Work
from perfci.ports import Places

LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)
COMMAND = "command"
"""The one workload that is a program of its own; the others are callables."""
WORKLOADS = (*workloads.WORK, COMMAND)
PERCENT = (0, 2, 5, 10, 25)
"""True slowdowns of head; 0 is the same code twice."""

_COUNT = """\
units=$(({units} + grows * $1))
left=$((units * 400))
while [ $left -gt 0 ]; do left=$((left - 1)); done
"""


def make_sides(folder: Path) -> Places:
    """Write both trees below an empty folder.

    The command starts its shell beside its units: of its time, a per cent or two never grows.
    """
    source = Path(workloads.__file__).read_text()
    roots = {side: folder / side for side in Side}
    for side, root in roots.items():
        root.mkdir()
        grows = side is Side.HEAD
        own = source.replace("\nGROWS = False\n", f"\nGROWS = {grows}\n")
        (root / "workloads.py").write_text(own)
        count = f"grows={grows:d}\n" + _COUNT.format(units=workloads.UNITS)
        (root / "count.sh").write_text(count)
    checkout = folder / "checkout"
    checkout.mkdir()
    return Places(roots=roots, checkout=checkout, definitions=roots[Side.HEAD])


def benchmark(workload: str, percent: int) -> Benchmark:
    """Return a workload with its true slowdown as perfci's runners take it."""
    work: Work = Function(
        target="workloads:work", arguments=(("name", workload), ("percent", percent))
    )
    if workload == COMMAND:
        work = Command(argv=("/bin/sh", "count.sh", str(percent)))
    return Benchmark(
        id=BenchmarkId(suite="noise", name=workload, params=(("percent", str(percent)),)),
        work=work,
        metrics=(LATENCY,),
        timeout=60.0,
        warmup=1,
    )
