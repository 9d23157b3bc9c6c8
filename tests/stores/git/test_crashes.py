"""Writers that are killed, interrupted, or many: nothing is lost, nothing stays locked."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from perfci.stores.git.process import run_git
from perfci.stores.git.store import GitStore
from tests.stores.git.conftest import REF, Open, Sh, opened
from tests.stores.git.hosting import Host, Request

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from pathlib import Path
from tests.stores.git.conftest import opened
import os
store = opened(Path(sys.argv[1]), os.environ, scratch=Path(sys.argv[2]))
print("ready", flush=True)
for number in range(1000):
    store.put(f"v1/{sys.argv[3]}/{number:03}", b"%d" % number * 5000, replaces=None)
    blob = store.get("v1/count")
    store.put("v1/count", b"%d" % number * 5000, replaces=blob.version if blob else None)
"""


def killed(checkout: Path, environ: dict[str, str], scratch: Path, name: str, after: float) -> None:
    argv = [sys.executable, "-c", WRITER, str(checkout), str(scratch), name]
    with subprocess.Popen(
        argv, env=environ, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(after)
        writer.kill()
    # git itself, in groups of its own, may still be at it; a machine that dies takes it along
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and of_store(entry, scratch):
            try:
                os.kill(int(entry.name), signal.SIGKILL)
            except ProcessLookupError:
                continue


def of_store(entry: Path, scratch: Path) -> bool:
    try:
        return os.fsencode(scratch) in (entry / "cmdline").read_bytes()
    except OSError:
        return False


def check(store: GitStore) -> None:
    for name in store.list("v1/"):
        blob = store.get(name)
        assert blob is not None
        number = blob.data[: len(blob.data) // 5000]
        assert blob.data == number * 5000


def survive(
    times: int, checkout: Path, environ: dict[str, str], scratch: Path, another: Open
) -> None:
    """Kill writers at random points, and use the store after each."""
    for turn in range(times):
        killed(checkout, environ, scratch, str(turn), random.uniform(0.0, 0.6))
        store = another()
        check(store)
        name = f"v1/after/{turn:02}"
        assert store.put(name, b"7" * 5000, replaces=None), "nothing is left locked"


def sound(remote: Path) -> bool:
    fsck = ["git", "fsck", "--strict", "--no-dangling"]
    return subprocess.run(fsck, cwd=remote, check=False).returncode == 0


@pytest.mark.slow
def test_writers_that_are_killed_leave_a_whole_store(
    checkout: Path, environ: dict[str, str], scratch: Path, another: Open, remote: Path
) -> None:
    survive(3, checkout, environ, scratch, another)
    assert sound(remote)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifty_writers_that_are_killed_leave_a_whole_store(
    checkout: Path, environ: dict[str, str], scratch: Path, another: Open, remote: Path
) -> None:
    survive(50, checkout, environ, scratch, another)
    assert sound(remote)


def write_all(store: GitStore, writer: int, count: int) -> None:
    for number in range(count):
        assert store.put(f"v1/{writer:02}/{number:02}", b"x", replaces=None)


def compete(another: Open, writers: int, writes: int) -> None:
    with ThreadPoolExecutor(writers) as pool:
        jobs = [pool.submit(write_all, another(), number, writes) for number in range(writers)]
    for job in jobs:
        job.result()
    assert len(another().list("")) == writers * writes


def test_four_writers_at_once_lose_nothing(another: Open) -> None:
    compete(another, 4, 3)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_writers_at_once_lose_none_of_200_writes(another: Open) -> None:
    compete(another, 20, 10)


def test_two_that_write_the_same_in_the_same_second_are_not_both_told_yes(another: Open) -> None:
    for turn in range(2):
        pair = [another(), another()]
        for store in pair:
            store.list("")
        name = f"v1/{turn}"
        assert [store.put(name, b"same", replaces=None) for store in pair] == [True, False]


def test_an_interrupted_store_ends_its_git_and_can_be_used_again(
    host: Host, checkout: Path, environ: dict[str, str], scratch: Path
) -> None:
    store = opened(checkout, environ, scratch=scratch)
    store.put("v1/a", b"a", replaces=None)
    release = threading.Event()

    def stall(request: Request) -> bool:
        if "receive-pack" not in request.path or release.is_set():
            return False
        os.kill(os.getpid(), signal.SIGINT)
        return not release.wait(60)

    host.moods.append(stall)
    with pytest.raises(KeyboardInterrupt):
        store.put("v1/b", b"b", replaces=None)
    release.set()

    assert not [entry for entry in Path("/proc").iterdir() if of_store(entry, scratch)]
    assert store.put("v1/c", b"c", replaces=None)
    assert set(store.list("")) >= {"v1/a", "v1/c"}


def test_a_git_that_never_ends_is_ended(
    host: Host,
    checkout: Path,
    environ: dict[str, str],
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("perfci.stores.git.repository._NETWORK", 0.3)
    release = threading.Event()
    host.moods.append(lambda _: release.wait(60) and False)
    store = opened(checkout, environ, scratch=scratch)
    try:
        with pytest.raises(Exception, match=r"git fetch took longer than .* s"):
            store.list("")
        assert not [entry for entry in Path("/proc").iterdir() if of_store(entry, scratch)]
    finally:
        release.set()


def test_a_git_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfci.stores.git.process._GRACE", 0.1)
    deaf = tmp_path / "git"
    deaf.write_text(f"#!/bin/sh\ntrap '' TERM\nsleep 97 & echo $! > {tmp_path}/child\nwait\n")
    deaf.chmod(0o755)

    with pytest.raises(subprocess.TimeoutExpired):
        run_git(
            ["fetch"], folder=tmp_path, environ={"PATH": f"{tmp_path}:/usr/bin:/bin"}, timeout=2
        )

    child = Path("/proc", (tmp_path / "child").read_text().strip(), "cmdline")
    while child.exists() and child.read_bytes():  # until the system has buried it
        time.sleep(0.01)


def test_reads_go_on_while_others_write(another: Open, remote: Path, sh: Sh) -> None:
    reader, writer = another(), another()
    for number in range(5):
        blob = writer.get("v1/count")
        data = b"%d" % number * 5000
        assert writer.put("v1/count", data, replaces=blob.version if blob else None)
        seen = reader.get("v1/count")
        assert seen is not None
        assert seen.data == data
    assert sh(remote, "rev-list", "--count", REF) == "5"
