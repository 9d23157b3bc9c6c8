"""Shards that were interrupted: what they had not decided has failed, and never passes unseen."""

from dataclasses import replace

from perfci.cli.shard_union import united
from perfci.model.comparison import Outcome
from perfci.model.history import History
from perfci.model.measurement import Failure, Side
from perfci.model.run import Recording
from perfci.plan.shards import design_of
from perfci.stats.compare import compare


def fail_undecided(recording: Recording, history: History | None) -> Recording:
    """Turn what the interrupted shards of a whole left undecided into failures.

    A benchmark that raised a suspicion and was cut off before its confirmation would else be
    `inconclusive`, which most gates let through.

    Args:
        recording: of any kind; what is not joined of shards is returned as it is.
        history: what its parts were compared with, if anything.
    """
    cut = {part.shard.place for part in recording.parts if part.shard and not part.shard.complete}
    if not cut:
        return recording
    return united(tuple(_failing(part, history) for part in recording.parts))


def _failing(part: Recording, history: History | None) -> Recording:
    if part.shard is None or part.shard.complete:
        return part
    planned = {item.id: item for item in part.shard.suite}
    undecided = {
        it.id: None
        for it in compare(part.run, part.base_run, history, design_of(part))
        if it.outcome is Outcome.INCONCLUSIVE
    }
    failures = tuple(
        Failure(
            id=it,
            side=Side.HEAD,
            reason=f"{part.shard.place} ended before it was decided",
            metrics=planned[it].metrics,
        )
        for it in undecided
    )
    return replace(part, run=replace(part.run, failures=(*part.run.failures, *failures)))
