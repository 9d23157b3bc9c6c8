"""Writers that are interrupted or stuck: git is ended, and nothing stays locked."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from perfci.stores.git.process import run_git
from tests.stores.git.conftest import REF, Open, Sh, opened
from tests.stores.git.hosting import Host, Request


def of_store(entry: Path, scratch: Path) -> bool:
    try:
        return os.fsencode(scratch) in (entry / "cmdline").read_bytes()
    except OSError:
        return False


def test_two_that_write_the_same_in_the_same_second_are_not_both_told_yes(another: Open) -> None:
    for turn in range(2):
        pair = [another(), another()]
        for store in pair:
            store.list("")
        name = f"v1/{turn}"
        assert [store.put(name, b"same", replaces=None) for store in pair] == [True, False]


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_git_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfci.programs.group._GRACE", 0.1)
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
