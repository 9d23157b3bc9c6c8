"""What measuring is asked to see, against what the limits ask and launches can show."""

from collections.abc import Iterator

import numpy as np

from perfci.model.metric import Assumption, Metric
from perfci.plan.reach import Governed, Reach, listed
from perfci.stats.evidence import Evidence
from perfci.stats.needed import HOPELESS, launches_needed
from perfci.stats.sample import SCREEN_LOOKS
from perfci.stats.series import Design
from perfci.stats.terms import terms_of
from perfci.stats.wording import sized
from perfci.units import limit

_FINE = 0.01
"""From this down, even quiet machines need more launches than the rule grants."""
_REPEATING = 0.005
"""A metric that repeats to the bit is called worse beyond this."""


def seen(metric: Metric, sensitivity: float, *, apart: bool = False) -> str:
    """Return the worsening that a series is measured to see, as people write it: `5 %`, `1 point`.

    Args:
        metric: of the series.
        sensitivity: the change to be seen, as the settings have it.
        apart: whether head is compared with stored runs instead of side by side.
    """
    terms = terms_of(metric, sensitivity)
    if metric.assumption is Assumption.EXACT:
        return sized(terms, terms.exact)
    return sized(terms, terms.apart if apart else terms.tau)


def blind_spots(reach: Reach) -> Iterator[str]:
    """Say which limits lie below what is worked for."""
    missed = [
        it.limits.threshold
        for it in reach.series
        if _spreads(it)
        and it.limits.threshold is not None
        and it.sensitivity > it.limits.threshold + 1e-12
    ]
    if missed:
        least = limit(min(missed))
        place = reach.loaded.provenance(("gate", "sensitivity"))
        yield (
            f"gate.sensitivity is {limit(reach.policy.sensitivity)} ({place}), and "
            f"gate.fail_on: {reach.policy.fail_on} blocks from {least} on: what lies between may "
            f"pass as unchanged; set the sensitivity to {least.replace(' ', '')} or less"
        )
    for number, rule in enumerate(reach.policy.rules):
        exact = [it.key for it in reach.series if it.relative == number and _repeats(it)]
        if exact and rule.threshold is not None and rule.threshold < _REPEATING:
            yield (
                f"{reach.rule(number)} blocks from {limit(rule.threshold)} on, but counts such as "
                f"{listed(exact)} are called worse from {limit(_REPEATING)} on only"
            )


def too_fine(reach: Reach, design: Design) -> Iterator[str]:
    """Say what it takes to see as little as is asked for."""
    groups: dict[int | None, Governed] = {}
    for it in reach.series:
        if _spreads(it) and it.sensitivity <= _FINE:
            lowered = it.sensitivity < reach.policy.sensitivity
            groups.setdefault(it.relative if lowered else None, it)
    for number, item in groups.items():
        place = reach.loaded.provenance(("gate", "sensitivity"))
        who = f"gate.sensitivity ({place})" if number is None else reach.rule(number)
        yield (
            f"{who} asks to see {limit(item.sensitivity)}: {_cost(item, design)}; 5% is usual, and "
            "2% the least that is worth trying"
        )


def _cost(item: Governed, design: Design) -> str:
    """Say how many launches a sensitivity takes where launches spread as is supposed of them."""
    terms = terms_of(item.metric, item.sensitivity)
    first = float(SCREEN_LOOKS[0])
    evidence = Evidence(
        location=np.zeros(1), error=np.array([terms.spread / first**0.5]), freedom=np.full(1, 50.0)
    )
    (needed,) = launches_needed(evidence, np.full(1, first), [terms], design.alpha)
    about = f"about {needed}" if needed else f"more than {HOPELESS}"
    granted = (
        f"measure.rounds grants {design.rounds}"
        if design.rounds
        else f"what does not look worse gets {SCREEN_LOOKS[-1]} and is then inconclusive"
    )
    return (
        f"side by side, where launches spread by {limit(terms.spread)}, that takes {about} "
        f"launches a side, and {granted}"
    )


def _repeats(item: Governed) -> bool:
    return item.metric.assumption is Assumption.EXACT


def _spreads(item: Governed) -> bool:
    return not item.metric.absolute and not _repeats(item)
