"""Which runs may become a baseline of another branch, and what is kept of the decision."""

from dataclasses import replace

import pytest

from perfci.baselines import load_history
from perfci.baselines.promotion import promote, promoted
from perfci.errors import ConfigurationError, FormatError
from perfci.model.measurement import Failure, Side
from perfci.model.verdict import Status
from perfci.schema import promotion, stored
from perfci.schema.packed import unpack
from perfci.schema.promotion import Promotion
from perfci.schema.stored import Stored
from tests.baselines.branch import PARSE, drawn, keep_row
from tests.schema.samples import PARSE as BENCHMARK
from tests.schema.samples import changed
from tests.stores.branch import START, job, numbers_of, read
from tests.stores.memory import MemoryStore

WHY = Promotion(source="pull/7", reason="merged as it was", commit="e4f5", promoted_at=START)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def kept(number: int, letter: str = "o", verdict: Status = Status.PASS) -> Stored:
    recording = job(number, branch="pull/7")
    return Stored(recording=recording, verdict=verdict, points={PARSE: drawn(letter)})


def test_a_promoted_run_counts_on_the_other_branch(store: MemoryStore) -> None:
    keep_row(store, "oo")
    where = promote(store, promoted(kept(3), "app", "feature"), WHY)
    identity = job(3).run.id
    assert where == f"memory:/v1/app/branches/feature/runs/{identity}.json.gz"
    assert numbers_of(load_history(store, "app", "feature")[0]) == [1, 2, 3]


def test_the_decision_lies_in_the_run_and_in_no_other(store: MemoryStore) -> None:
    keep_row(store, "o")
    promote(store, promoted(kept(3), "app", "feature"), WHY)
    first, second = store.list("v1/app/branches/feature/runs/")
    assert promotion.load(read(store, first), first) is None
    assert promotion.load(read(store, second), second) == WHY
    assert stored.load(read(store, second), second).recording == job(3)


def test_a_stored_decision_that_is_damaged_is_named() -> None:
    data = stored.dump(kept(1))
    whole = promotion.dump(kept(1), WHY)
    assert promotion.load(data, "x") is None
    damaged = changed(unpack(whole, "x"), "promoted", "promoted_at", to="yesterday")
    with pytest.raises(FormatError, match=r"x: promoted\.promoted_at is not a time"):
        promotion.load(damaged, "x")


def test_what_had_regressed_without_blocking_is_accepted_by_it() -> None:
    run = promoted(kept(1, "r", Status.WARN), "app", "feature")
    assert run.points[PARSE].regressed
    assert run.points[PARSE].accepted
    assert not promoted(kept(1), "app", "feature").points[PARSE].accepted


def foreign(run: Stored) -> Stored:
    inner = replace(run.recording.run, id="../../x")
    return replace(run, recording=replace(run.recording, run=inner))


def failed(run: Stored) -> Stored:
    failure = Failure(id=BENCHMARK, side=Side.HEAD, reason="it crashed", output="", metrics=())
    inner = replace(run.recording.run, failures=(failure,))
    return replace(run, recording=replace(run.recording, run=inner))


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (kept(1, verdict=Status.FAIL), "the verdict over .* is fail"),
        (kept(1, verdict=Status.ERROR), "the verdict over .* is error"),
        (replace(kept(1), recording=replace(job(1), partial=True)), "only a part"),
        (replace(kept(1), recording=replace(job(1), project="x")), "measured for the project x"),
        (replace(kept(1), points={}), "holds no measurement"),
        (failed(kept(1)), "failed: codec/parse"),
        (foreign(kept(1)), "is not the id of a run"),
    ],
)
def test_what_is_unfit_is_refused(run: Stored, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        promoted(run, "app", "feature")
    assert caught.value.hint


def test_what_is_there_already_is_refused(store: MemoryStore) -> None:
    keep_row(store, "oo")
    with pytest.raises(ConfigurationError, match="stored on feature already"):
        promote(store, promoted(kept(2), "app", "feature"), WHY)
    assert numbers_of(load_history(store, "app", "feature")[0]) == [1, 2]


def test_a_run_that_is_too_old_to_be_compared_with_is_told(store: MemoryStore) -> None:
    keep_row(store, "o" * 100, first=2)
    where = promote(store, promoted(kept(1), "app", "feature"), WHY)
    assert "nothing is compared with it" in where
    assert numbers_of(load_history(store, "app", "feature")[0]) == list(range(2, 102))
