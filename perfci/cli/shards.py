"""The shards of one suite to the whole: what is missing is named, what is twice counts once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from perfci.cli.shard_union import united
from perfci.errors import ConfigurationError
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Failure, Side
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.model.shard import Place, Planned, Shard
from perfci.model.text import printable
from perfci.plan.shards import own, split

_AGAIN = "give `perfci gate` the files of one pipeline alone, each measured with the same settings"


def join_shards(recordings: Sequence[Recording]) -> tuple[Recording, tuple[str, ...]]:
    """Join shards; each stays what it was decided to be.

    A benchmark of a shard that is not there has failed: the answer is an error that names the
    shard, and what the others found is told all the same.

    Args:
        recordings: at least one, all with a shard.

    Returns:
        The whole, and what is to be told of its parts.

    Raises:
        ConfigurationError: they are not shards of one suite at the same commits.
    """
    by_index: dict[int, list[Recording]] = {}
    first = recordings[0]
    for recording in recordings:
        _insist_on_one_suite(first, recording)
        by_index.setdefault(_shard(recording).place.index, []).append(recording)
    told: list[str] = []
    chosen = {index: _chosen(by_index[index], told) for index in sorted(by_index)}
    parts = [_with_what_it_lacks(part) for part in chosen.values()]
    missing = _missing(first, chosen)
    told += [_gone(part) for part in missing]
    return united((*parts, *missing)), tuple(told)


def _shard(recording: Recording) -> Shard:
    assert recording.shard is not None  # noqa: S101 - only shards come here
    return recording.shard


def _insist_on_one_suite(first: Recording, other: Recording) -> None:
    one, another = _shard(first), _shard(other)
    for what, before, after in (
        ("project", first.project, other.project),
        ("version of perfci", first.version, other.version),
        ("number of shards", one.place.count, another.place.count),
        ("head", first.head, other.head),
        ("base", _base(first), _base(other)),
        ("mode", _kind(first), _kind(other)),
        ("rounds", first.rounds, other.rounds),
        ("plan", one.plan, another.plan),
    ):
        if before != after:
            raise ConfigurationError(
                f"{one.place} and {another.place} do not belong together: their {what} differs "
                f"({_named(before)} and {_named(after)})",
                hint=_AGAIN,
            )
    if one.suite != another.suite:
        raise ConfigurationError(
            f"{one.place} and {another.place} do not belong together: they are of suites with "
            "different benchmarks",
            hint=_AGAIN,
        )
    there = {it.id for it in other.run.measurements} | {it.id for it in other.run.failures}
    foreign = there - own(another)
    if foreign:
        raise ConfigurationError(
            f"{another.place} holds {_named(min(foreign))}, which is not one of its benchmarks",
            hint=_AGAIN,
        )


def _base(recording: Recording) -> str:
    return recording.base.commit if recording.base else "none"


def _kind(recording: Recording) -> str:
    """Return `paired`, or `stored runs`: one machine may find some of its kind, another none."""
    return recording.mode.value if recording.mode is Mode.PAIRED else "stored runs"


def _named(value: object) -> str:
    return printable(str(value), limit=120)


def _chosen(runs: Sequence[Recording], told: list[str]) -> Recording:
    """Return which of several runs of one shard counts.

    That is one that has taken the others in, as reruns with a store do, else the first that is
    whole: to rerun a shard until it is green would be another draw.
    """
    by_id: dict[str, Recording] = {}
    for run in runs:
        if by_id.setdefault(run.run.id, run) != run:
            raise ConfigurationError(
                f"two different files say that they are run {_named(run.run.id)}", hint=_AGAIN
            )
    taken_in = {id_ for run in by_id.values() for id_ in run.earlier}
    left = [run for id_, run in by_id.items() if id_ not in taken_in] or list(by_id.values())
    left.sort(key=lambda run: (run.run.started_at, run.run.id))
    whole = [run for run in left if _shard(run).complete and not run.run.failures]
    found = whole[0] if whole else left[-1]
    if len(by_id) > 1:
        why = (
            "the first that measured all counts" if whole else "none measured all: the last counts"
        )
        told.append(
            f"{_shard(found).place} was run {len(by_id)} times, and {why} ({_named(found.run.id)})"
        )
    elif len(runs) > 1:
        told.append(f"{_shard(found).place} was given {len(runs)} times, and counts once")
    return found


def _with_what_it_lacks(part: Recording) -> Recording:
    shard = _shard(part)
    there = {it.id for it in part.run.measurements if it.gated and it.launches}
    there |= {it.id for it in part.run.failures}
    mine = own(shard)
    lacking = [it for it in shard.suite if it.id in mine and it.id not in there]
    failures = _failed(lacking, f"{shard.place} ended before it was measured")
    return replace(part, run=replace(part.run, failures=(*part.run.failures, *failures)))


def _missing(first: Recording, chosen: Mapping[int, Recording]) -> list[Recording]:
    """Return a part for each shard that is not there: all its benchmarks have failed."""
    shard = _shard(first)
    count = shard.place.count
    metrics = {it.id: it for it in shard.suite}
    found = []
    for index, ids in enumerate(split([it.id for it in shard.suite], count), 1):
        if index in chosen:
            continue
        place = Place(index=index, count=count)
        lost = [metrics[each] for each in _sorted(ids)]
        run = replace(first.run, measurements=(), failures=_failed(lost, _why(place)), warnings=())
        base = first.base_run
        empty = replace(base, measurements=(), failures=()) if base else None
        own_shard = replace(shard, place=place, complete=False)
        found.append(replace(first, run=run, base_run=empty, shard=own_shard, elapsed=0.0))
    return found


def _sorted(ids: Iterable[BenchmarkId]) -> list[BenchmarkId]:
    return sorted(ids)


def _why(place: Place) -> str:
    return f"{place} is missing: its job failed or its artifact was not downloaded"


def _gone(part: Recording) -> str:
    empty = "" if part.run.failures else "; it had no benchmarks"
    return f"{_why(_shard(part).place)}{empty}"


def _failed(lacking: Iterable[Planned], reason: str) -> tuple[Failure, ...]:
    return tuple(
        Failure(id=it.id, side=Side.HEAD, reason=reason, metrics=it.metrics) for it in lacking
    )
