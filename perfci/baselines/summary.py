"""What is kept of a judged run for later comparisons: a point a series."""

from dataclasses import replace

from perfci.model.comparison import Outcome
from perfci.model.history import Point
from perfci.model.run import Run
from perfci.model.verdict import Verdict
from perfci.stats.centre import point


def points_of(run: Run, verdict: Verdict) -> dict[str, Point]:
    """Summarise the gated series; one that got worse is marked: no baseline until accepted.

    Args:
        run: head's side of what was measured.
        verdict: what the gate decided about it.

    Returns:
        Points by series key.
    """
    worse = {item.key: item for item in verdict.findings if item.outcome is Outcome.REGRESSED}
    known = {key for key, item in worse.items() if item.accepted}
    return {
        item.key: replace(point(item), regressed=item.key in worse, accepted=item.key in known)
        for item in run.measurements
        if item.launches and item.gated
    }
