"""Evaluations in one line each, judged by the real gate."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from perfci.gate.judge import judge
from perfci.gate.policy import Policy, Rule
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
    **more: object,
) -> Comparison:
    """One comparison; `key` is `suite/name[param=value]`."""
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
        "base": None if base is None else Estimate(point=base, n=launches),
        "head": Estimate(point=moved, n=launches),
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


PARSE = came(
    "codec/parse[size=16MB]",
    "regressed",
    0.612,
    (0.570, 0.651),
    launches=22,
    detectable=0.052,
)
ENCODE = came("codec/encode", "improved", -0.124, (-0.141, -0.109), base=0.0081)
API = came(
    "api/health",
    "inconclusive",
    0.039,
    (-0.012, 0.091),
    metric=P99,
    base=0.00231,
    detectable=0.09,
    needed=30,
)
CRASH = nothing(came("io/write", "failed"), "failed", "it ended with exit code 139")


def picture(**more: object) -> Evaluation:
    """The suite of experience.md: one worse, one better, one in doubt, 21 unchanged."""
    return evaluation(PARSE, ENCODE, API, *unchanged(21), **more)  # type: ignore[arg-type]


def first_run() -> Evaluation:
    comparisons = [
        came(f"codec/fresh-{index:02}", "new", base=None, launches=4) for index in range(34)
    ]
    return evaluation(*comparisons, mode=Mode.RECORD, recorded="file:.perfci")


def nothing_moved() -> Evaluation:
    return evaluation(*unchanged(24))


def failed() -> Evaluation:
    output = "loading fixtures\n```\n::error::forged\n##[error]forged\n\x1b[31mSegmentation fault\n"
    failure = Failure(id=CRASH.id, side=Side.HEAD, reason="exit code 139", output=output)
    return evaluation(CRASH, *unchanged(3), failures=(failure,))


HOSTILE = (
    "@everyone",
    "](javascript:alert(1))",
    "<script>alert(1)</script>",
    "::error::forged",
    "##[error]forged",
    "a|b\\|c",
    "line one\n/close\r\n# heading",
    "\u202egnp.exe\u202c \u200f\u05e2\u05d1\u05e8\u05d9\u05ea\u200f",
    "`` ` ``",
    "\x1b[31mred\x1b[0m \x00\ufffe\ud800",
    "名前が広い",
    "#123 !5 https://evil.example/x www.evil.example",
    "-->",
    "x" * 60_000,
)


def hostile() -> Evaluation:
    """Every name that somebody could think of, as a regression."""
    worse = [came(f"{name}/{name}", "regressed", 0.5 + 0.01 * i) for i, name in enumerate(HOSTILE)]
    text = "\n".join(HOSTILE)
    odd = Metric(name=f"m{text}", unit=f"<b>\x1b[1m|\n::error::{text}", better=Better.LOWER)
    worse.append(came("io/metric", "regressed", 0.4, metric=odd))
    broken = nothing(came("io/hostile", "failed"), "failed", text)
    failure = Failure(id=broken.id, side=Side.HEAD, reason=text, output=f"{text}\n{'`' * 9}\n")
    doubt = replace(came("io/doubt", "inconclusive", 0.03), explanation=text)
    found = evaluation(*worse, broken, doubt, failures=(failure,), warnings=(text,))
    recording = replace(
        found.recording,
        project=text,
        head=Revision(commit=HEAD.commit, ref="](javascript:alert(1))<script>"),
        base=Revision(commit=BASE.commit, ref="`x` | @everyone"),
    )
    return replace(found, recording=recording, reproduce="perfci run --base '`x` | @everyone'")


def many(number: int, *, worse: int = 0) -> Evaluation:
    """A large suite, as a stored result keeps it: without its launches."""
    regressed = [
        came(f"suite-{index % 9}/bench-{index}", "regressed", 0.2 + index / 1000, launches=22)
        for index in range(worse)
    ]
    return evaluation(*regressed, *unchanged(number - worse), launches=False)


def kinds() -> Evaluation:
    """Metrics whose direction or unit is not plain, a budget, and what is new or gone."""
    slow = came("api/list", "regressed", -0.2, metric=THROUGHPUT, base=5200.0)
    errors = came("api/list", "regressed", 0.021, metric=ERRORS, base=0.001)
    heavy = came("codec/parse", "unchanged", 0.0, metric=MEMORY, base=640e6)
    health = came("home/hub", "improved", 0.04, metric=HEALTH, base=81.0)
    new = came("codec/decode", "new", base=None, launches=4)
    gone = replace(came("codec/old", "missing"), head=None, launches=0)
    weak = came("codec/scan", "regressed", 0.07, weak=True)
    policy = Policy(rules=(Rule(match="*:memory_usage", budget=512e6),))
    return evaluation(slow, errors, heavy, health, new, gone, weak, *unchanged(2), policy=policy)


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


def against_history() -> Evaluation:
    parse = replace(PARSE, paired=False, weak=True, explanation="the history has 7 runs")
    history = stored(PARSE.key, runs=7)
    return evaluation(parse, *unchanged(3), mode=Mode.HISTORY, history=history)


def two_files() -> Evaluation:
    return evaluation(replace(PARSE, paired=False), *unchanged(1), mode=Mode.FILES)


def alone() -> Evaluation:
    return evaluation(came("codec/parse", "unchanged", 0.01))


def nothing_measured() -> Evaluation:
    return evaluation(policy=Policy(expect=("codec/parse",)))


EVERY = {
    "picture": picture,
    "first-run": first_run,
    "nothing-moved": nothing_moved,
    "failed": failed,
    "hostile": hostile,
    "kinds": kinds,
    "history": against_history,
    "files": two_files,
    "alone": alone,
    "nothing-measured": nothing_measured,
}
