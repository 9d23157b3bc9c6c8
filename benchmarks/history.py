"""What a long history costs: 1,000 benchmarks x 100 runs, loaded and compared with.

    python benchmarks/history.py [ROUNDS]

Makes such a branch in a `file:` store, then does each of these in a fresh process, one after the
other in every round, and prints medians: seconds, seconds of processor time, the peak of memory,
and the ratio of processor time to the first:

* json: the index's bytes through Python's own `json`, which checks and builds nothing: a floor.
* load: the index through the store, checked, to perfci's types.
* load + compare: the same, and a new run of all benchmarks compared with it.
* field by field: the index as one that is damaged is read, to say what is wrong with it.
* runs: the index made anew from the 100 stored runs, as it is where a store has none.
* duckdb: the medians of the newest 20 runs a series, from the Parquet files that
  `perfci baseline export --parquet` writes of the same runs (`pip install duckdb pyarrow`).

The target is 1 s and 200 MB for load + compare on a quiet machine. Python itself with perfci's
modules and numpy takes 35 to 60 MB of that.
"""

import importlib
import importlib.util
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.synthetic import recording  # noqa: E402
from perfci.baselines import keep_all, load_history, run_id  # noqa: E402
from perfci.baselines.branches import listed  # noqa: E402
from perfci.baselines.finding import load_run  # noqa: E402
from perfci.baselines.place import place_of  # noqa: E402
from perfci.baselines.rows import rows_of  # noqa: E402
from perfci.cli.parquet import ParquetFolder  # noqa: E402
from perfci.model.history import History  # noqa: E402
from perfci.model.revision import Mode  # noqa: E402
from perfci.model.verdict import Status  # noqa: E402
from perfci.ports import Blob, Store  # noqa: E402
from perfci.schema import history  # noqa: E402
from perfci.schema.document import decode  # noqa: E402
from perfci.schema.stored import Stored  # noqa: E402
from perfci.stats.centre import point  # noqa: E402
from perfci.stats.compare import compare  # noqa: E402
from perfci.stats.series import Design  # noqa: E402
from perfci.stores.open import open_store  # noqa: E402

BENCHMARKS, RUNS, BRANCH = 1000, 100, "main"
PROJECT = "synthetic"


def made(number: int) -> Stored:
    """Return the n-th run of the branch."""
    one = recording(BENCHMARKS, launches=2, seed=number)
    moment = one.run.started_at + timedelta(hours=number)
    identity = run_id(moment, f"{number:08x}")
    run = replace(one.run, id=identity, started_at=moment, branch=BRANCH)
    alone = replace(one, run=run, base=None, base_run=None, mode=Mode.HISTORY)
    points = {item.key: point(item) for item in run.measurements}
    return Stored(recording=alone, verdict=Status.PASS, points=points)


def fill(folder: Path) -> None:
    """Store the runs, and write the same as Parquet where the library is there."""
    store = open_store("file:kept", folder)
    keep_all(store, [made(number) for number in range(RUNS)])
    if not peers():
        return
    out = ParquetFolder(folder / "parquet", PROJECT)
    place = place_of(store, PROJECT, BRANCH)
    for identity in listed(store, PROJECT)[0].runs:
        rows = list(rows_of(load_run(place, identity).run))
        out.write(out.path(BRANCH, identity), rows)


def peers() -> bool:
    """Tell whether DuckDB and the writer of its files are installed."""
    return all(importlib.util.find_spec(name) for name in ("duckdb", "pyarrow"))


def index_of(store: Store) -> Blob:
    """Return the index as it lies in the store."""
    blob = store.get(place_of(store, PROJECT, BRANCH).index)
    if blob is None:
        raise SystemExit("the store that was made has no index")
    return blob


def floor(folder: Path) -> int:
    """Parse the bytes and no more."""
    return len(json.loads(index_of(open_store("file:kept", folder)).data)["runs"])


def load(folder: Path) -> int:
    """Load the index as a comparison does."""
    return len(load_history(open_store("file:kept", folder), PROJECT, BRANCH)[0].runs)


def compared(folder: Path) -> int:
    """Load the index, and compare a run with it."""
    head = made(RUNS).recording.run
    start = now()
    found, _ = load_history(open_store("file:kept", folder), PROJECT, BRANCH)
    answers = compare(head, None, found, Design(mode=Mode.HISTORY))
    MEASURED.append(took(start))
    return len(answers)


def slowly(folder: Path) -> int:
    """Load the index field by field."""
    fields = decode(index_of(open_store("file:kept", folder)).data, "index", history.KIND)
    runs = tuple(history._load_stored(run) for run in fields.groups("runs"))  # noqa: SLF001
    return len(History(branch=BRANCH, runs=runs).runs)


def anew(folder: Path) -> int:
    """Make the index from the runs."""
    store = open_store("file:kept", folder)
    index = place_of(store, PROJECT, BRANCH).index
    aside = replace_index(store, index)
    try:
        return load(folder)
    finally:
        store.put(index, aside, replaces=None)


def replace_index(store: Store, index: str) -> bytes:
    """Take the index away, and return it."""
    data = index_of(store).data
    store.delete(index)
    return data


def duckdb(folder: Path) -> int:
    """Ask DuckDB for what a comparison needs."""
    engine = importlib.import_module("duckdb")
    files = f"read_parquet('{folder}/parquet/**/*.parquet', hive_partitioning=true)"
    newest = "select distinct run from files order by run desc limit 20"
    query = f"""
        with files as (select series, run, centre, regressed from {files})
        select series, list(centre order by run) from files
        where not regressed and run in ({newest}) group by series
    """  # noqa: S608 - the folder is our own
    return len(engine.sql(query).fetchall())


TASKS: dict[str, Callable[[Path], int]] = {
    "json": floor,
    "load": load,
    "load + compare": compared,
    "field by field": slowly,
    "runs": anew,
    "duckdb": duckdb,
}

Span = tuple[float, float]
"""Seconds on the wall, and of processor time."""

MEASURED: list[Span] = []
"""What a task measured itself, because it makes material first."""


def now() -> Span:
    """Read both clocks."""
    return time.perf_counter(), time.process_time()


def took(start: Span) -> Span:
    """Return what has gone by since."""
    wall, cpu = now()
    return wall - start[0], cpu - start[1]


def once(task: str, folder: Path) -> None:
    """Do one task in this process, and print seconds and peak megabytes."""
    start = now()
    count = TASKS[task](folder)
    wall, cpu = MEASURED[0] if MEASURED else took(start)
    # the peak of getrusage would be that of the process that started this one
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": int(peak) / 1e3, "count": count}))


def main(rounds: int) -> None:
    """Measure every task in turn, and print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        size = len(index_of(open_store("file:kept", folder)).data) / 1e6
        print(f"{BENCHMARKS} benchmarks x {RUNS} runs; the index has {size:.1f} MB")
        tasks = [task for task in TASKS if task != "duckdb" or peers()]
        found: dict[str, list[dict[str, float]]] = {task: [] for task in tasks}
        for _ in range(rounds):
            for task in tasks:
                argv = [sys.executable, __file__, "--once", task, name]
                done = subprocess.run(argv, check=True, capture_output=True, text=True)
                found[task].append(json.loads(done.stdout))
    print(f"{'':16}  {'wall s':>7}  {'cpu s':>7}  {'peak MB':>7}  {'cpu ratio':>9}")
    for task in tasks:
        wall, cpu, peak = (
            statistics.median(one[what] for one in found[task]) for what in ("wall", "cpu", "peak")
        )
        pairs = zip(found[task], found["json"], strict=True)
        ratio = statistics.median(one["cpu"] / least["cpu"] for one, least in pairs)
        print(f"{task:16}  {wall:7.2f}  {cpu:7.2f}  {peak:7.0f}  {ratio:9.2f}")
    if not peers():
        print("duckdb or pyarrow is not installed: not compared with")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 5)
