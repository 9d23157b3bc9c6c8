"""One small job in every shape, for tests of documents and of what reads them."""

import json
from datetime import UTC, datetime
from typing import Any

from perfci.model.comparison import Comparison, Estimate, Interval, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.history import Acceptance, Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.model.metric import Better, Metric
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.model.verdict import Finding, Severity, Status, Verdict
from perfci.schema.stored import Stored

PARSE = BenchmarkId(suite="codec", name="parse", params=(("size", "16MB"),))
LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)


def launch(number: int, *, net: bool = True) -> Launch:
    clocks = {Clock.WALL: (0.05, 0.06), Clock.CPU: (0.03, 0.04)}
    if net:
        clocks[Clock.NET] = (0.041, 0.042)
    return Launch(
        number=number,
        stage=Stage.SCREEN,
        position=number - 1,
        clocks=clocks,
        delay=(0.009, 0.018) if net else (),
    )


def measured(*launches: Launch) -> Run:
    return Run(
        id="20261123T065000Z-1a2b3c4d",
        commit="e4f5",
        branch="feature",
        started_at=datetime(2026, 11, 23, 6, 50, tzinfo=UTC),
        environment=Environment(cpu="AMD EPYC 7763", cores=2, kernel="Linux 6.8"),
        measurements=(Measurement(id=PARSE, metric=LATENCY, launches=launches),),
        warnings=("loud",),
    )


def recording(run_: Run | None = None) -> Recording:
    return Recording(
        project="app",
        version="0.1.0",
        mode=Mode.PAIRED,
        mode_reason="a pull request",
        seed=7,
        rounds=None,
        head=Revision(commit="e4f5", ref="feature"),
        base=Revision(commit="a1b2", ref="main"),
        run=run_ or measured(launch(1), launch(2)),
        base_run=measured(launch(1), launch(2)),
    )


def evaluation() -> Evaluation:
    def finding(outcome: Outcome, severity: Severity | None = None) -> Finding:
        level = Interval(low=0.57, high=0.651, level=0.95)
        comparison = Comparison(
            id=PARSE,
            metric=LATENCY,
            outcome=outcome,
            base=Estimate(point=0.0412, n=22),
            head=Estimate(point=0.0663, n=22),
            change=0.612,
            interval=level,
            p_value=1e-9,
            detectable=0.05,
            clock=Clock.NET,
            launches=22,
        )
        blocking = severity is not None
        return Finding(
            comparison=comparison, severity=severity, blocking=blocking, limit=0.1, reason="slower"
        )

    found = (
        finding(Outcome.REGRESSED, Severity.CRITICAL),
        finding(Outcome.REGRESSED, Severity.MAJOR),
        finding(Outcome.REGRESSED),
        finding(Outcome.UNCHANGED),
    )
    verdict = Verdict(status=Status.FAIL, findings=found, message="3 regressions")
    return Evaluation(recording=recording(), verdict=verdict, warnings=("loud",))


POINT = Point(centres={Clock.NET: 1.0}, clock=Clock.NET, spread=0.1, n=2, unit="s")


def kept() -> Stored:
    return Stored(recording=recording(), verdict=Status.PASS, points={"a/b:c": POINT})


def accepted() -> Acceptance:
    return Acceptance(
        id="20261124T065000Z-1a2b3c4d",
        branch="feature",
        accepted_at=datetime(2026, 11, 24, 6, 50, tzinfo=UTC),
        commit="e4f5",
        globs=("codec/*",),
        reason="a safer parser",
        series={"codec/parse:latency": ("20261123T065000Z-1a2b3c4d",)},
    )


def changed(data: bytes, *path: str | int, to: Any) -> bytes:
    document = json.loads(data)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(document).encode()
