"""The shards that are not there: a part that has failed for each, and what is told of them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby

from perfci.cli.shard_files import Unread
from perfci.model.measurement import Failure, Side
from perfci.model.run import Recording
from perfci.model.shard import Place, Shard
from perfci.model.text import printable
from perfci.plan.shards import split

_SPANS = 10
"""Groups of neighbours among the missing shards that are listed at most."""


def missing(
    first: Recording, shard: Shard, there: Collection[int], unread: Sequence[Unread]
) -> list[Recording]:
    """Return a part for each shard that is not there: all its benchmarks have failed.

    Args:
        first: one of those that are there: what is not of a shard alone is taken from it.
        shard: its shard.
        there: indices of those that are there.
        unread: what was given and could not be read: they may have been in it.
    """
    metrics = {it.id: it.metrics for it in shard.suite}
    count = shard.place.count
    base = first.base_run
    found = []
    for index, ids in enumerate(split(list(metrics), count), 1):
        if index in there:
            continue
        place = Place(index=index, count=count)
        reason = f"{place} is missing{_why(unread, 1)}"
        failures = tuple(
            Failure(id=it, side=Side.HEAD, reason=reason, metrics=metrics[it]) for it in sorted(ids)
        )
        found.append(
            replace(
                first,
                run=replace(first.run, measurements=(), failures=failures, warnings=()),
                base_run=replace(base, measurements=(), failures=()) if base else None,
                shard=replace(shard, place=place, complete=not failures),
                elapsed=0.0,
            )
        )
    return found


def told(gone: Sequence[Recording], unread: Sequence[Unread]) -> list[str]:
    """Say which shards are not there, and which files cannot be read and why."""
    found = [f"the gate goes on without a file: {each.error.line}" for each in unread]
    for empty in (False, True):
        places = [
            part.shard.place for part in gone if part.shard and bool(part.run.failures) is not empty
        ]
        if places:
            had = f"; {'it' if len(places) == 1 else 'they'} had no benchmarks" if empty else ""
            found.append(f"{_named(places)} missing{_why(unread, len(places))}{had}")
    return found


def _why(unread: Sequence[Unread], count: int) -> str:
    if unread:
        names = ", ".join(printable(each.name, limit=120) for each in unread[:3])
        more = f" and {len(unread) - 3} more" if len(unread) > 3 else ""
        return f", and {names}{more} cannot be read"
    if count == 1:
        return ": its job failed or its artifact was not downloaded"
    return ": their jobs failed or their artifacts were not downloaded"


def _named(places: Sequence[Place]) -> str:
    """Return `shard 2 of 4 is`, or `shards 2, 5 to 7 of 9 are`."""
    if len(places) == 1:
        return f"{places[0]} is"
    spans = [
        [place.index for _, place in span]
        for _, span in groupby(enumerate(places), lambda it: it[1].index - it[0])
    ]
    texts = [str(one[0]) if len(one) == 1 else f"{one[0]} to {one[-1]}" for one in spans[:_SPANS]]
    rest = sum(map(len, spans[_SPANS:]))
    more = f" and {rest} more" if rest else ""
    return f"shards {', '.join(texts)}{more} of {places[0].count} are"
