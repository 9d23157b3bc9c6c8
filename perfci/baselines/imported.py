"""A run of another tool as a stored run of ours: one launch a series, with its one value."""

import hashlib
from collections.abc import Mapping
from datetime import UTC

from perfci.baselines.keys import run_id
from perfci.model.history import Point
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.model.verdict import Status
from perfci.readers.histories.past import PastRun
from perfci.schema.stored import Stored
from perfci.stats.centre import point


def imported(
    past: PastRun, *, project: str, branch: str, environment: Environment | None = None
) -> Stored:
    """Return the stored run; the same run of the other tool always gives the same.

    Args:
        past: what the other tool has of it.
        project: the name under which baselines are kept.
        branch: on which it was measured.
        environment: taken for the one in which it was measured; None: one that no measured run
            has, so that nothing is compared with it.
    """
    where = environment or past.environment
    told = (past.tool, past.commit, branch, past.started_at.isoformat(), where.fingerprint)
    token = hashlib.sha256("\x1f".join(told).encode("utf-8", "replace")).hexdigest()[:8]
    measurements = tuple(
        Measurement(id=value.id, metric=value.metric, launches=(_launch(value.value, clock),))
        for value in past.values
        for clock in (Clock.WALL if value.metric.timed else Clock.VALUE,)
    )
    started_at = past.started_at.astimezone(UTC)
    run = Run(
        id=run_id(started_at, token),
        commit=past.commit,
        branch=branch,
        started_at=started_at,
        environment=where,
        measurements=measurements,
        warnings=(f"imported from {past.tool}: one value a series, and nothing of its spread",),
    )
    recording = Recording(
        project=project,
        version="",
        mode=Mode.RECORD,
        mode_reason=f"imported from {past.tool}",
        seed=0,
        rounds=None,
        head=Revision(commit=past.commit, ref=branch),
        base=None,
        run=run,
        base_run=None,
    )
    return Stored(recording=recording, verdict=Status.PASS, points=_points(measurements))


def _launch(value: float, clock: Clock) -> Launch:
    return Launch(number=1, stage=Stage.SCREEN, position=0, clocks={clock: (value,)})


def _points(measurements: tuple[Measurement, ...]) -> Mapping[str, Point]:
    return {item.key: point(item) for item in measurements}
