"""Evaluations in one line each, judged by the real gate."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from perfci.gate.judge import judge
from perfci.gate.policy import Policy
from perfci.model.comparison import Comparison, Estimate, Interval, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.history import History, Point, StoredRun
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Failure, Launch, Measurement, Side, Stage
from perfci.model.metric import Better, Metric
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run

LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)
P99 = Metric(name="latency_p99", unit="s", better=Better.LOWER)
MEMORY = Metric(name="memory_usage", unit="B", better=Better.LOWER)
THROUGHPUT = Metric(name="throughput", unit="1/s", better=Better.HIGHER)
ERRORS = Metric(name="error_rate", unit="ratio", better=Better.LOWER, absolute=True)
HEALTH = Metric(name="system_health", unit="score", better=Better.HIGHER)

BASE = Revision(commit="a1b2c3d4e5f60718293a4b5c6d7e8f9012345678", ref="main")
HEAD = Revision(commit="e4f5a6b7c8d90123456789abcdef012345678901")
MACHINE = Environment(
    cpu="AMD EPYC 7763",
    cores=2,
    kernel="Linux 6.8",
    runner="ubuntu24",
    interpreter="CPython 3.12",
    facts={"memory": "7.8 GB", "load": "1.2"},
)
STARTED = datetime(2026, 11, 23, 6, 50, tzinfo=UTC)
SETTINGS = {
    "mode": "auto",
    "measure.rounds": "auto",
    "gate.sensitivity": "5 %",
    "gate.fail_on": "minor",
}


def came(
    key: str,
    outcome: str,
    change: float | None = None,
    interval: tuple[float, float] | None = None,
    *,
    metric: Metric = LATENCY,
    base: float | None = 0.0412,
    launches: int = 16,
    suspecting: int = 0,
    **more: object,
) -> Comparison:
    """One comparison; `key` is `suite/name[param=value]`, `suspecting` launches do not count."""
    suite, _, name = key.partition("/")
    name, _, inside = name[:-1].partition("[") if name.endswith("]") else (name, "", "")
    pairs = (pair.partition("=") for pair in inside.split(",") if pair)
    step = change or 0.0
    moved = (base or 0.0) + step if metric.absolute else (base or 0.04) * (1 + step)
    bounds = interval or ((step - 0.03, step + 0.03) if change is not None else None)
    facts: dict[str, object] = {
        "id": BenchmarkId(
            suite=suite, name=name, params=tuple((one, other) for one, _, other in pairs)
        ),
        "metric": metric,
        "outcome": Outcome(outcome),
        "base": None if base is None else Estimate(point=base, n=launches - suspecting),
        "head": Estimate(point=moved, n=launches - suspecting),
        "change": change,
        "interval": bounds and Interval(low=bounds[0], high=bounds[1], level=0.95),
        "p_value": 1e-9 if outcome == "regressed" else 0.4,
        "detectable": 0.05,
        "clock": Clock.NET if metric.timed else Clock.VALUE,
        "clock_reason": "the time spent waiting for a processor can be read",
        "launches": launches,
    }
    return Comparison(**{**facts, **more})  # type: ignore[arg-type]


def unchanged(number: int) -> list[Comparison]:
    return [
        came(f"codec/quiet-{index:02}", "unchanged", 0.001 * (index % 5), launches=4)
        for index in range(number)
    ]


def nothing(comparison: Comparison, outcome: str, explanation: str) -> Comparison:
    """Turn a comparison into one without numbers."""
    return replace(
        comparison,
        outcome=Outcome(outcome),
        base=None,
        head=None,
        change=None,
        interval=None,
        p_value=None,
        detectable=None,
        launches=0,
        clock=None,
        explanation=explanation,
    )


def _noise(seed: int) -> float:
    """A number in -1..1 that looks like chance and never changes."""
    return math.sin(seed * 12.9898) * math.cos(seed * 78.233)


def measured(comparison: Comparison, side: Side) -> Measurement:
    """Launches of one side around its estimate."""
    estimate = comparison.base if side is Side.BASE else comparison.head
    assert estimate is not None
    clock = comparison.clock or Clock.VALUE
    seed = 1000 if side is Side.BASE else 2000
    launches = tuple(
        Launch(
            number=number,
            stage=Stage.SCREEN if number <= 4 else Stage.CONFIRM,
            position=number,
            clocks={
                clock: tuple(
                    estimate.point * (1 + 0.02 * _noise(seed + number) + 0.004 * _noise(number + p))
                    for p in range(3)
                )
            },
        )
        for number in range(1, comparison.launches + 1)
    )
    return Measurement(id=comparison.id, metric=comparison.metric, launches=launches)


def evaluation(
    *comparisons: Comparison,
    mode: Mode = Mode.PAIRED,
    policy: Policy | None = None,
    failures: tuple[Failure, ...] = (),
    history: History | None = None,
    launches: bool = True,
    **more: object,
) -> Evaluation:
    """Judge comparisons and put everything around them that a report may want."""
    base = {Mode.PAIRED: BASE, Mode.FILES: Revision(ref="before.json")}.get(mode)
    against = str(base) if base else f"{len(history.runs) if history else 0} stored runs of main"
    head = Revision(ref="after.json") if mode is Mode.FILES else HEAD
    run = Run(
        id="20261123T065000Z-1a2b3c4d",
        commit=head.commit,
        branch="main",
        started_at=STARTED,
        environment=MACHINE,
        measurements=tuple(
            measured(item, Side.HEAD) for item in comparisons if item.head and launches
        ),
        failures=failures,
    )
    before = tuple(measured(item, Side.BASE) for item in comparisons if item.base and launches)
    recording = Recording(
        project="codec",
        version="0.3.0",
        mode=mode,
        mode_reason="a pull request",
        seed=7,
        rounds=None,
        head=head,
        base=base,
        run=run,
        base_run=replace(run, commit=BASE.commit, measurements=before) if base else None,
        elapsed=192.0,
    )
    return Evaluation(
        recording=recording,
        verdict=judge(comparisons, policy or Policy(), against=against),
        history=history,
        settings=SETTINGS,
        reproduce="perfci run --base main --seed 7" if base else "perfci run --seed 7",
        **more,  # type: ignore[arg-type]
    )


def stored(*keys: str, runs: int = 7, jump: int = 0) -> History:
    """Runs of main; the last `jump` of them are 40 % slower."""
    return History(
        branch="main",
        runs=tuple(
            StoredRun(
                id=f"run-{number}",
                commit=f"{number:040x}",
                started_at=STARTED - timedelta(days=runs - number),
                fingerprint=MACHINE.fingerprint,
                verdict="pass",
                points={
                    key: Point(
                        centres={
                            Clock.NET: 0.0412
                            * (1 + 0.02 * _noise(number))
                            * (1.4 if number >= runs - jump else 1.0)
                        },
                        clock=Clock.NET,
                        spread=0.02,
                        n=4,
                        unit="s",
                        regressed=number == runs - jump and jump > 0,
                    )
                    for key in keys
                },
            )
            for number in range(runs)
        ),
    )
