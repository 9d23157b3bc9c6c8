"""Two recorded runs, or a run and its history, to comparisons: every series gets an answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from perfci.model.comparison import Comparison, Outcome
from perfci.model.history import History, Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Failure, Measurement, Side
from perfci.model.metric import Metric, built_in
from perfci.model.revision import Mode
from perfci.model.run import Run
from perfci.stats.decide import compare_series
from perfci.stats.gone import gone
from perfci.stats.points import beside_base, levels_by_series
from perfci.stats.series import Design, Series

USUAL_SENSITIVITY = 0.05
"""What is worked for where a measurement comes without a plan."""


def compare(
    head: Run, base: Run | None, history: History | None, design: Design
) -> tuple[Comparison, ...]:
    """Compare what was measured, from the recorded launches alone.

    Args:
        head: the run that is judged.
        base: the other side; None in history and record mode.
        history: of the branch; what history mode compares with, and what stands in for a base
            that cannot be run.
        design: how the run decided.

    Returns:
        One comparison a gated series: head's in their order, then what only base (or the newest
        stored run) has, then what failed on either side.
    """
    failures = _failures(head, base, design)
    heads = [(it.key, it) for it in head.measurements]
    there = [(key, it) for key, it in heads if it.gated and it.id not in failures]
    keys, gated = [key for key, _ in there], [it for _, it in there]
    fallen = _fallen(base, design)
    bases = [(it.key, it) for it in base.measurements] if base else []
    theirs = {key: it for key, it in bases if it.id not in fallen}
    past: Mapping[str, tuple[Point, ...]] = {}
    missing: Sequence[Comparison] = ()
    if history is not None:
        if base is not None and design.mode is Mode.PAIRED:
            history = beside_base(history, head.commit, base.commit)
        past = levels_by_series(history, head.environment.fingerprint, without=head.id)
    if design.mode is Mode.HISTORY and history is not None:
        if not design.partial:
            missing = gone([head], history, failures)
    else:
        known = frozenset(key for key, _ in heads)
        left = [it for key, it in theirs.items() if key not in known and it.id not in failures]
        missing = _dropped(left, design)
    if design.mode is Mode.PAIRED:
        past = {key: past.get(key, ()) for key, it in there if it.id in fallen}
    # one metric is not compared with another
    refused = [_differs(it, theirs.get(key)) for it, key in zip(gated, keys, strict=True)]
    series = [
        _series(it, theirs.get(key), past.get(key, ()))
        for it, key, why in zip(gated, keys, refused, strict=True)
        if not why
    ]
    if design.mode is Mode.PAIRED:
        series = [replace(it, alone=not it.base) for it in series]
    answers = iter(compare_series(series, design))
    judged = [
        _comparison(it.id, it.metric, why, design)
        if why
        else _beside(next(answers), it, fallen.get(it.id))
        for it, why in zip(gated, refused, strict=True)
    ]
    failed = _failed(failures, [*head.measurements, *theirs.values()], design)
    return (*judged, *missing, *failed)


def _fallen(base: Run | None, design: Design) -> dict[BenchmarkId, Failure]:
    """Return what base could not run, by benchmark: of it head alone was measured."""
    if base is None or design.mode is not Mode.PAIRED:
        return {}
    return {it.id: it for it in base.failures}


def _beside(found: Comparison, head: Measurement, fallen: Failure | None) -> Comparison:
    """Add what the launches do not tell: how long one takes, and why base was not measured."""
    if fallen is None:
        return found if head.pace is None else replace(found, pace=head.pace)
    text = f"base cannot run it: {fallen.reason}"
    if found.outcome is Outcome.NEW:
        why = f"{text}; and no run that it could be compared with is stored"
        found = replace(found, outcome=Outcome.INCONCLUSIVE, explanation=why)
    beside = f"{found.base.n} stored run{'' if found.base.n == 1 else 's'}" if found.base else ""
    return replace(found, pace=head.pace, beside=beside, warnings=(*found.warnings, text))


def _series(head: Measurement, base: Measurement | None, past: tuple[Point, ...]) -> Series:
    return Series(
        id=head.id,
        metric=head.metric,
        sensitivity=USUAL_SENSITIVITY if head.sensitivity is None else head.sensitivity,
        base=base.launches if base else (),
        head=head.launches,
        given=head.given,
        past=past,
    )


def _differs(head: Measurement, theirs: Measurement | None) -> str:
    """Say in what the metric differs between the sides; empty where they can be compared."""
    if theirs is None or theirs.metric is head.metric or theirs.metric == head.metric:
        return ""
    base, own = theirs.metric, head.metric
    for what, before, after in (
        ("units differ", base.unit or "none", own.unit or "none"),
        ("directions differ", f"{base.better} is better", f"{own.better} is better"),
        ("kinds differ", _kind(base), _kind(own)),
    ):
        if before != after:
            return f"the {what}: {before} in base, {after} in head"
    return ""


def _kind(metric: Metric) -> str:
    return "compared by difference" if metric.absolute else "compared by ratio"


def _comparison(id_: BenchmarkId, metric: Metric, reason: str, design: Design) -> Comparison:
    return Comparison(
        id=id_,
        metric=metric,
        outcome=Outcome.FAILED,
        paired=design.mode is Mode.PAIRED,
        explanation=reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failed:
    """A failure, seen from this comparison."""

    failure: Failure
    side: Side


def _failures(head: Run, base: Run | None, design: Design) -> dict[BenchmarkId, list[_Failed]]:
    """Return what failed, by benchmark, head's own failures first."""
    # of two files, each calls its own side head; a measured run knows of both its sides
    own = [
        _Failed(failure=it, side=Side.HEAD if design.mode is Mode.FILES else it.side)
        for it in head.failures
    ]
    theirs = [
        _Failed(failure=it, side=Side.BASE)
        for it in (base.failures if base and design.mode is not Mode.PAIRED else ())
    ]
    found: dict[BenchmarkId, list[_Failed]] = {}
    for it in sorted([*own, *theirs], key=lambda it: it.side is Side.BASE):
        found.setdefault(it.failure.id, []).append(it)
    return found


def _failed(
    failures: Mapping[BenchmarkId, Sequence[_Failed]],
    measured: Sequence[Measurement],
    design: Design,
) -> Iterator[Comparison]:
    """Yield one comparison for every series that a failure took away."""
    for id_, several in failures.items():
        told: set[str] = set()
        for it in several:
            there = [it.metric for it in measured if it.id == id_ and it.gated]
            # a failure without metrics must not be lost: it stands for what is usually measured
            usual = [metric for metric in (built_in("latency"),) if metric]
            for metric in it.failure.metrics or there or usual:
                if metric.name in told:
                    continue
                told.add(metric.name)
                reason = it.failure.reason
                text = f"base failed: {reason}" if it.side is Side.BASE else reason
                yield _comparison(id_, metric, text, design)


def _dropped(left: Sequence[Measurement], design: Design) -> tuple[Comparison, ...]:
    """Return what base has and head has not."""
    return compare_series(
        [
            Series(
                id=it.id,
                metric=it.metric,
                sensitivity=USUAL_SENSITIVITY if it.sensitivity is None else it.sensitivity,
                base=it.launches,
                head=(),
            )
            for it in left
            if it.gated
        ],
        design,
    )
