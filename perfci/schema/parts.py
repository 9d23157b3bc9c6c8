"""The parts that several documents share: series, environment, revision, failure, job, run."""

from datetime import UTC, datetime
from typing import Any

from perfci.model.identity import BenchmarkId, parse_key
from perfci.model.measurement import Failure, Measurement, Side
from perfci.model.metric import Assumption, Better, Metric
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.schema.fields import Fields

Json = dict[str, Any]

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


def dump_benchmark(benchmark: BenchmarkId) -> Json:
    """Return a benchmark's name in parts: a key alone cannot always be taken apart again."""
    parts: Json = {"suite": benchmark.suite, "benchmark": benchmark.name}
    return parts | {"parameters": dict(benchmark.params)}


def load_benchmark(fields: Fields) -> BenchmarkId:
    """Return the benchmark from its parts."""
    params = tuple(sorted(fields.table("parameters").items()))
    return BenchmarkId(suite=fields.text("suite"), name=fields.text("benchmark"), params=params)


def dump_metric(metric: Metric) -> Json:
    """Return a metric with all that must be known to compare it."""
    return {
        "metric": metric.name,
        "unit": metric.unit,
        "direction": metric.better.value,
        "assumption": metric.assumption.value,
        "absolute": metric.absolute,
    }


def load_metric(fields: Fields, name: str | None = None) -> Metric:
    """Return the metric; `name` where it is known from elsewhere."""
    return Metric(
        name=name or fields.text("metric"),
        unit=fields.text("unit"),
        better=fields.choice("direction", Better),
        assumption=fields.choice("assumption", Assumption, Assumption.NOTHING),
        absolute=fields.flag("absolute"),
    )


def dump_series(benchmark: BenchmarkId, metric: Metric) -> Json:
    """Return key, parts and metric of one series."""
    key = {"key": benchmark.series(metric.name)}
    return key | dump_benchmark(benchmark) | dump_metric(metric)


def load_series(fields: Fields) -> tuple[str, BenchmarkId, Metric]:
    """Return key, benchmark and metric, from the key alone where another program wrote no parts."""
    if not fields.has("benchmark"):
        try:
            benchmark, name = parse_key(fields.text("key"))
        except ValueError as error:
            raise fields.wrong("key", f"cannot be read: {error}") from None
        return benchmark.series(name), benchmark, load_metric(fields, name)
    benchmark, metric = load_benchmark(fields), load_metric(fields)
    key = benchmark.series(metric.name)
    if fields.text("key", key) != key:
        raise fields.wrong("key", f"contradicts the parts beside it, which say {key!r}")
    return key, benchmark, metric


def dump_environment(environment: Environment) -> Json:
    """Return the machine facts and, for whoever reads the file, the fingerprint."""
    return {
        "fingerprint": environment.fingerprint,
        "cpu": environment.cpu,
        "cores": environment.cores,
        "kernel": environment.kernel,
        "runner": environment.runner,
        "interpreter": environment.interpreter,
        "facts": dict(environment.facts),
    }


def load_environment(fields: Fields) -> Environment:
    """Return the machine facts; the fingerprint follows from them."""
    return Environment(
        cpu=fields.text("cpu", ""),
        cores=fields.whole("cores", 1),
        kernel=fields.text("kernel", ""),
        runner=fields.text("runner", ""),
        interpreter=fields.text("interpreter", ""),
        facts=fields.table("facts"),
    )


def dump_revision(revision: Revision | None) -> Json | None:
    """Return a side's code."""
    if revision is None:
        return None
    return {"commit": revision.commit, "ref": revision.ref, "dirty": revision.dirty}


def load_revision(fields: Fields | None) -> Revision | None:
    """Return a side's code, or None where there is none."""
    if fields is None:
        return None
    commit, ref = fields.text("commit", ""), fields.text("ref", "")
    return Revision(commit=commit, ref=ref, dirty=fields.flag("dirty"))


def _dump_failure(failure: Failure) -> Json:
    return dump_benchmark(failure.id) | {
        "side": failure.side.value,
        "reason": failure.reason,
        "output": failure.output,
        "metrics": [dump_metric(metric) for metric in failure.metrics],
    }


def _load_failure(fields: Fields) -> Failure:
    return Failure(
        id=load_benchmark(fields),
        side=fields.choice("side", Side),
        reason=fields.text("reason"),
        output=fields.text("output", ""),
        metrics=tuple(load_metric(metric) for metric in fields.groups("metrics")),
    )


def dump_job(recording: Recording) -> Json:
    """Return how was measured; the two sides stand elsewhere."""
    return {
        "project": recording.project,
        "version": recording.version,
        "mode": recording.mode.value,
        "mode_reason": recording.mode_reason,
        "seed": recording.seed,
        "rounds": recording.rounds,
        "partial": recording.partial,
        "elapsed": recording.elapsed,
        **({"earlier": list(recording.earlier)} if recording.earlier else {}),
        **({"compared": recording.compared} if recording.compared else {}),
    }


def load_job(
    fields: Fields, *, head: Fields | None, base: Fields | None, run: Run, base_run: Run | None
) -> Recording:
    """Return a recording from its job's fields and its two sides."""
    return Recording(
        project=fields.text("project", ""),
        version=fields.text("version", ""),
        mode=fields.choice("mode", Mode, Mode.FILES),
        mode_reason=fields.text("mode_reason", ""),
        seed=fields.whole("seed", 0),
        rounds=fields.whole_or_none("rounds", least=1),
        partial=fields.flag("partial"),
        elapsed=fields.seconds("elapsed", 0.0),
        earlier=fields.texts("earlier"),
        compared=fields.text("compared", ""),
        head=load_revision(head) or Revision(),
        base=load_revision(base),
        run=run,
        base_run=base_run,
    )


def dump_run(run: Run, *, warnings: str = "warnings") -> Json:
    """Return a run without its measurements; `warnings` names the field that holds its own."""
    return {
        "id": run.id,
        "commit": run.commit,
        "branch": run.branch,
        "dirty": run.dirty,
        "started_at": run.started_at.isoformat(),
        "environment": dump_environment(run.environment),
        "failures": [_dump_failure(failure) for failure in run.failures],
        warnings: list(run.warnings),
    }


def load_run(
    fields: Fields,
    measurements: tuple[Measurement, ...] = (),
    *,
    outer: Fields | None = None,
    warnings: str = "warnings",
) -> Run:
    """Return a run; what another program left out is empty, an unknown start is 1970.

    Args:
        fields: the run's own.
        measurements: of this run.
        outer: has the environment where the run has none of its own.
        warnings: name of the field that holds the run's own.
    """
    place = fields if outer is None or fields.has("environment") else outer
    return Run(
        id=fields.text("id", ""),
        commit=fields.text("commit", ""),
        branch=fields.text("branch", ""),
        dirty=fields.flag("dirty"),
        started_at=fields.moment("started_at") if fields.has("started_at") else _UNKNOWN,
        environment=load_environment(place.group("environment")),
        measurements=measurements,
        failures=tuple(_load_failure(failure) for failure in fields.groups("failures")),
        warnings=fields.texts(warnings),
    )
