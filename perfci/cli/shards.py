"""The shards of one suite to the whole: what is missing is named, what is twice counts once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfci.cli.shard_files import Unread
from perfci.cli.shard_gone import missing
from perfci.cli.shard_gone import told as told_of
from perfci.cli.shard_union import united
from perfci.errors import ConfigurationError
from perfci.model.measurement import Failure, Side
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.model.shard import Planned, Shard
from perfci.model.text import printable
from perfci.plan.shards import own

_AGAIN = "give `perfci gate` the files of one pipeline alone, each measured with the same settings"


def join_shards(
    recordings: Sequence[Recording], unread: Sequence[Unread] = ()
) -> tuple[Recording, tuple[str, ...]]:
    """Join shards; each stays what it was decided to be.

    A benchmark of a shard that is not there has failed: the answer is an error that names the
    shard, and what the others found is told all the same.

    Args:
        recordings: at least one, all with a shard.
        unread: what was given and could not be read: the shards that were in it are missing.

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
    gone = missing(first, _shard(first), chosen, unread)
    return united((*parts, *gone)), (*told, *told_of(gone, unread))


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
    ):
        if before != after:
            raise ConfigurationError(
                f"{one.place} and {another.place} do not belong together: their {what} differs "
                f"({_named(before)} and {_named(after)})",
                hint=_AGAIN,
            )
    if one.plan != another.plan:
        raise ConfigurationError(
            f"{one.place} and {another.place} do not belong together: they were planned with "
            "different settings (what is measured, its metrics and sensitivities, setup or "
            "interpreter)",
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


def _failed(lacking: Iterable[Planned], reason: str) -> tuple[Failure, ...]:
    return tuple(
        Failure(id=it.id, side=Side.HEAD, reason=reason, metrics=it.metrics) for it in lacking
    )
