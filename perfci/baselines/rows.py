"""Stored runs as flat rows, one a series and run, for tables that other programs read."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypedDict

from perfci.model.measurement import Measurement
from perfci.schema.stored import Stored


class Row(TypedDict):
    """One series in one run; values in base units."""

    run: str
    commit: str
    dirty: bool
    started_at: datetime
    """In UTC."""
    verdict: str
    environment: str
    """Fingerprint: only rows of an equal one are comparable."""
    cpu: str
    cores: int
    kernel: str
    series: str
    """The whole key."""
    suite: str
    benchmark: str
    parameters: list[tuple[str, str]]
    metric: str
    unit: str
    direction: str
    """`lower` or `higher` is better."""
    clock: str
    centre: float | None
    """Median of the launches' medians."""
    spread: float
    n: int
    """Launches."""
    launches: list[list[float]]
    """Raw values in the deciding clock, one list a launch; of base nothing is told."""
    regressed: bool
    """As the gate decided when it was measured."""
    accepted: bool
    """By an entry or a commit's line, when it was measured."""


def rows_of(kept: Stored) -> Iterator[Row]:
    """Return the rows of a run, in the order in which it was measured."""
    run = kept.recording.run
    for item in run.measurements:
        point = kept.points.get(item.key)
        if point is None:
            continue
        yield Row(
            run=run.id,
            commit=run.commit,
            dirty=run.dirty,
            started_at=run.started_at.astimezone(UTC),
            verdict=kept.verdict.value,
            environment=run.environment.fingerprint,
            cpu=run.environment.cpu,
            cores=run.environment.cores,
            kernel=run.environment.kernel,
            series=item.key,
            suite=item.id.suite,
            benchmark=item.id.name,
            parameters=list(item.id.params),
            metric=item.metric.name,
            unit=point.unit,
            direction=item.metric.better.value,
            clock=point.clock.value,
            centre=point.centres.get(point.clock),
            spread=point.spread,
            n=point.n,
            launches=_values(item, kept),
            regressed=point.regressed,
            accepted=point.accepted,
        )


def _values(item: Measurement, kept: Stored) -> list[list[float]]:
    clock = kept.points[item.key].clock
    found: Sequence[Sequence[float]] = [each.clocks.get(clock, ()) for each in item.launches]
    return [list(values) for values in found]
