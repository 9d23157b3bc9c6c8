"""The stored runs that a test is compared with, and which of them is its newest baseline."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from perfci.baselines import load_history
from perfci.baselines.branches import listed
from perfci.baselines.finding import Found, load_run
from perfci.baselines.place import place_of
from perfci.model.history import History, StoredRun
from perfci.model.run import Environment
from perfci.wiring.beside import branches_beside
from perfci.wiring.live import Home

_OTHERS = 20
"""Further branches that are looked at, those with the newest runs first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of a series."""

    history: History
    """Of the branch that holds it: head's own, else a pull request's target, the default branch,
    or any other."""
    newest: StoredRun | None
    """The newest run of an equal environment that it may be compared with."""
    foreign: StoredRun | None = None
    """The newest run of another environment, where there is none of an equal one."""
    warnings: tuple[str, ...] = ()

    @property
    def run(self) -> StoredRun | None:
        """Return the newest run that holds the series, whatever its environment."""
        return self.newest or self.foreign


def past_of(home: Home, key: str, environment: Environment) -> Past:
    """Read what is stored of a series.

    Raises:
        StoreError: the store cannot be read.
    """
    found: list[Past] = []
    for branch in _branches(home):
        history, warnings = load_history(home.store, home.name, branch)
        history = history.renamed(home.project.loaded.settings.renamed)
        past = _past(history, key, environment, warnings)
        if past.newest:
            return past
        found.append(past)
    return next((past for past in found if past.foreign), found[0])


def version_of(home: Home, past: Past) -> str:
    """Return the version of the newest baseline; empty where there is none.

    Raises:
        StoreError: the run is gone, or the store cannot be read.
        FormatError: the run is damaged.
    """
    if past.run is None:
        return ""
    return stored(home, past.history.branch, past.run).run.recording.head.ref


def stored(home: Home, branch: str, run: StoredRun) -> Found:
    """Read a stored run whole.

    Raises:
        StoreError: it is gone, or the store cannot be read.
        FormatError: it is damaged.
    """
    return load_run(place_of(home.store, home.name, branch), run.id)


def _branches(home: Home) -> Iterator[str]:
    first = (*branches_beside(home.project), home.project.context.default_branch)
    yield from dict.fromkeys(first)
    others = (each for each in listed(home.store, home.name) if each.branch not in first)
    newest = sorted(others, key=lambda each: each.runs[-1:], reverse=True)
    yield from (each.branch for each in newest[:_OTHERS] if each.runs)


def _past(history: History, key: str, environment: Environment, warnings: tuple[str, ...]) -> Past:
    holding = [run for run in history.runs if key in run.points and run.points[key].counts]
    same = [run for run in holding if run.fingerprint == environment.fingerprint]
    return Past(
        history=_apart(history, key),
        newest=same[-1] if same else None,
        foreign=holding[-1] if holding and not same else None,
        warnings=warnings,
    )


def _apart(history: History, key: str) -> History:
    """Return a history in which the newest version of a baseline is a level of its own.

    Of steps that follow each other at once, the store's rules join those of one height: several
    runs of one change that were accepted together. Versions are never that.
    """
    holding = [run for run in history.runs if key in run.points and run.points[key].counts]
    after = list(takewhile(lambda run: not run.points[key].accepted, reversed(holding)))
    before = holding[: len(holding) - len(after)]
    if not before:
        return history
    joined = takewhile(lambda run: run.points[key].accepted, reversed(before[:-1]))
    gone = {run.id for run in joined}
    return replace(history, runs=tuple(run for run in history.runs if run.id not in gone))
