"""Base against base: the doctor counts false alarms on this very machine."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command.conftest import Answer, App, Run, environment

SETTINGS = "benchmarks:\n  - {name: sum, suite: numbers, python: 'library:work'}\n"
BROKEN = "  - {name: broken, suite: numbers, run: [python3, -c, 'raise SystemExit(3)']}\n"
QUICK = ("--set", "measure.rounds=3")
LIBRARY = "def work():\n    return sum(range(2000))\n"
UNFAIR = """\
SIZE = 4000 if "/head/" in __file__ else 2000


def work():
    return sum(range(SIZE))
"""


@pytest.fixture
def project(app: App) -> App:
    app.settings(SETTINGS)
    app.write("library.py", LIBRARY)
    app.commit("first")
    return app


def noise(perfci: Run, *arguments: str, **variables: Any) -> dict[str, Any]:
    answer: Answer = perfci("doctor", "--noise", "--json", *arguments, **variables)
    assert answer.code == 0, answer
    document: dict[str, Any] = json.loads(answer.out)
    return document


@pytest.mark.slow
def test_equal_code_is_measured_gate_after_gate_and_leaves_no_trace(
    project: App, perfci: Run, tmp_path: Path
) -> None:
    project.write("perfci-results/result.json", "an earlier answer")
    project.write("library.py", LIBRARY + "# not committed\n")
    before = project.git("status", "--porcelain", "--untracked-files=all")
    setups = tmp_path / "setups"

    told = noise(perfci, "--gates", "2", "--seed", "7", *QUICK, "--set", f"setup=pwd >> {setups}")

    assert (told["gates"], told["verdicts"], told["interrupted"]) == (2, 2, False)
    assert (told["false_alarms"], told["left_out"], told["failures"]) == (0, [], [])
    (series,) = told["series"]
    assert (series["key"], series["gates"]) == ("numbers/sum:latency", 2)
    assert series["launches"] == 3
    assert series["sees"] > 0
    assert (series["run_against_run"] >= 0, series["run_against_run_clock"]) == (True, "wall")
    assert told["code"].endswith("+ (main)")
    # one pair of sides for both gates
    sides = [Path(line).name for line in setups.read_text().splitlines()]
    assert sides == ["base", "head"]
    assert project.git("status", "--porcelain", "--untracked-files=all") == before
    assert (project.root / "perfci-results/result.json").read_text() == "an earlier answer"
    assert not (project.root / ".perfci").exists()
    assert project.git("worktree", "list").count("\n") == 0


@pytest.mark.slow
def test_what_tells_equal_sides_apart_is_a_false_alarm_and_no_failure_of_the_doctor(
    app: App, perfci: Run
) -> None:
    app.settings(SETTINGS + "gate: {accept: [{match: '*', reason: all is well}]}\n")
    app.write("library.py", UNFAIR)
    app.commit("first")

    answer = perfci("doctor", "--noise", "--gates", "1")

    assert answer.code == 0, answer
    sentence, *_ = answer.out.splitlines()
    assert sentence == (
        "1 false alarm (1 would have failed the gate) in 1 gate of 1 series (1 verdict),"
        " more than chance explains."
    )
    assert "1 of 1 (1 blocking)" in answer.out
    assert "apart beside their code" in answer.out


@pytest.mark.slow
def test_outside_a_repository_both_sides_are_the_folder_itself(perfci: Run, tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "perfci.yml").write_text(SETTINGS)
    (folder / "library.py").write_text(LIBRARY)

    answer = perfci("doctor", "--noise", "--gates", "2", *QUICK, "--set", "setup=pwd >> setups")

    assert answer.code == 0, answer
    sentence, contrast, both, *_ = answer.out.splitlines()
    assert sentence.startswith("0 false alarms in 2 gates of 1 series (2 verdicts)")
    assert contrast.startswith("Run against run, the same code seemed to change by up to ")
    assert both.startswith("Both sides were this folder itself")
    assert (folder / "setups").read_text().splitlines() == [str(folder)]
    assert {path.name for path in folder.iterdir()} == {"perfci.yml", "library.py", "setups"}


@pytest.mark.slow
def test_a_benchmark_that_fails_is_exit_2_and_the_others_are_told(
    project: App, perfci: Run
) -> None:
    project.settings(SETTINGS + BROKEN)

    answer = perfci("doctor", "--noise", "--gates", "2", "--json", *QUICK)

    assert answer.code == 2, answer
    told = json.loads(answer.out)
    assert [(it["key"], it["gates"]) for it in told["series"]] == [("numbers/sum:latency", 2)]
    # once: it is left out of the second gate
    assert [it["benchmark"] for it in told["failures"]] == ["numbers/broken"]
    assert "numbers/broken failed: " in answer.err
    assert "exited with 3" in answer.err


@pytest.mark.slow
def test_only_the_named_benchmarks_are_measured(project: App, perfci: Run) -> None:
    project.settings(SETTINGS + BROKEN)
    told = noise(perfci, "sum", "--gates", "1", *QUICK)
    assert [it["key"] for it in told["series"]] == ["numbers/sum:latency"]


@pytest.mark.slow
def test_time_for_no_gate_at_all_is_exit_2(project: App, perfci: Run) -> None:
    answer = perfci("doctor", "--noise", "--max-time", "1ms", "--json")
    assert answer.code == 2, answer
    assert "no gate was finished within" in answer.err
    assert "raise --max-time" in answer.err
    (left_out,) = json.loads(answer.out)["left_out"]
    assert left_out.startswith("gate 1 was begun and not finished, 4 gates were not begun")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["sum"], "a benchmark's name can only be given with --noise"),
        (["--gates", "3", "--seed", "1"], "--gates and --seed can only be given with --noise"),
        (["--noise", "--gates", "0"], "--gates is 0: it must be from 1 to 1000"),
        (["--noise", "--max-time", "5"], "write it like 10m"),
        (["--noise", "nosuch"], "'nosuch' matches no benchmark"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    project: App, perfci: Run, arguments: list[str], says: str
) -> None:
    answer = perfci("doctor", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err


@pytest.mark.slow
def test_when_it_is_stopped_the_finished_gates_are_told(project: App, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "perfci", "doctor", "--noise", "--gates", "50", *QUICK],
        cwd=project.root,
        env=environment(TMPDIR=str(tmp_path / "tmp")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "(gate 2 of 50: numbers/sum)" in line:
                break
        # as a cancelled job gets it; it does what Ctrl-C does
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 2, err
    assert out.startswith("0 false alarms in 1 gate of 1 series (1 verdict)")
    assert "Gate 2 was interrupted." in out
    assert "interrupted after 1 of 50 gates" in err
    assert project.git("worktree", "list").count("\n") == 0
