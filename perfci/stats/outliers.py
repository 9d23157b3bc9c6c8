"""Values far from the others, set aside before anything is judged: some other thing happened then.

Only the Python API asks for this, with a threshold that its user names; the rules themselves go by
medians and need nothing to be left out.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.model.run import Recording
from perfci.stats.clock import choose
from perfci.stats.launches import centre, median

_NORMAL = 1.4826
"""Standard deviations of a normal distribution in one median absolute deviation."""


def set_aside(recording: Recording, threshold: float, *, least: int) -> tuple[Recording, int]:
    """Return a recording without the launches that lie too far from the others of their set.

    The farthest go first, and never so many that fewer than `least` of a set are left. Where more
    than half of a set are equal, there is no distance to speak of, and nothing goes.

    Args:
        recording: of one side.
        threshold: robust standard deviations from the median; above 0.
        least: launches of each set that stay.

    Returns:
        The recording with what stays, and how many gated launches are left out.
    """
    kept, count = [], 0
    for item in recording.run.measurements:
        stays = _staying(item, threshold, least) if item.gated else item.launches
        count += len(item.launches) - len(stays)
        kept.append(replace(item, launches=stays))
    return replace(recording, run=replace(recording.run, measurements=tuple(kept))), count


def _staying(item: Measurement, threshold: float, least: int) -> Sequence[Launch]:
    choice = choose(item.metric, [item.launches])
    if choice is None:
        return item.launches
    gone: set[int] = set()
    for stage in Stage:
        chosen = [launch for launch in item.launches if launch.stage is stage]
        gone |= {launch.number for launch in _far(chosen, choice.clock, threshold, least)}
    return tuple(launch for launch in item.launches if launch.number not in gone)


def _far(
    launches: Sequence[Launch], clock: Clock, threshold: float, least: int
) -> tuple[Launch, ...]:
    """Return the launches of one set that lie too far off, the farthest first."""
    if len(launches) <= least or not all(_finite(launch, clock) for launch in launches):
        return ()
    centres = {launch.number: centre(launch, clock) for launch in launches}
    middle = median(centres.values())
    off = {number: abs(value - middle) for number, value in centres.items()}
    limit = threshold * _NORMAL * median(off.values())
    if limit <= 0.0:
        return ()
    far = sorted(
        (launch for launch in launches if off[launch.number] > limit),
        key=lambda launch: (-off[launch.number], centres[launch.number]),
    )
    return tuple(far[: len(launches) - least])


def _finite(launch: Launch, clock: Clock) -> bool:
    values = launch.clocks.get(clock, ())
    return bool(values) and math.isfinite(sum(values))
