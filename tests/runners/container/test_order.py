"""What the engine is told: by whom, on which folders, within which limits; and what it sees."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Side
from perfci.runners.container.address import address
from perfci.runners.container.engine import Engine
from perfci.runners.container.owner import LABEL, clear, owner
from perfci.runners.container.siblings import Siblings
from perfci.runners.container.visible import Outside, Surroundings, surroundings
from tests.runners import stage
from tests.runners.container.fake_engine import FakeEngine, fake_engine, refuses, says

OWN = "ab" * 32
INSIDE = (
    f"90 72 254:0 /var/lib/docker/containers/{OWN}/hostname /etc/hostname rw - ext4 /dev/vda rw"
)
MOUNTS = [
    {"Type": "bind", "Source": "/srv/checkouts", "Destination": "/github/workspace", "RW": True},
    {"Type": "volume", "Source": "/data/cache", "Destination": "/github/workspace/c", "RW": False},
    {"Type": "tmpfs", "Source": "", "Destination": "/tmp", "RW": True},
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    with fake_engine(tmp_path) as engine:
        yield engine


def told(engine: FakeEngine, folder: Path) -> Any:
    """Return what the engine was told to make."""
    siblings = Siblings(stage.alone(folder / "root"), engine.environ, pytest.fail)
    with pytest.raises(MeasurementError):
        siblings(replace(stage.bench(stage.shell("true")), image="app:1"), Side.HEAD)
    return engine.body_of("POST /containers/create")


def around(engine: FakeEngine, folder: Path, mountinfo: str, cgroup: str = "") -> Surroundings:
    place = folder / "system/proc/self"
    place.mkdir(parents=True)
    (place / "mountinfo").write_text(mountinfo + "\n")
    (place / "cgroup").write_text(cgroup + "\n")
    return surroundings(Engine(address(engine.environ)), folder / "system")


def test_a_container_ends_with_perfci_and_is_marked_as_its_own(
    engine: FakeEngine, tmp_path: Path
) -> None:
    order = told(engine, tmp_path)

    assert (order["StdinOnce"], order["OpenStdin"]) == (True, True)
    assert order["HostConfig"]["AutoRemove"] is True
    assert order["Labels"] == {LABEL: owner()}
    assert order["Healthcheck"] == {"Test": ["NONE"]}


def test_the_image_is_named_by_its_content(engine: FakeEngine, tmp_path: Path) -> None:
    assert told(engine, tmp_path)["Image"] == "sha256:1"


def test_the_tree_lies_at_its_own_path(engine: FakeEngine, tmp_path: Path) -> None:
    root = str(tmp_path / "root")

    assert told(engine, tmp_path)["HostConfig"]["Mounts"] == [
        {"Type": "bind", "Source": root, "Target": root, "ReadOnly": False}
    ]


def test_programs_run_as_whoever_runs_perfci(engine: FakeEngine, tmp_path: Path) -> None:
    assert told(engine, tmp_path)["User"] == f"{os.geteuid()}:{os.getegid()}"


def test_where_the_engine_has_no_rights_its_root_is_the_user(
    engine: FakeEngine, tmp_path: Path
) -> None:
    engine.answers["GET /info"] = says({"SecurityOptions": ["name=rootless"]})

    assert told(engine, tmp_path)["User"] == "0:0"


def test_a_tree_that_the_engine_does_not_have_is_copied_and_told(
    engine: FakeEngine, tmp_path: Path
) -> None:
    words = "invalid mount config for type 'bind': bind source path does not exist: /x"
    engine.answers["POST /containers/create"] = refuses(words, 400)
    notes: list[str] = []
    siblings = Siblings(stage.alone(tmp_path / "root"), engine.environ, notes.append)

    with pytest.raises(MeasurementError):
        siblings(replace(stage.bench(stage.shell("true")), image="app:1"), Side.HEAD)

    tries = [each for each in engine.asked if each.what == "POST /containers/create"]
    assert [b'"Type": "bind"' in each.body for each in tries] == [True, False]
    root = tmp_path / "root"
    assert notes == [
        f"copying each side into its containers: for the Docker engine {root} is not there"
    ]


@pytest.mark.parametrize(
    ("mountinfo", "cgroup"), [(INSIDE, ""), ("", f"5:cpu:/docker/{OWN}")], ids=["mounts", "cgroup"]
)
def test_paths_are_those_of_the_machine_where_perfci_is_in_a_container(
    engine: FakeEngine, tmp_path: Path, mountinfo: str, cgroup: str
) -> None:
    engine.answers[f"GET /containers/{OWN}/json"] = says({"Mounts": MOUNTS})

    found = around(engine, tmp_path, mountinfo, cgroup)

    seen = {
        path: found.seen_by_engine(Path(path))
        for path in (
            "/github/workspace",
            "/github/workspace/app",
            "/github/workspace/c/x",
            "/tmp/x",
        )
    }
    assert seen == {
        "/github/workspace": Outside(path=Path("/srv/checkouts")),
        "/github/workspace/app": Outside(path=Path("/srv/checkouts/app")),
        # the nearest mount holds, and what perfci may only read stays so
        "/github/workspace/c/x": Outside(path=Path("/data/cache/x"), read_only=True),
        "/tmp/x": None,
    }


def test_the_limits_of_perfci_hold_beside_it(engine: FakeEngine, tmp_path: Path) -> None:
    limits = {"NanoCpus": 2_000_000_000, "CpusetCpus": "0-1", "Memory": 0, "Privileged": True}
    engine.answers[f"GET /containers/{OWN}/json"] = says({"Mounts": [], "HostConfig": limits})

    found = around(engine, tmp_path, INSIDE)

    assert found.limits == {"NanoCpus": 2_000_000_000, "CpusetCpus": "0-1"}


def test_in_another_engines_container_paths_are_tried_as_they_are(
    engine: FakeEngine, tmp_path: Path
) -> None:
    found = around(engine, tmp_path, INSIDE)

    assert found.seen_by_engine(Path("/tmp/x")) == Outside(path=Path("/tmp/x"))


@pytest.mark.parametrize(
    "line",
    [
        f"90 72 0:1 / /var/lib/docker/containers/{OWN}/mounts/shm rw - tmpfs shm rw",
        f"90 72 254:0 /var/lib/docker/containers/{OWN}/x /mnt rw - ext4 /dev/vda rw",
        f"90 72 0:1 / /etc/hostname rw - overlay overlay upperdir=/containers/{OWN}",
    ],
)
def test_a_container_of_the_machine_is_not_perfcis_own(
    engine: FakeEngine, tmp_path: Path, line: str
) -> None:
    engine.answers[f"GET /containers/{OWN}/json"] = says({"Mounts": MOUNTS})

    assert not around(engine, tmp_path, line).container


def test_only_what_a_gone_perfci_left_is_removed(engine: FakeEngine) -> None:
    place, pid, begun = owner().rsplit(" ", 2)
    labels = {
        "running": owner(),
        "another start": f"{place} {pid} {int(begun) + 1}",
        "gone": f"{place} 4194304 1",
        "another machine": f"x {place} 4194304 1",
        "nonsense": "",
    }
    engine.answers["GET /containers/json"] = says(
        [{"Id": name.replace(" ", "-"), "Labels": {LABEL: text}} for name, text in labels.items()]
    )

    clear(Engine(address(engine.environ)))

    removed = {each.path for each in engine.asked if each.method == "DELETE"}
    assert removed == {"/containers/another-start", "/containers/gone"}
    prune = next(each for each in engine.asked if each.path == "/containers/prune")
    assert LABEL in prune.query["filters"]
    assert "until" in prune.query["filters"]


def test_an_engine_that_lists_nothing_stops_nobody(engine: FakeEngine) -> None:
    engine.answers["GET /containers/json"] = refuses("no", 500)

    clear(Engine(address(engine.environ)))
