"""Several recorded runs to one: parts that somebody chose, or the shards of one suite."""

from collections.abc import Sequence
from dataclasses import replace

from perfci.cli.shard_files import Unread
from perfci.cli.shards import join_shards
from perfci.errors import ConfigurationError, FormatError
from perfci.model.run import Recording


def merge(
    recordings: Sequence[Recording], unread: Sequence[Unread] = ()
) -> tuple[Recording, tuple[str, ...]]:
    """Join the runs of several jobs over different benchmarks of the same two commits.

    Args:
        recordings: what could be read of all that was given.
        unread: the rest of it. Among shards it is as if it was not there; else nobody knows what
            was in it.

    Returns:
        The whole, and what is to be told of its parts.

    Raises:
        ConfigurationError: they do not belong together, or share a benchmark.
        FormatError: something could not be read, and there are no shards.
    """
    if not recordings:
        raise _nothing(unread)
    sharded = [recording for recording in recordings if recording.shard is not None]
    if len(sharded) == len(recordings):
        return join_shards(sharded, unread)
    if unread:
        raise unread[0].error
    if sharded:
        raise ConfigurationError(
            f"{sharded[0].run.id} is a shard, and {_whole(recordings).run.id} is not: they cannot "
            "be judged together",
            hint="measure all of them with `perfci run --shard`, or none",
        )
    first, *others = recordings
    joined = first
    for other in others:
        for name in ("project", "mode", "rounds"):
            if getattr(other, name) != getattr(first, name):
                raise ConfigurationError(
                    f"these runs cannot be judged together: their {name} differs "
                    f"({getattr(first, name)} and {getattr(other, name)})"
                )
        if (other.head.commit, other.base) != (first.head.commit, first.base):
            raise ConfigurationError(
                "these runs cannot be judged together: they are of different commits "
                f"({first.head} and {other.head})"
            )
        joined = _join(joined, other)
    return joined, ()


def _nothing(unread: Sequence[Unread]) -> FormatError:
    first = unread[0].error
    if len(unread) == 1:
        return first
    return FormatError(
        f"none of the {len(unread)} files given can be read; of the first: {first.message}",
        hint=first.hint,
    )


def _whole(recordings: Sequence[Recording]) -> Recording:
    return next(recording for recording in recordings if recording.shard is None)


def _join(one: Recording, other: Recording) -> Recording:
    twice = {m.key for m in one.run.measurements} & {m.key for m in other.run.measurements}
    if twice:
        raise ConfigurationError(
            f"{min(twice)} was measured in more than one of these runs",
            hint="name each run once; the parts of a run share no benchmark",
        )
    run = replace(
        one.run,
        measurements=(*one.run.measurements, *other.run.measurements),
        failures=(*one.run.failures, *other.run.failures),
        warnings=(*one.run.warnings, *other.run.warnings),
    )
    base = one.base_run
    if base is not None and other.base_run is not None:
        base = replace(
            base,
            measurements=(*base.measurements, *other.base_run.measurements),
            failures=(*base.failures, *other.base_run.failures),
        )
    return replace(one, run=run, base_run=base, elapsed=one.elapsed + other.elapsed)
