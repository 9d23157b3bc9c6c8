"""Recordings with known truth, made from a seed: material for perfci's own benchmarks."""

from datetime import UTC, datetime

import numpy as np

from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.model.metric import Better, Metric
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run

LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)

VALUES = 10
"""Values in a launch."""


def recording(
    benchmarks: int, *, launches: int = 4, worse: float = 0.0, seed: int = 1
) -> Recording:
    """Make a paired recording of benchmarks of 5 ms with 2 % of noise between launches.

    Args:
        benchmarks: how many.
        launches: a side.
        worse: true worsening of the first benchmark's head (0.1 = 10 %).
        seed: same seed, same recording.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    head, base = [], []
    for number in range(benchmarks):
        factor = 1 + worse if number == 0 else 1.0
        base.append(_measurement(number, 0.005, launches, chance))
        head.append(_measurement(number, 0.005 * factor, launches, chance))
    return Recording(
        project="synthetic",
        version="0",
        mode=Mode.PAIRED,
        mode_reason="made",
        seed=seed,
        rounds=None,
        head=Revision(commit="e4f5a6b" + "0" * 33, ref="feature"),
        base=Revision(commit="a1b2c3d" + "0" * 33, ref="main"),
        run=_run("e4f5a6b", head),
        base_run=_run("a1b2c3d", base),
        elapsed=60.0,
    )


def _measurement(
    number: int, seconds: float, launches: int, chance: np.random.Generator
) -> Measurement:
    made = []
    for launch in range(1, launches + 1):
        level = seconds * float(np.exp(chance.normal(0, 0.02)))
        values = tuple(float(v) for v in level * np.exp(chance.normal(0, 0.01, VALUES)))
        made.append(
            Launch(
                number=launch,
                stage=Stage.SCREEN,
                position=launch * 1000 + number,
                clocks={Clock.WALL: values, Clock.CPU: values, Clock.NET: values},
                delay=(1e-6,) * VALUES,
            )
        )
    return Measurement(
        id=BenchmarkId(suite="made", name=f"b{number:04}"),
        metric=LATENCY,
        launches=tuple(made),
        sensitivity=0.05,
    )


def _run(commit: str, measurements: list[Measurement]) -> Run:
    return Run(
        id=f"20260101T000000Z-{commit}0",
        commit=commit + "0" * 33,
        branch="main",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        environment=Environment(cpu="made", cores=2, kernel="Linux 6.8"),
        measurements=tuple(measurements),
    )
