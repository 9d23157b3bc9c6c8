"""What the store keeps of a series: one point a run."""

import math

import numpy as np

from perfci.model.history import Point
from perfci.model.measurement import Clock, Launch, Measurement
from perfci.model.metric import built_in
from perfci.stats.clock import choose
from perfci.stats.launches import centre, median
from perfci.stats.terms import terms_of


def point(measurement: Measurement) -> Point:
    """Summarise the launches of one series; values that are no numbers are left out.

    Args:
        measurement: of one side, at least one launch.

    Returns:
        A centre for every clock that was read in every launch, and the spread of the launches in
        the clock that decides: of logarithms, or of plain values for absolute metrics.
    """
    launches = measurement.launches
    clocks = {clock for launch in launches for clock in launch.clocks}
    sound = {
        clock: [centre(launch, clock) for launch in launches]
        for clock in sorted(clocks)
        if all(_holds(launch, clock) for launch in launches)
    }
    choice = choose(measurement.metric, [launches])
    clock = choice.clock if choice else next(iter(sound), Clock.WALL)
    terms = terms_of(measurement.metric, 0.05)
    chosen = sound.get(clock, [])
    spread = 0.0
    if len(chosen) > 1 and (terms.absolute or min(chosen) > 0.0):
        spread = float(np.std([terms.value(value) for value in chosen], ddof=1))
    known, better = built_in(measurement.metric.name), measurement.metric.better
    return Point(
        centres={clock: median(values) for clock, values in sound.items()},
        clock=clock,
        spread=spread,
        n=len(launches),
        unit=measurement.metric.unit,
        better=None if known and known.better is better else better,
    )


def _holds(launch: Launch, clock: Clock) -> bool:
    values = launch.clocks.get(clock, ())
    return bool(values) and math.isfinite(sum(values))
