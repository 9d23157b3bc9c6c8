"""What the rule's own work costs: a whole suite decided step by step, in a process of its own.

    python -m benchmarks.noise.cost [BENCHMARKS]

Making the launches is not counted; every call by which the loop asks the rule is.
"""

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.noise.follow import PAIRED
from benchmarks.noise.synthetic import LATENCY
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Stage
from perfci.stats.decide import compare_series, decide
from perfci.stats.series import Series

VALUES = 10
"""Values in a launch, in each of three clocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What deciding a suite took."""

    benchmarks: int
    seconds: float
    """Of processor time, all calls together."""
    calls: int
    """How often the rule was asked."""
    memory: int
    """Bytes resident at most, the interpreter, numpy and the launches included."""
    launches: int
    """Of all benchmarks."""

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"the rule's own work for {self.benchmarks} benchmarks ({self.launches} launches, "
            f"asked {self.calls} times): {self.seconds:.2f} s of processor time, "
            f"{self.memory / 1e6:.0f} MB at most"
        )


def measure_cost(benchmarks: int) -> Cost:
    """Decide a suite in a fresh process, and return what that took."""
    argv = [sys.executable, "-m", "benchmarks.noise.cost", str(benchmarks), "--json"]
    told = subprocess.run(argv, check=True, capture_output=True, text=True)
    return Cost(**json.loads(told.stdout))


def _decide_suite(benchmarks: int) -> Cost:
    """Play the loop in this process: spreads from 0.6 to 5 % a launch, one in 100 is 10 % worse."""
    chance = np.random.Generator(np.random.PCG64(1))
    every = [
        Series(
            id=BenchmarkId(suite="cost", name=f"n{at}"),
            metric=LATENCY,
            sensitivity=0.05,
            base=(),
            head=(),
        )
        for at in range(benchmarks)
    ]
    seconds, calls, asked = 0.0, 0, True
    while asked:
        before = time.process_time()
        requests = decide(every, PAIRED).requests
        seconds, calls, asked = seconds + time.process_time() - before, calls + 1, bool(requests)
        for at, now in enumerate(every):
            request = requests.get(now.key)
            for _ in range(request.launches if request else 0):
                assert request is not None  # noqa: S101 - it was asked for
                now = _measured(now, request.stage, chance, at)  # noqa: PLW2901 - it grows
            every[at] = now
    before = time.process_time()
    compare_series(every, PAIRED)
    return Cost(
        benchmarks=benchmarks,
        seconds=seconds + time.process_time() - before,
        calls=calls + 1,
        memory=_most_resident(),
        launches=sum(len(it.head) for it in every),
    )


def _measured(series: Series, stage: Stage, chance: np.random.Generator, place: int) -> Series:
    number = len(series.head) + 1
    spread = 0.004 * 8 ** (place % 100 / 99)
    own = np.exp(spread * chance.standard_normal((2, 1)))
    values = 0.005 * own * np.exp(spread * chance.standard_normal((2, VALUES)))
    values[1] *= 1.1 if place % 100 == 0 else 1.0
    base, head = (
        Launch(
            number=number,
            stage=stage,
            position=number,
            clocks={clock: tuple(side) for clock in (Clock.WALL, Clock.CPU, Clock.NET)},
            delay=(1e-6,) * VALUES,
        )
        for side in values.tolist()
    )
    return replace(series, base=(*series.base, base), head=(*series.head, head))


def _most_resident() -> int:
    # ru_maxrss would be that of whoever started this process, where that one was larger
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(told[1]) * 1024 if told else 0


def main() -> None:
    """Print the cost of one suite: a line, or with --json what a program reads."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    cost = _decide_suite(numbers[0] if numbers else 1000)
    if "--json" in sys.argv:
        fields = ("benchmarks", "seconds", "calls", "memory", "launches")
        print(json.dumps({name: getattr(cost, name) for name in fields}))
    else:
        print(cost)


if __name__ == "__main__":
    main()
