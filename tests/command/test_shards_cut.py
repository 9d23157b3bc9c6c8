"""A shard that was interrupted lets nothing through that it had not decided."""

from dataclasses import replace
from pathlib import Path

import pytest

from perfci.__main__ import main
from perfci.cli.merge import merge
from perfci.cli.shard_cut import fail_undecided
from perfci.gate.policy import Policy
from perfci.model.comparison import Outcome
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.model.shard import Place
from perfci.model.verdict import Status
from perfci.pipeline import Surroundings, evaluate
from perfci.plan.shards import design_of, narrowed
from perfci.ports import LaunchOrder
from perfci.stats.compare import compare
from tests.command.sharded import NAMES, enter, shard, write
from tests.measure.test_loop import Known, Ticking, plan, run
from tests.measure.test_rerun import recorded

SLOW = next(
    index for index in (1, 2, 3) if any("slow" in it.key for it in shard(index).run.measurements)
)


def cut(after: int) -> Recording:
    """Measure the shard of what got slower, and stop it after so many launches."""
    known = Known(Ticking())

    def stop(_: LaunchOrder) -> None:
        if len(known.orders) >= after:
            raise KeyboardInterrupt

    known.before = stop
    part = narrowed(plan(*NAMES), Place(index=SLOW, count=3))
    measured = run(part, known)
    assert part.shard is not None
    assert measured.interrupted
    whole, found = shard(SLOW), recorded(measured)
    own = replace(found.run, id=whole.run.id)
    shard_ = replace(part.shard, complete=False)
    return replace(whole, run=own, base_run=found.base_run, shard=shard_)


def others() -> list[Recording]:
    return [shard(index) for index in (1, 2, 3) if index != SLOW]


def outcomes(recording: Recording) -> dict[str, Outcome]:
    verdict = evaluate(recording, Policy(), Surroundings()).verdict
    return {it.comparison.id.name: it.outcome for it in verdict.findings}


def test_a_suspicion_that_was_cut_off_is_an_error_and_what_was_decided_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupted = cut(10)  # all were looked at once, and the confirmation had begun
    alone = {
        it.id.name: it.outcome
        for it in compare(interrupted.run, interrupted.base_run, None, design_of(interrupted))
    }
    assert alone["slow+25"] is Outcome.INCONCLUSIVE
    assert Outcome.UNCHANGED in alone.values()

    enter(tmp_path, monkeypatch)
    assert main(["gate", *write(tmp_path, [*others(), interrupted])]) == 2
    assert "1 benchmark failed: s/slow+25" in capsys.readouterr().out
    whole, _ = merge([*others(), interrupted])
    found = outcomes(fail_undecided(whole, None))
    decided = alone | {"slow+25": Outcome.FAILED}
    assert found == dict.fromkeys(NAMES, Outcome.UNCHANGED) | decided


def test_wherever_a_shard_is_cut_off_the_whole_is_no_pass() -> None:
    for after in range(1, 13, 3):
        whole, _ = merge([*others(), cut(after)])
        judged = evaluate(fail_undecided(whole, None), Policy(), Surroundings())
        assert judged.verdict.status is Status.ERROR


def test_what_had_run_out_of_time_only_stays_inconclusive() -> None:
    interrupted = cut(10)
    assert interrupted.shard is not None
    timed_out = replace(interrupted, shard=replace(interrupted.shard, complete=True))
    whole, _ = merge([*others(), timed_out])
    assert fail_undecided(whole, None) is whole


def test_beside_stored_runs_nothing_is_undecided_for_want_of_a_base() -> None:
    found = cut(10)
    recording = replace(found, mode=Mode.RECORD, base=None, base_run=None)
    whole, _ = merge([recording])
    assert fail_undecided(whole, None).run.failures == whole.run.failures
