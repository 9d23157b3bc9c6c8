"""The runs of one branch, one a minute, and how a test puts them into a store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from perfci.baselines import record, run_id
from perfci.model.history import History, Point
from perfci.model.measurement import Clock
from perfci.model.run import Recording
from perfci.model.verdict import Status, Verdict
from perfci.ports import Store
from tests.schema.samples import recording

START = datetime(2026, 11, 23, 6, 50, tzinfo=UTC)
PASSED = Verdict(status=Status.PASS, findings=(), message="recorded")
FOLDER = "v1/app/branches/feature"
INDEX = f"{FOLDER}/history.json"
POINT = Point(centres={Clock.NET: 0.041}, clock=Clock.NET, spread=0.1, n=2, unit="s")


def job(number: int, branch: str = "feature") -> Recording:
    """Return the n-th run of a branch, one a minute."""
    found = recording()
    moment = START + timedelta(minutes=number)
    identity = run_id(moment, f"{number:08x}")
    return replace(found, run=replace(found.run, id=identity, started_at=moment, branch=branch))


def points(number: int) -> dict[str, Point]:
    return {"codec/parse:latency": replace(POINT, spread=number / 100, regressed=number == 3)}


def keep(store: Store, *numbers: int) -> None:
    for number in numbers:
        record(store, job(number), PASSED, points(number))


def run_name(number: int) -> str:
    return f"{FOLDER}/runs/{job(number).run.id}.json.gz"


def numbers_of(found: History) -> list[int]:
    return [round((run.started_at - START) / timedelta(minutes=1)) for run in found.runs]


def write(store: Store, name: str, data: bytes) -> None:
    there = store.get(name)
    assert store.put(name, data, replaces=there.version if there else None)


def read(store: Store, name: str) -> bytes:
    blob = store.get(name)
    assert blob is not None
    return blob.data
