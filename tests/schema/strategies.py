"""Any model value that a document may hold, for property tests."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import hypothesis.strategies as st

from perfci.model.comparison import Comparison, Estimate, Interval, Outcome
from perfci.model.context import Context
from perfci.model.evaluation import Evaluation
from perfci.model.history import Acceptance, History, Point, StoredRun
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Failure, Launch, Measurement, Side, Stage
from perfci.model.metric import Assumption, Better, Metric
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.model.verdict import Finding, Severity, Status, Verdict

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(0, 10**9)
some = st.integers(1, 10**9)
durations = st.floats(min_value=0, max_value=1e7)
times = st.builds(
    datetime.replace,
    st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - the zone is added
    tzinfo=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
tables = st.dictionaries(texts, texts, max_size=3)
names = st.builds(
    BenchmarkId,
    suite=texts,
    name=texts,
    params=tables.map(lambda table: tuple(sorted(table.items()))),
)
metrics = st.builds(
    Metric,
    name=texts,
    unit=texts,
    better=st.sampled_from(Better),
    assumption=st.sampled_from(Assumption),
    absolute=st.booleans(),
)


@st.composite
def launches(draw: st.DrawFn) -> Launch:
    size = draw(st.integers(1, 3))
    values = st.lists(numbers, min_size=size, max_size=size).map(tuple)
    return Launch(
        number=draw(some),
        stage=draw(st.sampled_from(Stage)),
        position=draw(counts),
        clocks=draw(st.dictionaries(st.sampled_from(Clock), values, min_size=1)),
        delay=draw(st.just(()) | values),
        whole=draw(st.booleans()),
    )


def _screened(found: Measurement) -> Measurement:
    """Return it with a first launch that screens: nothing else is confirmed."""
    first, *others = found.launches
    return replace(found, launches=(replace(first, stage=Stage.SCREEN), *others))


measurements = st.builds(
    Measurement,
    id=names,
    metric=metrics,
    launches=st.lists(
        launches(), min_size=1, max_size=3, unique_by=lambda launch: launch.number
    ).map(tuple),
    iterations=some,
    warmups=counts,
    gated=st.booleans(),
    sensitivity=st.none() | st.floats(min_value=1e-6, max_value=1.0),
    pace=st.none() | durations,
).map(_screened)
failures = st.builds(
    Failure,
    id=names,
    side=st.sampled_from(Side),
    reason=texts,
    output=texts,
    metrics=st.lists(metrics, max_size=2).map(tuple),
)
revisions = st.builds(Revision, commit=texts, ref=texts, dirty=st.booleans())
environments = st.builds(
    Environment,
    cpu=texts,
    cores=counts,
    kernel=texts,
    runner=texts,
    interpreter=texts,
    facts=tables,
)
warnings = st.lists(texts, max_size=2).map(tuple)


def runs(measured: st.SearchStrategy[tuple[Measurement, ...]]) -> st.SearchStrategy[Run]:
    return st.builds(
        Run,
        id=texts,
        commit=texts,
        branch=texts,
        dirty=st.booleans(),
        started_at=times,
        environment=environments,
        measurements=measured,
        failures=st.lists(failures, max_size=2).map(tuple),
        warnings=warnings,
    )


def recordings(
    run_of: st.SearchStrategy[Run], base_run: st.SearchStrategy[Run | None]
) -> st.SearchStrategy[Recording]:
    return st.builds(
        Recording,
        project=texts,
        version=texts,
        mode=st.sampled_from(Mode),
        mode_reason=texts,
        seed=st.integers(-(2**64), 2**64),
        rounds=st.none() | some,
        partial=st.booleans(),
        head=revisions,
        base=st.none() | revisions,
        run=run_of,
        base_run=base_run,
        elapsed=durations,
    )


full_runs = runs(st.lists(measurements, max_size=2, unique_by=lambda it: it.key).map(tuple))


def _coherent(found: Recording) -> Recording:
    """Return it in a mode that fits the sides that were measured; what base ran did not fail."""
    if found.base_run:
        measured = {it.id for it in found.base_run.measurements}
        failures = (it for it in found.base_run.failures if it.id not in measured)
        told = tuple(replace(it, side=Side.BASE) for it in failures)
        found = replace(found, base_run=replace(found.base_run, failures=told))
    fits = (Mode.FILES, Mode.PAIRED if found.base_run else Mode.RECORD)
    alone = found.mode is Mode.HISTORY and found.base_run is None
    return found if found.mode in fits or alone else replace(found, mode=Mode.FILES)


full_recordings = recordings(full_runs, st.none() | full_runs).map(_coherent)
contexts = st.builds(
    Context,
    platform=texts,
    repository=texts,
    commit=texts,
    base_commit=texts,
    branch=texts,
    base_branch=texts,
    default_branch=texts,
    pr_number=st.none() | counts,
    event=texts,
    tag=texts,
    is_fork=st.booleans(),
    run_url=texts,
)
points = st.dictionaries(
    texts,
    st.builds(
        Point,
        centres=st.dictionaries(st.sampled_from(Clock), numbers),
        clock=st.sampled_from(Clock),
        spread=numbers,
        n=counts,
        unit=texts,
        better=st.sampled_from([None, *Better]),
        regressed=st.booleans(),
        accepted=st.booleans(),
    ),
    max_size=3,
)
acceptances = st.builds(
    Acceptance,
    id=texts,
    branch=texts,
    accepted_at=times,
    commit=texts,
    globs=warnings,
    reason=texts,
    series=st.dictionaries(texts, warnings, max_size=3),
)
histories = st.builds(
    History,
    branch=texts,
    runs=st.lists(
        st.builds(
            StoredRun,
            id=texts,
            commit=texts,
            started_at=times,
            fingerprint=texts,
            verdict=texts,
            points=points,
        ),
        max_size=3,
    ).map(tuple),
    acceptances=warnings,
)


def evaluations(number: st.SearchStrategy[float]) -> st.SearchStrategy[Evaluation]:
    """Return evaluations whose statistics are such numbers; without raw values or history."""
    intervals = st.builds(Interval, low=number, high=number, level=numbers)
    estimates = st.builds(
        Estimate, point=number, interval=st.none() | intervals, n=counts, method=texts
    )
    comparisons = st.builds(
        Comparison,
        id=names,
        metric=metrics,
        outcome=st.sampled_from(Outcome),
        base=st.none() | estimates,
        head=st.none() | estimates,
        change=st.none() | number,
        interval=st.none() | intervals,
        p_value=st.none() | number,
        detectable=st.none() | number,
        sensitivity=numbers,
        clock=st.none() | st.sampled_from(Clock),
        clock_reason=texts,
        launches=counts,
        paired=st.booleans(),
        weak=st.booleans(),
        needed=st.none() | counts,
        explanation=texts,
        warnings=warnings,
    )
    findings = st.builds(
        Finding,
        comparison=comparisons,
        severity=st.none() | st.sampled_from(Severity),
        blocking=st.booleans(),
        over_budget=st.booleans(),
        rule=texts,
        limit=st.none() | numbers,
        budget=st.none() | numbers,
        reason=texts,
    )
    verdicts = st.builds(
        Verdict,
        status=st.sampled_from(Status),
        findings=st.lists(findings, max_size=3).map(tuple),
        message=texts,
    )
    return st.builds(
        Evaluation,
        recording=recordings(runs(st.just(())), st.none()),
        verdict=verdicts,
        context=contexts,
        settings=tables,
        reproduce=texts,
        recorded=texts,
        warnings=warnings,
    )
