"""What goes from store to store and home again is the same bytes, however often it was stopped."""

import hashlib
import json
import signal
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from perfci.baselines import accept, keep_all
from perfci.baselines.pairs import keep_pair
from perfci.model.verdict import Status
from perfci.ports import Store
from perfci.schema.stored import Stored
from tests.baselines.branch import decision
from tests.stores.branch import job, points, run_name
from tests.stores.conftest import SetUp
from tests.stores.places import Machine, Place, kinds

BRANCHES = (
    "main",
    "Main",
    "feature/x",
    "feature",
    "größe/速い-🚀",
    "long/" + "x" * 295,
    "50%off",
    "%2E%2E/%2e%2e/etc",
    "a.-.b/c.-.-d",
    "refs/heads/main",
    "-rf",
    "@",
    "con",
    "history.json",
    "runs/20261123T065000Z-1a2b3c4d.json.gz",
    "quote'\"$(id);&|<>",
)
"""Names that git lets a branch have, and that mean something elsewhere."""


def fill(store: Store, runs: int) -> int:
    """Store runs of odd branches, many of one, acceptances, pairs; return how many objects."""
    numbers = [(branch, 1) for branch in BRANCHES] + [("main", number) for number in range(2, runs)]
    keep_all(store, [one(number, branch) for branch, number in numbers])
    for branch in BRANCHES[:3]:
        accept(store, "app", replace(decision(1, 1), branch=branch))
    for number in range(3):
        recording = job(number)
        assert recording.base is not None
        base, head = replace(recording.base, commit="a" * 40), f"{number:040x}"
        pair = replace(recording, base=base, head=replace(recording.head, commit=head))
        keep_pair(store, pair)
    damaged = run_name(1).replace("/feature/", "/main/") + ".damaged-1"
    assert store.put(damaged, b"\0\xff", replaces=None)
    found = store.list("v1/")
    assert len(found) == len(numbers) + len(BRANCHES) + 3 + 3 + 1
    return len(found)


def one(number: int, branch: str) -> Stored:
    return Stored(recording=job(number, branch=branch), verdict=Status.PASS, points=points(number))


def tree(machine: Machine) -> dict[str, str]:
    """Return the SHA-256 of every object, by name."""
    store = machine.store
    found = {}
    for name in store.list("v1/"):
        blob = store.get(name)
        assert blob is not None
        found[name] = hashlib.sha256(blob.data).hexdigest()
    return found


class Journey:
    """A machine that reaches every stop, and the stops."""

    def __init__(self, set_up: SetUp, through: str, runs: int) -> None:
        places: list[Place] = [set_up(kind) for kind in through.split()]
        self._machine = places[0].machine()
        environ: Mapping[str, str] = self._machine.environ
        for place in places:
            environ = {**place.job("0" * 40), **environ}
        self._machine = replace(self._machine, environ=environ)
        folder = self._machine.folder.parent
        self.home = f"file:{folder}/home"
        self.stops = (*(place.url for place in places), f"file:{folder}/back")
        self.objects = fill(self.at(self.home).store, runs)
        self.truth = tree(self.at(self.home))

    def at(self, url: str) -> Machine:
        """Return the machine with another store."""
        return replace(self._machine, url=url)

    def copy(self, start: str, end: str) -> Any:
        """Copy all by the command; return what it said."""
        with self._machine.started(*export(start, end)) as started:
            return json.loads(self._machine.finished(started))

    def copy_and_be_killed(self, start: str, end: str, objects: int) -> int:
        """Kill the command once so many objects are there; return how many there were.

        It stands still while it is looked at: on a busy machine it would end meanwhile.
        """
        target = self.at(end)
        with self._machine.started(*export(start, end)) as started:
            while len(target.store.list("v1/")) < objects and started.poll() is None:
                started.send_signal(signal.SIGCONT)
                time.sleep(0.03)
                started.send_signal(signal.SIGSTOP)
            started.send_signal(signal.SIGKILL)
            started.wait()
            self._machine.die()
        found = tree(target)
        assert found.items() <= self.truth.items(), "each object is whole or not there"
        return len(found)


def export(start: str, end: str) -> tuple[str, ...]:
    return ("-m", "perfci", "baseline", "export", "--store", start, "--to", end, "--json")


@pytest.mark.parametrize(
    ("through", "runs"),
    [
        *kinds(("git", 130), ("gitlab", 130), slow=True),
        *kinds(("s3 git", 130), ("s3 git", 600)),
    ],
)
def test_what_comes_home_is_what_left(set_up: SetUp, through: str, runs: int) -> None:
    journey = Journey(set_up, through, runs)
    start = journey.home
    for stop in journey.stops:
        told = journey.copy(start, stop)
        assert (told["copied"], told["differs"], told["there"]) == (journey.objects, 0, 0)
        start = stop
    for stop in journey.stops:
        assert tree(journey.at(stop)) == journey.truth
    again = journey.copy(journey.home, start)
    assert (again["copied"], again["there"]) == (0, journey.objects)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "runs", "counts"),
    [
        *kinds(("file", 130, (20, 80)), ("s3", 200, (20, 60, 160))),
        *kinds(("git", 1100, (1, 501)), slow=True),  # some hundred objects are one commit
    ],
)
def test_a_copy_that_was_killed_is_begun_again_and_ends_the_same(
    set_up: SetUp, kind: str, runs: int, counts: tuple[int, ...]
) -> None:
    journey = Journey(set_up, kind, runs)
    stop = journey.stops[0]
    found = [journey.copy_and_be_killed(journey.home, stop, count) for count in counts]
    assert found[0] < journey.objects, "it was stopped in the middle"
    told = journey.copy(journey.home, stop)
    assert told["copied"] + told["there"] == journey.objects
    # a push that was under way may still land: its other end was not killed
    assert told["there"] >= found[-1]
    assert tree(journey.at(stop)) == journey.truth
