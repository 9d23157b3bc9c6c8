"""Two pipelines of pushes to one branch run at the same time: both runs are kept whole."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from perfci.baselines import load_history
from perfci.baselines.branches import listed
from perfci.baselines.finding import load_run
from perfci.baselines.place import place_of
from perfci.schema import history
from tests.stores.branch import read
from tests.stores.conftest import SetUp
from tests.stores.places import Machine, Place, kinds

SETTINGS = """\
project: app
store: {store}
benchmarks: [{{name: meet, suite: pipelines, run: [sh, meet.sh]}}]
measure: {{rounds: 2}}
gate: {{fail_on: none}}
report: {{html: false}}
"""
# both have looked at the store by then, and neither has written to it
MEET = """\
touch "$HERE"
until [ -e "$THERE" ]; do sleep 0.01; done
"""


@contextmanager
def pipeline(place: Place, here: Path, there: Path) -> Iterator[tuple[Machine, Any]]:
    """Start `perfci run` on a machine of its own."""
    machine = place.machine()
    with machine.started("-m", "perfci", "run", HERE=str(here), THERE=str(there)) as started:
        yield machine, started


def ended(machine: Machine, started: "subprocess.Popen[str]") -> Any:
    """Wait for a pipeline; return its result."""
    machine.finished(started)
    return json.loads((machine.folder / "perfci-results/result.json").read_text())


def pair(place: Place, meeting: Path) -> list[Any]:
    """Let two pipelines run at the same time; return their results."""
    one, two = meeting.with_suffix(".one"), meeting.with_suffix(".two")
    with ExitStack() as stack:
        both = [stack.enter_context(pipeline(place, *where)) for where in ((one, two), (two, one))]
        found = [ended(*each) for each in both]
    place.ended()
    return found


def looked_at(result: Any) -> int:
    """Return how many stored runs a pipeline found before it measured."""
    reason: str = result["mode_reason"]
    return 0 if reason.startswith("no run of main") else int(reason.split(maxsplit=1)[0])


def known(machine: Machine) -> list[str]:
    """Return the ids of the runs that are compared with, where it can be by the index alone."""
    store = machine.store
    index, warnings = load_history(store, "app", "main")
    assert warnings == ()
    if store.swaps:  # the next run would mend an index from which one is missing
        name = place_of(store, "app", "main").index
        assert history.load(read(store, name), name) == index
    return sorted(run.id for run in index.runs)


def said_of(machine: Machine, *arguments: str) -> Any:
    with machine.started("-m", "perfci", "baseline", *arguments, "--json") as started:
        return json.loads(machine.finished(started))


@pytest.mark.parametrize(
    ("kind", "turns"),
    [
        *kinds(("file", 1), ("s3", 3)),
        *kinds(("file", 3), ("git", 3), ("gitlab", 2), ("artifact", 2), slow=True),
    ],
)
def test_the_runs_of_two_pipelines_at_once_are_both_kept(
    set_up: SetUp, tmp_path: Path, kind: str, turns: int
) -> None:
    place = set_up(kind)
    place.publish({"perfci.yml": SETTINGS.format(store=place.url), "meet.sh": MEET})
    results: list[Any] = []
    ids: list[str] = []
    for turn in range(turns):
        found = pair(place, tmp_path / f"meeting-{turn}")
        assert [looked_at(each) for each in found] == [2 * turn] * 2, "neither knew of the other"
        assert len({each["recorded"] for each in found}) == 2
        results += found
        ids = sorted(each["id"] for each in results)
        assert known(place.machine()) == ids, "the index knows them both"
        place.publish({})

    machine = place.machine()
    store = machine.store
    (branch,) = listed(store, "app")
    assert list(branch.runs) == ids
    kept = place_of(store, "app", "main")
    for result in results:
        recording = load_run(kept, result["id"]).run.recording
        assert (recording.head.commit, recording.run.branch) == (result["commit"], "main")
        # twice as many where what it waited for looked like a regression, and was confirmed or not
        assert {len(it.launches) for it in recording.run.measurements} <= {2, 4}

    (told,) = said_of(machine, "list")
    assert (told["branch"], told["runs"]) == ("main", 2 * turns)
    assert sorted(run["id"] for run in said_of(machine, "list", "--branch", "main")["runs"]) == ids
    alone = tmp_path / "alone"
    with pipeline(place, alone, alone) as (machine, started):
        assert looked_at(ended(machine, started)) == 2 * turns, "and the next is compared with all"
