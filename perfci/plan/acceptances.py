"""Acceptances that stand for nothing, for everything, or longer than anybody will remember."""

from collections.abc import Iterator

from perfci.gate.accept import Acceptance
from perfci.gate.match import matches
from perfci.plan.reach import Reach
from perfci.settings.spelling import shown
from perfci.units import limit

_YEARS = 2
"""An acceptance that is to hold for longer has probably a wrong year."""


def doubtful_acceptances(reach: Reach) -> Iterator[str]:
    """Say which entries do nothing, and which do too much."""
    own = len(reach.loaded.settings.gate.accept)
    for number, entry in enumerate(reach.policy.accept):
        who = f"the acceptance of {shown(entry.match)} ({entry.source})"
        found = [it.limits.threshold for it in reach.series if matches(entry.match, it.key)]
        unknown = reach.may_mean(entry.match)
        if not found and not unknown:
            yield f"{who} matches no series{reach.instead(entry.match)}"
        elif entry.until is not None and reach.policy.today > entry.until:
            yield f"{who} ended on {entry.until}: {entry.reason}"
        elif number < own:
            yield from (f"{who} {fault}" for fault in _faults(entry, reach))
            if not unknown:
                yield from (f"{who} {fault}" for fault in _idle(entry, found, reach))


def _faults(entry: Acceptance, reach: Reach) -> Iterator[str]:
    """Say what is odd about an entry of the settings that holds.

    Args:
        entry: of `gate.accept`.
        reach: the suite under its policy.
    """
    if not set(entry.match) - set("*?/:") and entry.until is None and entry.up_to is None:
        yield (
            "accepts everything for ever: no regression can fail this gate; narrow its match, or "
            "give it until and up_to"
        )
    if entry.until is not None and entry.until.year - reach.policy.today.year > _YEARS:
        yield (
            f"holds until {entry.until}, more than {_YEARS} years from now: is the year the one "
            "that was meant?"
        )


def _idle(entry: Acceptance, found: list[float | None], reach: Reach) -> Iterator[str]:
    """Say that an entry stands for nothing that would block.

    Args:
        entry: of `gate.accept`.
        found: the limit of each series that it matches.
        reach: the suite under its policy.
    """
    # what max_regressions counts, it stands for whatever the size
    if reach.policy.max_regressions is not None:
        return
    limits = [each for each in found if each is not None]
    if not limits:
        yield "is never needed: nothing blocks what it matches"
    elif entry.up_to is not None and entry.up_to < min(limits) - 1e-12:
        yield (
            f"is never needed: it holds up to {limit(entry.up_to)}, and what it matches blocks "
            f"from {limit(min(limits))} on"
        )
