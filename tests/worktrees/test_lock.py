import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from perfci.errors import BusyError
from perfci.worktrees.lock import measuring_lock

HOLD = """
import sys
from pathlib import Path
from perfci.worktrees.lock import measuring_lock
with measuring_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_second_measurement_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with (
            pytest.raises(BusyError, match=rf"another perfci \(process {process.pid}\)"),
            measuring_lock(tmp_path),
        ):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with measuring_lock(tmp_path):
            pass


def test_lock_is_free_again_afterwards_and_open_to_all_users(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        for _ in range(2):
            with measuring_lock(tmp_path):
                pass
    finally:
        os.umask(before)
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o666


def test_started_programs_do_not_inherit_the_lock(tmp_path: Path) -> None:
    with measuring_lock(tmp_path):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with child, measuring_lock(tmp_path):
        child.kill()


@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_lock_that_somebody_planted_is_not_followed(tmp_path: Path, kind: str) -> None:
    with measuring_lock(tmp_path):
        (path,) = tmp_path.iterdir()
    path.unlink()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    match kind:
        case "link":
            path.symlink_to(victim)
        case "fifo":
            os.mkfifo(path)
        case _:
            path.mkdir()
    with pytest.raises(BusyError, match="cannot be used"), measuring_lock(tmp_path):
        pass
    assert victim.read_text() == "precious"


def test_text_in_the_lock_that_is_no_number_is_not_repeated(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        (path,) = tmp_path.iterdir()
        path.write_text("\x1b[31m rm -rf\n")
        with pytest.raises(BusyError, match="another perfci is measuring"):
            measuring_lock(tmp_path).__enter__()
        process.kill()


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(BusyError, match="cannot be used") as caught,
        measuring_lock(tmp_path / "absent"),
    ):
        pass
    assert "TMPDIR" in caught.value.hint
