"""Many writers at once lose nothing, and a killed one breaks nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from perfci.baselines import WINDOW, load_history, whole_history
from perfci.baselines.branches import listed
from perfci.baselines.finding import load_run
from perfci.baselines.place import place_of
from perfci.schema import history
from perfci.stores.open import open_store
from tests.stores.branch import INDEX, job, keep, numbers_of, read, run_name

ROOT = Path(__file__).parents[2]

WRITER = """
import random, sys, time
from pathlib import Path
from perfci.stores.open import open_store
from tests.stores.branch import keep
store = open_store("file:kept", Path(sys.argv[1]))
numbers = range(int(sys.argv[2]), int(sys.argv[3]))
print("ready", flush=True)
sys.stdin.readline()
for number in numbers:
    keep(store, number)
"""

# one interpreter that has everything imported, and forks a writer for each line that it reads
NURSERY = """
import os, sys
from itertools import count
from pathlib import Path
from perfci.stores.open import open_store
from tests.stores.branch import keep
store = open_store("file:kept", Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.write(1, b"pid %d\\n" % os.getpid())
        for number in count(int(line)):
            os.write(1, b"begun %d\\n" % number)
            keep(store, number)
            os.write(1, b"done %d\\n" % number)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


# the system kills a process whose file grows beyond a bound: in the middle of a write, every time
CUT_OFF = """
import os, resource, signal, sys
from pathlib import Path
from perfci.stores.open import open_store
from tests.stores.branch import keep
store = open_store("file:kept", Path(sys.argv[1]))
for number, limit in enumerate(sys.argv[2:], 20):
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
        keep(store, number)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(os.WTERMSIG(status), flush=True)
"""


@contextmanager
def started(program: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a Python program that says `ready`; kill it in the end."""
    argv = [sys.executable, "-c", program, *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("writers", "writes"), [(4, 5), pytest.param(20, 10, marks=pytest.mark.slow)]
)
def test_many_writers_at_once_lose_nothing(tmp_path: Path, writers: int, writes: int) -> None:
    bounds = [(writer * writes, (writer + 1) * writes) for writer in range(writers)]
    rivals = [started(WRITER, str(tmp_path), str(first), str(last)) for first, last in bounds]
    running = [rival.__enter__() for rival in rivals]
    try:
        for process in running:  # all are ready before the first may begin
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        assert [process.wait(150) for process in running] == [0] * writers
    finally:
        for rival in rivals:
            rival.__exit__(None, None, None)
    store = open_store("file:kept", tmp_path)
    everything = list(range(writers * writes))
    (branch,) = listed(store, "app")
    assert list(branch.runs) == [job(number).run.id for number in everything]
    index = history.load(read(store, INDEX), INDEX)
    assert numbers_of(index) == everything[-WINDOW:], "the index knows them all by itself"


class Killed:
    """A writer that is killed while it writes, and what it had said by then."""

    def __init__(self, nursery: "subprocess.Popen[str]") -> None:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        self._stdin, self._stdout = nursery.stdin, nursery.stdout
        assert self._stdout.readline() == "ready\n"

    def write(self, first: int, seconds: float) -> tuple[set[int], set[int]]:
        """Let a writer write from a number on; return what it finished and what it began."""
        self._stdin.write(f"{first}\n")
        self._stdin.flush()
        pid = int(self._stdout.readline().removeprefix("pid "))
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        said = list(iter(self._stdout.readline, "ended\n"))
        done = {int(line.split()[1]) for line in said if line.startswith("done ")}
        return done, {int(line.split()[1]) for line in said if line.startswith("begun ")}


@pytest.mark.parametrize("times", [8, pytest.param(50, marks=pytest.mark.slow)])
def test_whoever_is_killed_while_writing_leaves_the_old_or_the_new_state(
    tmp_path: Path, times: int
) -> None:
    store = open_store("file:kept", tmp_path)
    place = place_of(store, "app", "feature")
    chance = random.Random(times)
    kept: set[int] = set()
    with started(NURSERY, str(tmp_path)) as nursery:
        killed = Killed(nursery)
        for turn in range(times):
            done, begun = killed.write(1000 * turn, chance.uniform(0.0, 0.05))
            found, warnings = whole_history(store, "app", "feature")
            assert warnings == ()
            ids = place.run_ids()
            there = {number for number in kept | begun if job(number).run.id in ids}
            assert len(there) == len(ids)
            assert kept | done <= there <= kept | begun
            assert len(kept | begun) - len(there) <= 1, "only the last one may be missing"
            for identity in ids[-3:]:
                assert load_run(place, identity).run.recording.run.id == identity
            assert numbers_of(found) == sorted(there)[-WINDOW:]
            kept = there
    assert kept
    before, _ = load_history(store, "app", "feature")
    assert set(numbers_of(before)) <= kept


def test_a_write_that_is_cut_off_in_the_middle_leaves_the_old_state(tmp_path: Path) -> None:
    store = open_store("file:kept", tmp_path)
    keep(store, *range(12))
    run, index = len(read(store, run_name(11))), len(read(store, INDEX))
    assert index > 1.5 * run
    limits = [1, run // 2, index - 2, index - 1]
    argv = [sys.executable, "-c", CUT_OFF, str(tmp_path), *map(str, limits)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == [str(int(signal.SIGXFSZ))] * len(limits)
    found, warnings = whole_history(store, "app", "feature")
    assert warnings == ()
    # where the run itself was written whole, it is kept, though the index could not be
    assert numbers_of(found) == [*range(12), 22, 23]
    assert numbers_of(load_history(store, "app", "feature")[0]) == list(range(12))
    keep(store, 30)
    assert numbers_of(load_history(store, "app", "feature")[0]) == [*range(12), 22, 23, 30]
