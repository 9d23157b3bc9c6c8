"""The measuring loop without processes: the rule asks for launches, a source brings them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from perfci.model.measurement import Stage
from perfci.model.revision import Mode
from perfci.stats.decide import decide
from perfci.stats.launches import Pair
from perfci.stats.series import Design, Series

PAIRED = Design(mode=Mode.PAIRED)

Source = Callable[[int, int, Stage], Pair]
"""Brings one launch: of the series at a place, with a number (from 1), for a stage."""


def follow(
    series: Sequence[Series], source: Source, design: Design = PAIRED, most: int = 10**6
) -> list[Series]:
    """Measure what the rule asks for until it asks for nothing more.

    Args:
        series: of one metric each, without launches yet.
        source: of launches.
        design: how to decide.
        most: launches of all series together, after which the time is up.

    Returns:
        The series with their launches, in the same order.
    """
    every = list(series)
    total = 0
    while requests := decide(every, design).requests:
        for place, now in enumerate(every):
            request = requests.get(now.key)
            if request is None:
                continue
            fresh = []
            for number in range(len(now.head) + 1, len(now.head) + 1 + request.launches):
                if total < most:
                    fresh.append(source(place, number, request.stage))
                    total += 1
            every[place] = replace(
                now,
                base=(*now.base, *(pair.base for pair in fresh)),
                head=(*now.head, *(pair.head for pair in fresh)),
            )
            if total == most:
                return every
    return every
