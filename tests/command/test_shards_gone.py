"""What stored runs know and no shard measures any more is told, as without shards."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from perfci.cli.merge import merge
from perfci.gate.policy import Policy
from perfci.model.comparison import Outcome
from perfci.model.history import History, Point, StoredRun
from perfci.model.measurement import Clock
from perfci.model.revision import Mode
from perfci.model.run import Environment, Recording
from perfci.pipeline import Surroundings, evaluate
from tests.command.sharded import NAMES, shard

HERE = Environment(cpu="c", cores=2, kernel="Linux 6.8")
OTHER = Environment(cpu="other", cores=8, kernel="Linux 6.8")


def stored(at: int, environment: Environment, *names: str) -> StoredRun:
    point = Point(
        centres={Clock.NET: 0.01, Clock.WALL: 0.01}, clock=Clock.NET, spread=0.01, n=5, unit="s"
    )
    return StoredRun(
        id=f"20261120T00000{at}Z-aa",
        commit="a",
        started_at=datetime(2026, 11, 20, 0, 0, at, tzinfo=UTC),
        fingerprint=environment.fingerprint,
        verdict="pass",
        points={f"s/{name}:latency": point for name in names},
    )


PAST = History(
    branch="main",
    runs=(
        stored(1, HERE, *NAMES, "long gone"),
        stored(2, HERE, *NAMES, "dropped"),
        stored(3, OTHER, *NAMES, "dropped too"),
    ),
)


def alone(recording: Recording, environment: Environment = HERE) -> Recording:
    """Return a recording as one without a base."""
    run = replace(recording.run, environment=environment)
    return replace(recording, mode=Mode.HISTORY, base=None, base_run=None, run=run)


@pytest.fixture(scope="module")
def three() -> tuple[Recording, ...]:
    return tuple(alone(shard(index)) for index in (1, 2, 3))


def gone(recording: Recording, history: History | None = PAST) -> dict[str, object]:
    verdict = evaluate(recording, Policy(), Surroundings(history=history)).verdict
    found = [it.comparison for it in verdict.findings if it.outcome is Outcome.MISSING]
    assert len({it.key for it in found}) == len(found)
    return {it.id.name: it.base for it in found}


def test_shards_and_the_whole_miss_the_same(three: tuple[Recording, ...]) -> None:
    whole, _ = merge(three)
    unsharded = replace(whole, parts=())
    assert gone(whole) == gone(unsharded)
    assert gone(whole).keys() == {"dropped"}


def test_on_machines_of_two_kinds_the_newest_run_of_each_counts(
    three: tuple[Recording, ...],
) -> None:
    whole, _ = merge([*three[:2], alone(three[2], OTHER)])
    assert gone(whole).keys() == {"dropped", "dropped too"}


def test_what_a_missing_shard_was_to_measure_has_failed_and_is_not_gone(
    three: tuple[Recording, ...],
) -> None:
    whole, _ = merge(three[:2])
    assert gone(whole).keys() == {"dropped"}


def test_where_only_some_were_asked_for_nothing_is_gone(three: tuple[Recording, ...]) -> None:
    whole, _ = merge([replace(it, partial=True) for it in three])
    assert gone(whole) == {}


def test_without_stored_runs_of_such_machines_nothing_is_gone(
    three: tuple[Recording, ...],
) -> None:
    whole, _ = merge(three)
    assert gone(whole, None) == {}
    assert gone(whole, History(branch="main", runs=PAST.runs[2:])) == {}
