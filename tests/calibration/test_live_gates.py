"""The live gates: what is truly slower in them, how they are counted, and one really run."""

import os
import runpy
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from benchmarks.noise.live import main
from benchmarks.noise.live_gate import Found, Gate
from benchmarks.noise.live_plan import PERCENT, Change, Item, changes, items
from benchmarks.noise.live_repository import Repository
from benchmarks.noise.live_tally import is_as_wanted, tell
from benchmarks.noise.sides import WORKLOADS
from perfci.model.comparison import Outcome
from tests.calibration.left_behind import left_behind

HOUSE = Path(__file__).parents[2]
REGRESSED, UNCHANGED, UNSURE = Outcome.REGRESSED, Outcome.UNCHANGED, Outcome.INCONCLUSIVE


def test_half_of_the_changes_slow_two_workloads_down_by_all_sizes_equally_often() -> None:
    drawn = changes(60, WORKLOADS, 1)
    slow = [it.slower for it in drawn if it.slower]
    assert [it.number for it in drawn] == list(range(1, 61))
    assert len(slow) == 30
    assert all(len(dict(it)) == 2 for it in slow)
    assert Counter(size for it in slow for _, size in it) == dict.fromkeys(PERCENT, 20)
    assert {name for it in slow for name, _ in it} == set(WORKLOADS)


def test_the_same_seed_draws_the_same_changes() -> None:
    one, same, other = (changes(20, WORKLOADS, seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_a_suite_of_any_size_has_no_benchmark_twice() -> None:
    suite = items(20, WORKLOADS)
    assert len({it.name for it in suite}) == 20
    assert suite[0] == Item(workload="loop", units=100)
    assert {it.workload for it in suite} == set(WORKLOADS)


def git(repository: Repository, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=repository.root, capture_output=True, text=True, check=True
    ).stdout


def show(repository: Repository, commit: str, name: str) -> str:
    return git(repository, "show", f"{commit}:{name}")


def units_of_function(repository: Repository, commit: str, workload: str, where: Path) -> int:
    where.write_text(show(repository, commit, "workloads.py"))
    module = runpy.run_path(str(where))
    done: list[int] = []
    module["WORK"][workload] = done.append
    module["extended"](workload, 100)
    return done[0]


def turns_of_command(repository: Repository, commit: str) -> int:
    counted = show(repository, commit, "count.sh").replace("\nwhile", "\necho $left\nwhile")
    told = subprocess.run(["/bin/sh", "-c", counted, "sh", "100"], capture_output=True, check=True)
    return int(told.stdout)


def test_head_alone_does_more_of_what_is_slower_and_of_nothing_else(tmp_path: Path) -> None:
    repository = Repository.make(tmp_path / "app", items(len(WORKLOADS), WORKLOADS))
    slower = (("json", 10), ("command", 25))
    head = repository.commit(Change(number=1, slower=slower))
    where = tmp_path / "read.py"
    for commit, json_units, turns in ((repository.base, 100, 40000), (head, 110, 50000)):
        assert units_of_function(repository, commit, "json", where) == json_units
        assert units_of_function(repository, commit, "loop", where) == 100
        assert turns_of_command(repository, commit) == turns
    assert show(repository, head, "perfci.yml") == show(repository, repository.base, "perfci.yml")


def test_a_harmless_change_is_a_comment_on_base_alone(tmp_path: Path) -> None:
    repository = Repository.make(tmp_path / "app", items(2, WORKLOADS))
    repository.commit(Change(number=1, slower=(("loop", 25),)))
    head = repository.commit(Change(number=2))
    assert git(repository, "rev-list", "--count", f"{repository.base}..{head}").strip() == "1"
    told = git(repository, "diff", "-U0", "--no-color", repository.base, head).splitlines()
    new = [it for it in told if it.startswith("+") and not it.startswith("+++")]
    old = [it for it in told if it.startswith("-") and not it.startswith("---")]
    assert new == ["+# change 2"] * 2
    assert old == ["-# change 0"] * 2


def gate(code: int, *said: tuple[str, int, Outcome]) -> Gate:
    found = tuple(
        Found(name=name, percent=percent, outcome=outcome, change=0.1, launches=6)
        for name, percent, outcome in said
    )
    slower = tuple((it.name, it.percent) for it in found if it.percent)
    return Gate(
        change=Change(number=1, slower=slower), code=code, load=1.0, seconds=9.0, found=found
    )


RIGHT = [
    gate(0, ("loop", 0, UNCHANGED), ("json", 0, UNCHANGED)),
    gate(1, ("loop", 25, REGRESSED), ("json", 10, REGRESSED)),
    gate(0, ("loop", 0, UNCHANGED), ("json", 5, REGRESSED)),
]


def test_gates_that_say_the_truth_meet_every_target() -> None:
    text = "\n".join(tell(RIGHT))
    assert "MISSED" not in text
    assert text.count("met   ") == 12
    assert all(it.is_right for it in RIGHT)
    assert is_as_wanted(RIGHT)


@pytest.mark.parametrize(
    ("wrong", "missed"),
    [
        (gate(1, ("loop", 0, REGRESSED)), "gates of a comment alone that did not end with 0"),
        (gate(0, ("loop", 0, REGRESSED), ("json", 5, REGRESSED)), "unchanged called worse"),
        (gate(0, ("loop", 0, REGRESSED)), "gates with any false alarm"),
        (gate(2, ("loop", 0, Outcome.FAILED)), "gates without a verdict"),
        (gate(0), "gates without a verdict"),
        (gate(0, ("json", 10, UNSURE)), "found of a true 10 %"),
        (gate(0, ("json", 25, UNCHANGED)), "passed of a true 25 %"),
    ],
)
def test_one_wrong_gate_misses_its_target(wrong: Gate, missed: str) -> None:
    lines = list(tell([*RIGHT, wrong]))
    assert any(it.startswith("MISSED") and missed in it for it in lines)
    assert not wrong.is_right
    assert not is_as_wanted([*RIGHT, wrong])


def test_an_unchanged_benchmark_of_which_nothing_can_be_said_is_worth_keeping() -> None:
    unsure = gate(0, ("loop", 0, UNSURE))
    assert not unsure.is_right
    assert is_as_wanted([unsure])


def test_the_workload_that_is_bound_by_memory_is_told_apart_and_not_hidden() -> None:
    lines = list(tell([*RIGHT, gate(0, ("lookup", 10, UNSURE))]))
    apart = next(at for at, it in enumerate(lines) if it.startswith("THE SAME OF lookup"))
    assert [it for it in lines[:apart] if "MISSED" in it] == []
    assert any(it.startswith("MISSED") and "0 of 1" in it for it in lines[apart:])


def test_a_line_tells_the_truth_beside_what_was_said() -> None:
    line = str(gate(1, ("loop", 25, REGRESSED), ("json", 5, UNSURE), ("sort", 0, REGRESSED)))
    assert "loop +25: +10.0 %, json +5: inconclusive" in line
    assert "sort: +10.0 %" in line


def test_an_interpreter_without_perfci_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--python", "/nowhere/python"]) == 2
    assert "/nowhere/python has no perfci" in capsys.readouterr().err


def test_a_count_of_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--gates", "0"])
    assert "must be 1 or more" in capsys.readouterr().err


@pytest.mark.slow
def test_a_gate_is_run_by_the_command_and_finds_what_is_slower(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "logs" / "live.log"
    code = main(
        [
            *("--gates", "2", "--only", "sort", "command", "--load", "1", "--seed", "2"),
            *("--log", str(log), "--keep", str(tmp_path / "kept")),
        ]
    )
    told = capsys.readouterr().out
    assert told == log.read_text()
    assert "gates without a verdict                                        0 of 2" in told
    assert "gates with any false alarm                                     0 of 2" in told
    assert code == 0
    assert list(tmp_path.glob("kept/*")) == []


@pytest.mark.slow
def test_gates_that_are_stopped_tell_what_was_done_and_leave_nothing_behind(
    tmp_path: Path,
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.noise.live", "--only", "sort"),
            *("--unchanged", "1", "--times", "99", "--load", "1"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=HOUSE,
        env=os.environ | {"TMPDIR": str(scratch)},
    ) as live:
        assert live.stdout is not None
        for line in live.stdout:
            if line.startswith("   1 "):
                break
        below: list[psutil.Process] = []
        while len(below) < 3:  # the load, perfci, and what perfci measures by
            time.sleep(0.01)
            below = psutil.Process(live.pid).children(recursive=True)
        live.terminate()
        said = live.stdout.read()
    assert live.returncode == 0
    assert "interrupted: what was done is told" in said
    assert "gates of a comment alone that did not end with 0" in said
    assert left_behind(below) == []
    assert list(scratch.iterdir()) == []
