"""Several files of one tool to one reading."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from perfci.errors import FormatError
from perfci.model.text import printable
from perfci.readers.reading import Found, Reading
from perfci.readers.source import Source

_Thing = TypeVar("_Thing")
_SHOWN = 3


def each(parse: Callable[[Source], Reading]) -> Callable[[Sequence[Source]], Reading]:
    """Return a reader of several files from one of a single file that stands for itself.

    What they say of one series becomes launches: each file comes from a run of its own. The first
    file that tells of machine, commit, branch or time is believed.
    """

    def parse_all(sources: Sequence[Source]) -> Reading:
        return joined([distinct(parse(source)) for source in sources])

    return parse_all


def joined(readings: Sequence[Reading]) -> Reading:
    """Join what several files of one tool say.

    Raises:
        FormatError: they are of several commits.
    """
    return Reading(
        found=tuple(item for reading in readings for item in reading.found),
        broken=tuple(item for reading in readings for item in reading.broken),
        machine=_first(reading.machine for reading in readings if reading.machine.cpu)
        or readings[0].machine,
        commit=_only([reading.commit for reading in readings]),
        branch=_first(reading.branch for reading in readings) or "",
        started_at=_first(reading.started_at for reading in readings),
        left=tuple(text for reading in readings for text in reading.left),
    )


def _only(said: Iterable[str]) -> str:
    """Return the one commit that is named, as long as it is named anywhere."""
    commits: list[str] = []
    for commit in sorted(dict.fromkeys(filter(None, said)), key=len, reverse=True):
        # some tools shorten it
        if not any(longer.startswith(commit) for longer in commits):
            commits.append(commit)
    if len(commits) < 2:
        return commits[0] if commits else ""
    raise FormatError(
        f"these are results of {len(commits)} commits: {_listed(commits)}",
        hint="Name the files of one commit: several files are taken for launches of it. "
        "`perfci compare` takes the files of two commits, each by itself.",
    )


def _listed(commits: Sequence[str]) -> str:
    shown = [printable(commit, limit=80)[:7] for commit in commits[:_SHOWN]]
    if len(commits) > _SHOWN:
        shown.append(f"{len(commits) - _SHOWN} more")
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def _first(things: Iterable[_Thing]) -> _Thing | None:
    return next((thing for thing in things if thing), None)


def distinct(reading: Reading) -> Reading:
    """Number what comes again in one file under one name: the second becomes `name #2`.

    Where that is the name of another, the next number that is free.
    """
    if len({_series(item) for item in reading.found}) == len(reading.found):
        return reading
    taken = {item.name for item in reading.found} | {item.name for item in reading.broken}
    seen: Counter[tuple[object, ...]] = Counter()
    found: list[Found] = []
    again: Counter[str] = Counter()
    for item in reading.found:
        key = _series(item)
        seen[key] += 1
        if seen[key] > 1:
            again[item.name] += 1
            while (name := f"{item.name} #{seen[key]}") in taken:
                seen[key] += 1
            item = replace(item, name=name)  # noqa: PLW2901
        found.append(item)
    first = next(iter(again))
    told = f"{len(again)} names come more than once and are numbered, e.g. {first} #2"
    return replace(reading, found=tuple(found), left=(*reading.left, told))


def _series(item: Found) -> tuple[object, ...]:
    """Return what is one series of a tool's file."""
    return (item.name, item.params, item.metric.name)
