"""The image's entry point, as process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from perfci import __version__

ENTRY_POINT = [sys.executable, str(Path(__file__).parents[2] / "entrypoint.py")]


def start(place: Path, *arguments: str) -> subprocess.Popen[str]:
    # only what a program needs, so that this is no CI, whatever the tests run in; and no other test
    # that measures holds the lock of this temporary folder
    environ = {"PATH": os.environ["PATH"], "HOME": str(place), "TMPDIR": str(place)}
    return subprocess.Popen(
        [*ENTRY_POINT, *arguments],
        cwd=place,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_arguments_go_to_the_command_as_they_are(tmp_path: Path) -> None:
    said, _ = start(tmp_path, "--version").communicate()

    assert said == f"perfci {__version__}\n"


def test_no_arguments_mean_run(tmp_path: Path) -> None:
    benchmark = "{name: nothing, run: ['true']}"
    (tmp_path / "perfci.yml").write_text(f"benchmarks: [{benchmark}]\nmeasure: {{rounds: 1}}\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)

    perfci = start(tmp_path)
    said = perfci.communicate()

    assert perfci.returncode == 0, said
    assert (tmp_path / "perfci-results/result.json").exists()


@pytest.mark.slow
def test_sigterm_ends_the_measured_programs_and_answers_2(tmp_path: Path) -> None:
    marker = tmp_path / "started"
    (tmp_path / "perfci.yml").write_text(
        f"benchmarks:\n  - {{name: nap, run: 'echo $$ > {marker}; exec sleep 600'}}\n"
    )
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    perfci = start(tmp_path)
    while not (marker.exists() and marker.read_text().strip()):
        assert perfci.poll() is None, perfci.communicate()
        time.sleep(0.05)

    perfci.send_signal(signal.SIGTERM)
    perfci.communicate()

    assert perfci.returncode == 2
    assert not Path(f"/proc/{marker.read_text().strip()}").exists()
