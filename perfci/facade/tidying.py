"""What is old is deleted, but nothing that the next test is compared with."""

from datetime import datetime

from perfci.baselines import refresh, whole_history
from perfci.baselines.branches import Listed, listed
from perfci.baselines.gathering import acceptances_of
from perfci.baselines.place import place_of
from perfci.baselines.retention import Wish, delete_runs, idle_acceptances, idle_runs
from perfci.facade import kept
from perfci.wiring import process
from perfci.wiring.live import Home


def tidied(home: Home, moment: datetime) -> tuple[dict[str, int], tuple[str, ...]]:
    """Delete results and runs that are older than a moment.

    Of each series some 20 runs stay however old they are: that is what tests and the command look
    at.

    Args:
        home: of the framework.
        moment: aware.

    Returns:
        How many `results`, `baselines` and `acceptances` were deleted, and what is to be told.

    Raises:
        StoreError: something cannot be read or deleted.
    """
    counts = {"results": kept.delete_before(home.store, moment), "baselines": 0, "acceptances": 0}
    told: list[str] = []
    for branch in listed(home.store, home.name):
        runs, acceptances, warnings = _tidied(home, branch, moment)
        counts["baselines"] += runs
        counts["acceptances"] += acceptances
        told += warnings
    return counts, tuple(told)


def _tidied(home: Home, branch: Listed, moment: datetime) -> tuple[int, int, tuple[str, ...]]:
    place = place_of(home.store, home.name, branch.branch)
    index, warnings = whole_history(home.store, home.name, branch.branch)
    runs = idle_runs(branch, index, Wish(keep=1, since=moment))
    accepted, faults = acceptances_of(place, branch.acceptances)
    idle = idle_acceptances(accepted, {*branch.runs} - {*runs})
    if runs or idle:
        delete_runs(place, runs, idle)
        warnings += refresh(home.store, home.name, branch.branch, pause=process.pause)
    return len(runs), len(idle), (*warnings, *faults)
