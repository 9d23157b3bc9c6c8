"""Ninety days of fifty benchmarks: seeded, kept through the real store, with known truth."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

from perfci.baselines import keep_all, run_id
from perfci.model.history import Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.model.metric import Metric, built_in
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.model.verdict import Status
from perfci.ports import Store
from perfci.schema.stored import Stored

PROJECT, BRANCH = "shop", "main"
END = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
DAYS, RUNS = 90, 270
MACHINE = Environment(
    cpu="AMD EPYC 7763", cores=2, kernel="Linux 6.8", runner="ubuntu24", interpreter="CPython 3.12"
)
SUITES = {
    "api": ("health", "list", "search", "checkout", "login", "upload", "export", "import_"),
    "codec": ("parse", "encode", "decode", "scan", "compress", "hash", "verify", "merge"),
    "database": ("insert", "select", "join", "index", "vacuum", "migrate", "backup"),
    "render": ("page", "table", "chart", "menu", "diff", "print", "theme", "icons", "fonts"),
    "search": ("tokenise", "rank", "suggest", "facet", "highlight", "reindex", "synonyms"),
    "worker": ("start", "queue", "retry", "drain", "cron", "mail", "thumbnail", "cleanup"),
    "memory": ("idle", "import_all", "export_all"),
}
STEPS = {  # run number: what moved, by how much, and until which run
    40: (("codec/parse", "codec/decode", "codec/scan"), 1.35, 75),
    120: (("api/search", "search/rank", "search/suggest", "search/facet"), 1.18, None),
    150: (("render/table", "render/page"), 0.72, None),
    185: (("worker/start",), 2.4, 230),
    215: (("database/join",), 1.12, None),
}
EPISODE = ("api/upload", 90, 98, 1.5)
DRIFT = ("worker/queue", 1.0009)


def keep(
    store: Store, machine: Environment, end: datetime, of: Sequence[str] = (), since: int = 0
) -> None:
    """Write the runs to a store."""
    keep_all(store, list(history(machine, end, of, since)))


def history(
    machine: Environment = MACHINE, end: datetime = END, of: Sequence[str] = (), since: int = 0
) -> Iterator[Stored]:
    """Yield the runs, oldest first.

    Args:
        machine: on which they were measured.
        end: shortly after the last of them.
        of: the benchmarks that are measured; all where it is empty.
        since: number of the first run.
    """
    chance = Random(20261123)
    levels = {name: math.exp(chance.uniform(-6, -2)) for name in of or names()}
    for number in range(RUNS):
        at = DAYS * (number + chance.uniform(0, 0.8)) / RUNS
        if number >= since:
            yield _run(number, end - timedelta(days=DAYS - at), levels, chance, machine)


def names() -> list[str]:
    return [f"{suite}/{name}" for suite, several in SUITES.items() for name in several]


def commit(number: int) -> str:
    return sha256(f"commit {number}".encode()).hexdigest()[:40]


def _metric(suite: str) -> Metric:
    found = built_in("memory_usage" if suite == "memory" else "latency")
    assert found is not None
    return found


def _factor(name: str, number: int) -> float:
    factor = 1.0
    for at, (moved, change, until) in STEPS.items():
        if name in moved and at <= number < (until or RUNS):
            factor *= change
    which, first, last, change = EPISODE
    if name == which and first <= number <= last:
        factor *= change
    return factor * (DRIFT[1] ** number if name == DRIFT[0] else 1.0)


def _run(
    number: int,
    started: datetime,
    levels: dict[str, float],
    chance: Random,
    machine: Environment,
) -> Stored:
    # a runner that got noisier in the last three weeks
    noise = 0.02 if number > RUNS - 63 else 0.01
    weather = chance.gauss(0, noise / 2)
    measured, points = [], {}
    for name, usual in levels.items():
        suite, _, bench = name.partition("/")
        metric, clock = _metric(suite), Clock.VALUE if suite == "memory" else Clock.NET
        level = usual * _factor(name, number) * math.exp(weather + chance.gauss(0, noise))
        level *= 2e9 if suite == "memory" else 1.0
        spread = noise * chance.uniform(0.7, 1.3)
        launches = tuple(
            Launch(
                number=at + 1,
                stage=Stage.SCREEN,
                position=at,
                clocks={clock: (level * math.exp(chance.gauss(0, spread)),)},
            )
            for at in range(4)
        )
        benchmark = BenchmarkId(suite=suite, name=bench)
        measured.append(Measurement(id=benchmark, metric=metric, launches=launches))
        points[benchmark.series(metric.name)] = Point(
            centres={clock: level}, clock=clock, spread=spread, n=4, unit=metric.unit
        )
    run = Run(
        id=run_id(started, sha256(f"{number}".encode()).hexdigest()[:8]),
        commit=commit(number),
        branch=BRANCH,
        started_at=started,
        environment=machine,
        measurements=tuple(measured),
    )
    recording = Recording(
        project=PROJECT,
        version="0.3.0",
        mode=Mode.HISTORY,
        mode_reason="a push",
        seed=number,
        rounds=None,
        head=Revision(commit=run.commit, ref=BRANCH),
        base=None,
        run=run,
        base_run=None,
    )
    return Stored(recording=recording, verdict=Status.PASS, points=points)
