"""A branch with one or two series in a store, drawn by letters: one letter a run."""

from collections.abc import Mapping
from dataclasses import replace

from perfci.baselines import load_history, record
from perfci.model.history import Acceptance, Point
from perfci.model.measurement import Clock
from perfci.ports import Store
from perfci.stats.points import points_by_series
from tests.stores.branch import FOLDER, PASSED, POINT, START, job

PARSE, ENCODE = "codec/parse:latency", "codec/encode:latency"
HEIGHTS = {"o": 1.0, "r": 2.0, "n": 2.0, "R": 4.0}


def drawn(letter: str) -> Point:
    """Return a point: o and n are ordinary at 1 and 2 s, r and R regressed at 2 and 4 s."""
    return replace(POINT, centres={Clock.NET: HEIGHTS[letter]}, regressed=letter in "rR")


def keep_row(store: Store, letters: str, *, first: int = 1, key: str = PARSE) -> None:
    """Record one run a letter, one a minute from the minute `first` on."""
    for number, letter in enumerate(letters, first):
        keep_one(store, number, {key: drawn(letter)})


def keep_one(store: Store, number: int, points: Mapping[str, Point]) -> None:
    record(store, job(number), PASSED, points)


def decision(number: int, *runs: int, key: str = PARSE) -> Acceptance:
    """Return the n-th acceptance, of these runs."""
    return Acceptance(
        id=f"20261124T065000Z-{number:08x}",
        branch="feature",
        accepted_at=START,
        commit="e4f5",
        globs=("codec/*",),
        reason="a safer parser",
        series={key: tuple(job(run).run.id for run in runs)},
    )


def acceptance_name(number: int) -> str:
    return f"{FOLDER}/acceptances/{decision(number).id}.json"


def compared_with(store: Store, key: str = PARSE) -> list[float]:
    """Return the centres that the next run of the branch is compared with."""
    found, _ = load_history(store, "app", "feature")
    fingerprint = job(1).run.environment.fingerprint
    points = points_by_series(found, fingerprint).get(key, ())
    return [point.centres[Clock.NET] for point in points]
