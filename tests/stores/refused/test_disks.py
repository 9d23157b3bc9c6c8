"""Disks that are full, read-only, or take no large file: told, and nothing is half-written."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from perfci.stores.local import FileStore
from tests.stores.contract import RUN
from tests.stores.refused.conftest import SetUp

pytestmark = pytest.mark.slow

Mount = Callable[..., None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mount something on a folder until the test has ended; skip where that is not allowed."""
    done: list[Path] = []

    def run(folder: Path, *arguments: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        argv = ["mount", *arguments, str(folder)]
        tried = subprocess.run(argv, capture_output=True, text=True, check=False)
        if tried.returncode:
            pytest.skip(f"mounting is not allowed here: {tried.stderr.strip()}")
        if folder not in done:
            done.append(folder)

    yield run
    for folder in reversed(done):
        subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no room on the disk of a folder; return what takes it."""
    stuffing = folder / "stuffing"
    with stuffing.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return stuffing


def test_a_run_that_finds_no_room_in_the_store_is_kept_and_brought_in_later(
    set_up: SetUp, mount: Mount
) -> None:
    site = set_up("file")
    kept = site.place.root / "kept"
    mount(kept, "-t", "tmpfs", "-o", "size=256k", "perfci-test")
    site.keep(1)
    stuffing = fill(kept)
    machine = site.machine()
    push = site.push(machine)
    assert push.code == 0, push
    unkept = push.document["unkept"]
    assert "No space left on device" in unkept["why"]
    assert "make room, or `perfci baseline prune`" in unkept["why"]
    assert not list(kept.rglob("*.partial")) + list(kept.rglob(".partial"))
    stuffing.unlink()
    assert site.bring(machine, unkept).code == 0
    assert site.runs() == 2


def test_a_store_on_a_read_only_file_system_is_read_and_not_written(
    set_up: SetUp, mount: Mount
) -> None:
    site = set_up("file")
    site.keep(1)
    kept = site.place.root / "kept"
    mount(kept, "--bind", str(kept))
    mount(kept, "-o", "remount,ro,bind")
    machine = site.machine()
    push = site.push(machine)
    assert push.code == 0, push
    assert "Read-only file system" in push.document["unkept"]["why"]
    assert "put the store on another one" in push.document["unkept"]["why"]
    pull = site.propose(site.machine())
    assert (pull.code, pull.document["unkept"]) == (0, None), pull
    assert site.runs() == 1
    subprocess.run(["mount", "-o", "remount,rw,bind", str(kept)], check=True)
    assert site.bring(machine, push.document["unkept"]).code == 0
    assert site.runs() == 2


def test_results_that_find_no_room_are_an_error_and_not_a_verdict(
    set_up: SetUp, mount: Mount
) -> None:
    site = set_up("file")
    site.keep(1)
    machine = site.machine()
    results = machine.folder / "perfci-results"
    mount(results, "-t", "tmpfs", "-o", "size=64k", "perfci-test")
    stuffing = fill(results)
    push = site.push(machine)
    assert push.code == 2, push
    assert "perfci-results: No space left on device" in push.err
    assert "next: choose another folder with --output" in push.err
    assert push.document is None, "it is noticed before anything is measured"
    stuffing.unlink()
    assert site.runs() == 1


@pytest.mark.parametrize("blocks", [1, 8])
def test_a_limit_on_the_size_of_files_is_told(set_up: SetUp, blocks: int) -> None:
    site = set_up("file")
    site.keep(1)
    machine = site.machine()
    limited = f"ulimit -f {blocks} && exec perfci run"
    done = subprocess.run(
        ["sh", "-c", limited],
        cwd=machine.folder,
        env=machine.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2, done
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert site.runs() in {1, 2}, "kept whole, or not at all"


def test_what_does_not_fit_leaves_the_object_that_was_there(tmp_path: Path, mount: Mount) -> None:
    folder = tmp_path / "kept"
    mount(folder, "-t", "tmpfs", "-o", "size=128k", "perfci-test")
    store = FileStore("file:kept", folder)
    assert store.put(RUN, b"old", replaces=None)
    there = store.get(RUN)
    assert there is not None
    before = os.statvfs(folder).f_bavail
    with pytest.raises(Exception, match="No space left on device"):
        store.put(RUN, os.urandom(200_000), replaces=there.version)
    assert store.get(RUN) == there
    assert os.statvfs(folder).f_bavail == before, "nothing half-written holds the room"
