"""Many writers at once lose nothing, and a killed one breaks nothing: in every store that swaps."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from perfci.baselines import WINDOW, load_history, whole_history
from perfci.baselines.branches import listed
from perfci.baselines.finding import load_run
from perfci.baselines.place import place_of
from perfci.schema import history
from perfci.stores.open import open_store
from tests.stores.branch import INDEX, job, keep, numbers_of, read, run_name
from tests.stores.conftest import SetUp
from tests.stores.places import ROOT, Machine, kinds

# the system kills a process whose file grows beyond a bound: in the middle of a write, every time
CUT_OFF = """
import os, resource, signal, sys
from pathlib import Path
from perfci.schema import history
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


class Writer:
    """A machine that waits to be told what to record."""

    def __init__(self, machine: Machine, started: "subprocess.Popen[str]") -> None:
        assert started.stdin is not None
        assert started.stdout is not None
        self._machine, self._stdin, self._stdout = machine, started.stdin, started.stdout
        assert self._stdout.readline() == "ready\n"

    def begin(self, first: int, last: int) -> None:
        """Let a fresh process record these runs."""
        self._stdin.write(f"{first} {last}\n")
        self._stdin.flush()

    def end(self) -> list[int]:
        """Wait for it; return the runs of which it said that they are stored."""
        return self._said(0.0)[0]

    def kill_after(self, seconds: float) -> tuple[list[int], list[int]]:
        """Kill it, and every git of its machine; return the runs it had stored, and begun."""
        return self._said(seconds)

    def _said(self, kill_after: float) -> tuple[list[int], list[int]]:
        pid = int(self._stdout.readline().removeprefix("pid "))
        if kill_after:
            time.sleep(kill_after)
            os.kill(pid, signal.SIGKILL)
            self._machine.die()
        said = list(iter(self._stdout.readline, "ended\n"))
        done = [int(line.split()[1]) for line in said if line.startswith("done ")]
        begun = [int(line.split()[1]) for line in said if line.startswith("begun ")]
        assert len(done) + len(begun) == len(said), said
        return done, begun


def writing(machine: Machine, stack: ExitStack) -> Writer:
    started = machine.started("-m", "tests.stores.writer", machine.url)
    return Writer(machine, stack.enter_context(started))


@pytest.mark.parametrize(
    ("kind", "writers", "turns"),
    [
        *kinds(("file", 4, 4), ("s3", 20, 5)),
        *kinds(("git", 4, 2), ("file", 20, 5), ("git", 20, 5), slow=True),
    ],
)
def test_many_writers_at_once_lose_nothing(
    set_up: SetUp, kind: str, writers: int, turns: int
) -> None:
    place = set_up(kind)
    everything: list[int] = []
    with ExitStack() as stack:
        rivals = [writing(place.machine(), stack) for _ in range(writers)]
        for _ in range(turns):  # all are ready before the first may begin
            start = len(everything)
            for first, rival in zip(count(start, 2), rivals, strict=False):
                rival.begin(first, first + 2)
            done = [number for rival in rivals for number in rival.end()]
            assert done == list(range(start, start + 2 * writers))
            everything += done
            assert indexed(place.machine()) == everything[-WINDOW:]
    (branch,) = listed(place.machine().store, "app")
    assert list(branch.runs) == [job(number).run.id for number in everything]
    place.check()


@pytest.mark.parametrize(
    ("kind", "times"),
    [*kinds(("file", 8), ("s3", 50)), *kinds(("git", 3), ("file", 50), ("git", 50), slow=True)],
)
def test_whoever_is_killed_while_writing_leaves_the_old_or_the_new_state(
    set_up: SetUp, kind: str, times: int
) -> None:
    place = set_up(kind)
    here, machine = place.machine(), place.machine()
    chance = random.Random(times)
    with ExitStack() as stack:
        writer = writing(machine, stack)
        start = time.monotonic()
        writer.begin(0, 2)
        finished = set(writer.end())
        span, begun = time.monotonic() - start, set(finished)
        for turn in range(1, times + 1):
            # each is the next writer after a killed one, and goes on with what that left
            writer.begin(1000 * turn, 1000 * turn + 999)
            done, tried = writer.kill_after(chance.uniform(0.0, span))
            finished |= set(done)
            begun |= set(tried)
            there = whole(here)
            assert finished <= there <= begun
            assert len(begun - there) <= turn, "only the last one of each may be missing"
        writer.begin(999_000, 999_001)
        assert writer.end() == [999_000], "nothing is left locked"
    there = whole(here)
    assert there >= finished | {999_000}
    assert indexed(here) == sorted(there)[-WINDOW:], "what they left is taken in"
    place.check()


def indexed(machine: Machine) -> list[int]:
    """Return the numbers of the runs that the index knows by itself: a write would mend it."""
    return numbers_of(history.load(read(machine.store, INDEX), INDEX))


def whole(machine: Machine) -> set[int]:
    """Return the numbers of all stored runs, after making sure that everything can be read."""
    store = machine.store
    place = place_of(store, "app", "feature")
    while True:
        ids = place.run_ids()
        found, warnings = whole_history(store, "app", "feature")
        if place.run_ids() == ids:
            break  # else a server was still taking in what a killed writer had sent
    assert warnings == ()
    assert [run.id for run in found.runs] == list(ids[-WINDOW:])
    for identity in ids[-3:]:
        assert load_run(place, identity).run.recording.run.id == identity
    return {int(identity.rpartition("-")[2], 16) for identity in ids}


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
