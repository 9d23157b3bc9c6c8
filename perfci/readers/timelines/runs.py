"""Runs of many series, turned into series of many runs; of one kind of machine, where told so."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.model.text import printable
from perfci.readers.histories.past import PastRun
from perfci.readers.timelines.drafts import Drafts

_RECENT = 50
"""Runs by which it is decided which environment is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value of a series in a run, in its base unit."""

    name: str
    unit: str
    better: Better
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One run, as far as a history needs it."""

    commit: str
    time: datetime
    fingerprint: str
    """Of the machine; values of different ones are never compared."""
    readings: tuple[Reading, ...]


def add_runs(runs: Sequence[Sighting], drafts: Drafts, *, everywhere: bool) -> tuple[str, ...]:
    """Add the series of runs, and return what is to be told of environments.

    Args:
        runs: oldest first.
        drafts: what they are added to.
        everywhere: True for all environments, each with series of its own; else only the one
            that has most of the newest 50 runs.
    """
    counts = Counter(run.fingerprint for run in runs)
    chosen = main_environment([run.fingerprint for run in runs])
    for run in runs:
        if not everywhere and run.fingerprint != chosen:
            continue
        for each in run.readings:
            several = everywhere and len(counts) > 1
            name = f"{each.name} @ {run.fingerprint[:8]}" if several else each.name
            draft = drafts.of(name, each.unit, each.better)
            if draft.unit != each.unit:
                drafts.left.add(f"its unit was {each.unit}, not {draft.unit}", each.name)
            elif math.isfinite(each.value):
                drafts.add(draft, run.commit, run.time, each.value)
    others = sum(counts.values()) - counts[chosen]
    if everywhere or not others:
        return ()
    many = len(counts) - 1
    text = (
        f"shown are the {counts[chosen]:,} runs of environment {chosen}; {others:,} of "
        f"{many} other{'s' if many > 1 else ''} are not comparable with them "
        "(--all-environments shows each by itself)"
    )
    return (text,)


def main_environment(fingerprints: Sequence[str]) -> str:
    """Return the one with most of the newest runs, the newest of those where it is a draw.

    Args:
        fingerprints: of the runs, the oldest first.
    """
    recent = list(fingerprints[-_RECENT:])
    # the first of equals wins, and the newest comes first
    counted = Counter(reversed(recent))
    return max(counted, key=lambda each: counted[each], default="")


def past_runs(runs: Iterable[PastRun], source: str, branch: str | None) -> Iterator[Sighting]:
    """Yield the runs of another tool's history.

    Args:
        runs: oldest first.
        source: the files' names, for messages.
        branch: whose runs count, where the tool tells branches; None: there has to be one alone.

    Raises:
        FormatError: there are several branches, and none was named.
    """
    several = list(runs)
    names = dict.fromkeys(run.branch for run in several if run.branch)
    if branch is None and len(names) > 1:
        shown = ", ".join(printable(name)[:40] for name in list(names)[:6])
        raise FormatError(
            f"{source} holds runs of {len(names)} branches: {shown}",
            hint="name the one to look at: --branch main",
        )
    for run in several:
        if branch is not None and run.branch not in {"", branch}:
            continue
        yield Sighting(
            commit=run.commit,
            time=run.started_at,
            fingerprint=run.environment.fingerprint,
            readings=tuple(
                Reading(
                    name=value.id.series(value.metric.name),
                    unit=value.metric.unit,
                    better=value.metric.better,
                    value=value.value,
                )
                for value in run.values
            ),
        )
