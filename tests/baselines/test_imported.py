"""What another tool measured is kept apart from what perfci measures."""

from dataclasses import replace
from datetime import UTC, datetime

from perfci.baselines import keep_all, load_history
from perfci.baselines.imported import imported
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock
from perfci.model.metric import Better, Metric
from perfci.model.run import Environment
from perfci.readers.histories.past import PastRun, Value
from perfci.schema import stored
from perfci.stats.points import points_by_series
from tests.schema.samples import measured
from tests.stores.memory import MemoryStore

LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)
SIZE = Metric(name="size", unit="B", better=Better.LOWER)
PAST = PastRun(
    tool="asv",
    commit="a1b2",
    started_at=datetime(2024, 5, 1, 10, tzinfo=UTC),
    environment=Environment(cpu="not known", cores=1, kernel="", runner="asv machine box"),
    values=(
        Value(id=BenchmarkId(suite="m", name="x"), metric=LATENCY, value=0.5),
        Value(id=BenchmarkId(suite="m", name="y"), metric=SIZE, value=0.0),
    ),
)
HERE = measured().environment


def test_an_imported_run_is_stored_and_found_like_any_other() -> None:
    store = MemoryStore()
    run = imported(PAST, project="app", branch="main")
    new, warnings = keep_all(store, [run])
    assert (new, warnings) == ((run.recording.run.id,), ())
    index, _ = load_history(store, "app", "main")
    (line,) = index.runs
    assert line.commit == "a1b2"
    assert line.started_at == PAST.started_at
    assert {key: point.centres for key, point in line.points.items()} == {
        "m/x:latency": {Clock.WALL: 0.5},
        "m/y:size": {Clock.VALUE: 0.0},
    }
    (name,) = store.list("v1/app/branches/main/runs/")
    blob = store.get(name)
    assert blob is not None
    assert stored.load(blob.data, "x") == run


def test_importing_twice_stores_once() -> None:
    store = MemoryStore()
    runs = [imported(PAST, project="app", branch="main")]
    keep_all(store, runs)
    assert keep_all(store, runs) == ((), ())
    later = replace(PAST, started_at=datetime(2024, 5, 2, tzinfo=UTC))
    more = [*runs, imported(later, project="app", branch="main")]
    assert len(keep_all(store, more)[0]) == 1
    assert len(load_history(store, "app", "main")[0].runs) == 2


def test_nothing_measured_is_compared_with_it_unless_somebody_says_so() -> None:
    store = MemoryStore()
    keep_all(store, [imported(PAST, project="app", branch="main")])
    index, _ = load_history(store, "app", "main")
    assert points_by_series(index, HERE.fingerprint) == {}
    keep_all(store, [imported(PAST, project="app", branch="main", environment=HERE)])
    index, _ = load_history(store, "app", "main")
    assert len(index.runs) == 2
    assert set(points_by_series(index, HERE.fingerprint)) == {"m/x:latency", "m/y:size"}


def test_many_runs_of_several_branches_write_each_index_once() -> None:
    class Counting(MemoryStore):
        indices = 0

        def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
            self.indices += name.endswith("/history.json")
            return super().put(name, data, replaces=replaces)

    store = Counting()
    runs = [
        imported(
            replace(PAST, started_at=datetime(2024, 5, day, tzinfo=UTC)),
            project="app",
            branch=branch,
        )
        for day in range(1, 21)
        for branch in ("main", "dev")
    ]
    assert len(keep_all(store, runs)[0]) == 40
    assert store.indices == 2
    assert len(load_history(store, "app", "dev")[0].runs) == 20
