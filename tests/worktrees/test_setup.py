import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from perfci.errors import WorktreeError
from perfci.model.measurement import Side
from perfci.model.revision import Revision
from perfci.ports import Observer, Places
from perfci.worktrees.sides import run_setup

ON_HEAD = 'test "${PWD##*/}" = head'
"""Shell that succeeds on head alone."""

Setup = Callable[..., WorktreeError | None]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    roots = {side: tmp_path / side.value for side in Side}
    for root in roots.values():
        root.mkdir()
    return Places(roots=roots, checkout=tmp_path, definitions=roots[Side.HEAD])


@pytest.fixture
def setup(places: Places, environ: dict[str, str], listener: Observer) -> Setup:
    def run(
        *command: str, timeout: float = 30.0, extra: Mapping[str, str] | None = None
    ) -> WorktreeError | None:
        return run_setup(
            command,
            places,
            {**environ, **(extra or {})},
            timeout=timeout,
            observer=listener,
            revisions={side: Revision(commit="a1b2c3d4e5") for side in Side},
        )

    return run


def test_setup_runs_once_in_each_side(setup: Setup, places: Places, phases: list[str]) -> None:
    setup("/bin/sh", "-c", "pwd >> built")
    for root in places.roots.values():
        assert (root / "built").read_text().split() == [str(root)]
    assert phases == ["setting up base (a1b2c3d)", "setting up head (a1b2c3d)"]


def test_no_setup_does_nothing(
    places: Places, environ: dict[str, str], listener: Observer, phases: list[str]
) -> None:
    run_setup(None, places, environ, timeout=1, observer=listener)
    assert phases == []


def test_failing_setup_says_where_and_how_it_ended(setup: Setup) -> None:
    with pytest.raises(WorktreeError) as caught:
        setup("/bin/sh", "-c", f"{ON_HEAD} && echo starting && echo no rule >&2 && exit 2; true")
    assert caught.value.message == "setup failed on head (a1b2c3d) with exit code 2"
    assert caught.value.output == "starting\nno rule\n"
    assert "echo starting" in caught.value.hint


def test_setup_that_fails_on_base_alone_is_handed_back(setup: Setup, places: Places) -> None:
    found = setup("/bin/sh", "-c", f"{ON_HEAD} && echo ready > built || exit 3")
    assert found is not None
    assert found.message == "setup failed on base (a1b2c3d) with exit code 3"
    assert (places.roots[Side.HEAD] / "built").exists(), "head is built all the same"


def test_only_the_end_of_a_long_output_is_kept(setup: Setup) -> None:
    with pytest.raises(WorktreeError) as caught:
        setup("/bin/sh", "-c", "seq 100000; printf '\\033[31mlast'; exit 1")
    assert caught.value.output.endswith("100000\nlast")
    assert len(caught.value.output) <= 8000


def test_setup_that_cannot_be_started_is_told(setup: Setup) -> None:
    with pytest.raises(WorktreeError, match=r"could not be started on head.*no-such-program"):
        setup("no-such-program")


def test_setup_ended_by_a_signal_is_told(setup: Setup) -> None:
    with pytest.raises(WorktreeError, match=r"was ended on head \(a1b2c3d\) by signal SIGKILL"):
        setup("/bin/sh", "-c", "kill -KILL $$")


@pytest.mark.slow
def test_setup_that_hangs_is_ended_with_its_children(setup: Setup, places: Places) -> None:
    # the child ignores the polite signal
    hanging = "(trap '' TERM; exec sleep 600) & echo $! > child; wait"
    with pytest.raises(WorktreeError, match=r"did not end on head .* within 0\.5 s"):
        setup("/bin/sh", "-c", hanging, timeout=0.5)
    for root in places.roots.values():
        assert gone(int((root / "child").read_text()))


def test_interrupted_setup_is_ended_with_its_children(setup: Setup, places: Places) -> None:
    def interrupt(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            setup("/bin/sh", "-c", "sleep 600 & echo $! > child; wait")
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
    assert gone(int((places.roots[Side.BASE] / "child").read_text()))


def gone(process: int) -> bool:
    """Return whether a process has ended; whoever inherits it may be slow to bury it."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)
    return False


def test_setup_sees_the_users_variables_and_none_of_perfcis(setup: Setup, places: Places) -> None:
    ours = {
        "INPUT_FAIL-ON": "x",
        "PERFCI_STORE": "x",
        "ACTIONS_RUNTIME_TOKEN": "x",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x",
        "GIT_DIR": "/nowhere",
    }
    setup("/bin/sh", "-c", "env > seen", extra={**ours, "CARGO_HOME": "/cargo"})
    lines = (places.roots[Side.HEAD] / "seen").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines}
    assert not names & set(ours)
    assert "CARGO_HOME=/cargo" in lines
    assert "GIT_CONFIG_KEY_0=safe.directory" in lines
