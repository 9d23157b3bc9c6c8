"""What goes wrong around a run: disks, signals, readers, neighbours."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command.conftest import App, Run, environment
from tests.command.test_bad_input import refused

QUICK = "benchmarks:\n  - {name: quick, run: [python3, -c, pass]}\n"
LIBRARY = "def work():\n    return sum(range({n}))\n"
CALLABLE = "benchmarks:\n  - {name: work, python: 'library:work'}\n"


@pytest.mark.slow
def test_a_second_perfci_on_the_machine(app: App, perfci: Run, tmp_path: Path) -> None:
    app.settings(QUICK)
    with (tmp_path / "tmp" / "perfci-measuring.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused(perfci("run"), "another perfci", "measuring on this machine")
    assert perfci("run").code == 0


@pytest.mark.slow
def test_an_output_folder_that_cannot_be_written(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    app.write("occupied", "a file, not a folder")
    refused(perfci("run", "--output", "occupied/results"), "occupied/results", "--output")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_leaves_no_half_written_file(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    small = app.root / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)], check=False
    )
    if mounted.returncode:
        # only root may; the limit on the size of files shows the same to everybody else
        pytest.skip("mounting is not allowed here")
    try:
        refused(perfci("run", "--output", "small"), "could not be written", "--output")
        for path in small.rglob("*.json"):
            json.loads(path.read_text())
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.parametrize(
    "how",
    [
        signal.SIGTERM,
        *(pytest.param(it, marks=pytest.mark.slow) for it in (signal.SIGINT, signal.SIGHUP)),
    ],
)
def test_interrupted_keeps_what_was_measured_and_ends_the_children(
    app: App, tmp_path: Path, how: signal.Signals
) -> None:
    app.write("slow.sh", "echo $$ >> pids; exec sleep 0.3\n")
    app.settings("measure: {rounds: 500}\nbenchmarks:\n  - {name: slow, run: [/bin/sh, slow.sh]}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "perfci", "run"],
        cwd=app.root,
        env=environment(TMPDIR=str(tmp_path)),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    pids = app.root / "pids"
    for _ in range(600):
        if pids.exists() and len(pids.read_text().split()) > 4:
            break
        time.sleep(0.05)
    process.send_signal(how)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "interrupted" in err
    assert not list(tmp_path.glob("perfci-*-*")), "no scratch folder is left"
    assert "Traceback" not in err
    run = json.loads((app.root / "perfci-results" / "run.json").read_text())
    assert run["measurements"], "the launches until then are there"
    time.sleep(0.5)
    for pid in pids.read_text().split():
        assert (
            not Path(f"/proc/{pid}").exists()
            or "sleep" not in Path(f"/proc/{pid}/cmdline").read_text()
        )


@pytest.mark.slow
@pytest.mark.parametrize("redirection", ["2>&-", ">&-", ">/dev/full", ">&- 2>&-", "2>/dev/full"])
def test_an_output_that_cannot_be_written_is_never_a_failed_gate(
    app: App, tmp_path: Path, redirection: str
) -> None:
    app.settings(QUICK)
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m perfci run {redirection}', sys.executable],
        cwd=app.root,
        env=environment(TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in {0, 2}, done
    assert "internal error" not in done.stderr
    assert json.loads((app.root / "perfci-results" / "result.json").read_text())["exit_code"] == 0


@pytest.mark.slow
def test_a_benchmark_that_ends_its_parent_fails_alone(app: App, perfci: Run) -> None:
    app.settings(
        "benchmarks:\n  - {name: bad, run: 'kill -9 $PPID; sleep 5'}\n" + QUICK.split("\n", 1)[1]
    )
    assert perfci("run").code == 2
    result = json.loads((app.root / "perfci-results" / "result.json").read_text())
    outcomes = {item["benchmark"]: item["outcome"] for item in result["findings"]}
    assert outcomes == {"bad": "failed", "quick": "new"}


def test_what_a_program_prints_is_no_command_to_a_ci_system(app: App, perfci: Run) -> None:
    forged = "::error::forged\\n##[error]forged\\n  ::set-output name=verdict::pass\\n"
    app.settings(f"setup: \"printf '{forged}'; exit 3\"\n" + QUICK)
    answer = perfci("run")
    assert answer.code == 2
    assert "forged" in answer.err
    for line in (answer.out + answer.err).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_does_not_change_the_verdict(
    app: App, tmp_path: Path
) -> None:
    app.settings(QUICK)
    done = subprocess.run(
        ["/bin/bash", "-c", '"$0" -m perfci run | true; exit ${PIPESTATUS[0]}', sys.executable],
        cwd=app.root,
        env=environment(TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done
    assert "Broken" not in done.stderr
