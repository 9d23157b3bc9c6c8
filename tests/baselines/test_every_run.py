"""Every stored run of a branch: within bounds, by the names of now, and the right way round."""

from dataclasses import replace
from datetime import timedelta

import pytest

from perfci.baselines import WINDOW, record
from perfci.baselines.every_run import Bounds, EveryRun, every_run
from perfci.baselines.place import place_of
from perfci.model.history import Point
from perfci.model.metric import Better, Metric
from perfci.ports import Store
from tests.stores.branch import PASSED, POINT, START, job, keep, run_name, write
from tests.stores.memory import MemoryStore

OLD, NEW = "codec/scan:frames", "codec/read:frames"
FRAMES = Metric(name="frames", unit="1/s", better=Better.HIGHER)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def read(store: Store, renamed: dict[str, str] | None = None, **bounds: object) -> EveryRun:
    place = place_of(store, "app", "feature")
    return every_run(place, "app", Bounds(**bounds), renamed or {})  # type: ignore[arg-type]


def keep_frames(store: Store, *numbers: int) -> None:
    """Keep runs with a metric that is not perfci's own, of which more is better."""
    for number in numbers:
        one = job(number)
        (measured,) = one.run.measurements
        named = replace(measured, id=replace(measured.id, name="scan", params=()), metric=FRAMES)
        point = Point(centres=POINT.centres, clock=POINT.clock, spread=0.1, n=2, unit="1/s")
        run = replace(one.run, measurements=(named,))
        record(store, replace(one, run=run), PASSED, {OLD: point})


def test_runs_that_left_the_index_are_read_and_bounds_keep_the_newest(store: MemoryStore) -> None:
    count = WINDOW + 30
    keep(store, *range(count))
    assert len(read(store).runs) == count
    young = read(store, since=START + timedelta(minutes=count - 3)).runs
    assert [run.started_at for run in young] == [
        START + timedelta(minutes=number) for number in range(count - 3, count)
    ]
    assert read(store, last=2).runs == young[-2:]


def test_which_way_is_better_is_known_under_a_new_name_too(store: MemoryStore) -> None:
    keep_frames(store, 1, 2)
    assert read(store).directions == {OLD: Better.HIGHER}
    found = read(store, {"codec/scan": "codec/read"})
    assert found.directions == {NEW: Better.HIGHER}
    assert [list(run.points) for run in found.runs] == [[NEW], [NEW]]


def test_where_the_newest_run_cannot_say_it_lower_counts_as_better(store: MemoryStore) -> None:
    keep_frames(store, 1, 2)
    write(store, run_name(2), b"damaged")
    found = read(store)
    assert found.directions == {OLD: Better.LOWER}
    assert found.warnings[-1].startswith("lower counts as better, as ")


def test_a_key_that_perfci_did_not_write_does_no_harm(store: MemoryStore) -> None:
    record(store, job(1), PASSED, {"some name": POINT})
    assert read(store).directions == {"some name": Better.LOWER}


def test_a_damaged_run_is_left_out_and_named(store: MemoryStore) -> None:
    keep(store, *range(WINDOW + 30))
    write(store, run_name(0), b"damaged")
    found = read(store)
    assert len(found.runs) == WINDOW + 29
    assert run_name(0) in found.warnings[0]
