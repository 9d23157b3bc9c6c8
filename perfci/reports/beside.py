"""What was measured beside the values that were judged: wall time, and metrics not listed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from perfci.model.comparison import Comparison
from perfci.model.evaluation import Evaluation
from perfci.model.measurement import Clock, Measurement
from perfci.reports.figures import metric_words, scale_of
from perfci.reports.text import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One value that decides nothing."""

    benchmark: str
    metric: str
    before: str
    """With its unit; empty where base was not measured along."""
    now: str

    def joined(self, arrow: str) -> str:
        """Return `41.2 ms -> 66.3 ms`, or head's value alone."""
        return f"{self.before} {arrow} {self.now}" if self.before else self.now


def wall_time(evaluation: Evaluation, item: Comparison) -> Beside | None:
    """Return the wall time of a series that another clock decided; None where there is none."""
    if item.clock in {None, Clock.WALL, Clock.VALUE}:
        return None
    head, base = _sides(evaluation)
    return _row(head.get(item.key), base.get(item.key), Clock.WALL)


def besides(evaluation: Evaluation) -> tuple[Beside, ...]:
    """Return everything that was measured and not judged, in the order of measuring."""
    return tuple(_not_gated(evaluation))


def _not_gated(evaluation: Evaluation) -> Iterator[Beside]:
    head, base = _sides(evaluation)
    for key, measurement in head.items():
        row = None if measurement.gated else _row(measurement, base.get(key))
        if row:
            yield row


def _sides(evaluation: Evaluation) -> tuple[Mapping[str, Measurement], Mapping[str, Measurement]]:
    recording = evaluation.recording
    before = recording.base_run.measurements if recording.base_run else ()
    head = {item.key: item for item in recording.run.measurements}
    return head, {item.key: item for item in before}


def _row(
    head: Measurement | None, base: Measurement | None, clock: Clock | None = None
) -> Beside | None:
    now, before = _level(head, clock), _level(base, clock)
    if head is None or now is None:
        return None
    scale = scale_of(head.metric, *(value for value in (now, before) if value is not None))
    return Beside(
        benchmark=clean(str(head.id)),
        metric=metric_words(head.metric),
        before="" if before is None else scale.text(before),
        now=scale.text(now),
    )


def _level(measurement: Measurement | None, clock: Clock | None) -> float | None:
    """Return the median of launch medians in a clock, or in whichever there is."""
    if measurement is None:
        return None
    read = [
        it.clocks.get(clock, ()) if clock else next(iter(it.clocks.values()), ())
        for it in measurement.launches
    ]
    return median(median(values) for values in read if values) if any(read) else None
