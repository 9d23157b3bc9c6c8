"""Bad input gets a clear message with the fix, exit code 2, and nothing lost or half-written."""

import gzip
import json
import os
import sys
from pathlib import Path

import pytest

from tests.command.conftest import Answer, App, Run

QUICK = "benchmarks:\n  - {name: quick, run: [python3, -c, pass]}\n"
LIBRARY = "def work():\n    return sum(range({n}))\n"
CALLABLE = "benchmarks:\n  - {name: work, python: 'library:work'}\n"


def refused(answer: Answer, *words: str) -> None:
    """Assert exit code 2, every word on standard error, and no traceback."""
    assert answer.code == 2, answer
    for word in words:
        assert word in answer.err, answer.err
    assert "Traceback" not in answer.err


@pytest.mark.slow
def test_unknown_key_names_the_line_and_the_nearest_key(app: App, perfci: Run) -> None:
    app.settings(QUICK + "gate:\n  sensitivty: 3%\n")
    refused(
        perfci("run"),
        "gate.sensitivty is not known (perfci.yml, line 4)",
        "did you mean gate.sensitivity?",
    )


def test_wrong_type_names_the_value_and_its_place(app: App, perfci: Run) -> None:
    app.settings(QUICK + "measure: {timeout: [1]}\n")
    refused(perfci("run"), "measure.timeout", "perfci.yml, line 3")


def test_a_variable_is_named_as_the_source(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    refused(perfci("run", PERFCI_GATE__FAIL_ON="mayor"), "PERFCI_GATE__FAIL_ON", "major")


def test_a_flag_is_named_as_the_source(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    refused(perfci("run", "--set", "gate.sensitivity=5"), "gate.sensitivity", "--set", "5%")


@pytest.mark.slow
def test_broken_yaml_names_the_line(app: App, perfci: Run) -> None:
    app.settings("benchmarks:\n  - {name: quick\n")
    refused(perfci("run"), "perfci.yml", "line")


@pytest.mark.slow
def test_no_benchmark(app: App, perfci: Run) -> None:
    app.settings("project: empty\n")
    refused(perfci("run"), "no benchmark is configured", "perfci init")


def test_no_settings_at_all(app: App, perfci: Run) -> None:
    refused(perfci("run", cwd=app.root), "no benchmark is configured", "perfci init")


@pytest.mark.slow
def test_a_glob_that_matches_nothing(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    refused(perfci("run", "--select", "qick*"), "'qick*' matches no benchmark", "perfci list")
    refused(perfci("run", "quik"), "did you mean", "quick")


@pytest.mark.slow
def test_a_command_that_does_not_exist(app: App, perfci: Run) -> None:
    app.settings("benchmarks:\n  - {name: gone, run: [no-such-program, x]}\n")
    answer = perfci("run")
    assert answer.code == 2
    assert "no-such-program" in answer.out + answer.err
    assert (app.root / "perfci-results" / "result.json").is_file()


@pytest.mark.slow
def test_a_command_that_fails_shows_the_end_of_its_output(app: App, perfci: Run) -> None:
    app.write("broken.py", "print('first')\nraise SystemExit('the disk is made of cheese')\n")
    app.settings("benchmarks:\n  - {name: broken, run: [python3, broken.py]}\n" + QUICK[12:])
    answer = perfci("run")
    assert answer.code == 2
    said = answer.out + answer.err
    assert "exited with 1" in said
    assert "the disk is made of cheese" in said
    result = json.loads((app.root / "perfci-results" / "result.json").read_text())
    outcomes = {item["benchmark"]: item["outcome"] for item in result["findings"]}
    assert outcomes == {"broken": "failed", "quick": "new"}, "the others are measured all the same"


@pytest.mark.slow
def test_a_command_that_hangs_is_ended_with_its_children(app: App, perfci: Run) -> None:
    app.write("hang.sh", "sleep 1000 & echo $! > child.pid; wait\n")
    app.settings("measure: {timeout: 1s}\nbenchmarks:\n  - {name: hang, run: [/bin/sh, hang.sh]}\n")
    answer = perfci("run")
    assert answer.code == 2
    assert "measure.timeout" in answer.out + answer.err
    child = int((app.root / "child.pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_callable_that_raises_shows_its_traceback(app: App, perfci: Run) -> None:
    app.write("bench.py", "def work():\n    raise ValueError('no tea')\n")
    app.settings("benchmarks:\n  - {name: work, python: 'bench.py:work'}\n")
    answer = perfci("run")
    assert answer.code == 2
    assert "no tea" in answer.out + answer.err


@pytest.mark.slow
@pytest.mark.parametrize("target", ["bench.py:wrok", "gone.py:work", "nowhere.module:work"])
def test_a_callable_that_is_not_there(app: App, perfci: Run, target: str) -> None:
    app.write("bench.py", "def work():\n    pass\n")
    app.settings(f"benchmarks:\n  - {{name: work, python: '{target}'}}\n")
    answer = perfci("run")
    assert answer.code == 2
    assert target.partition(":")[0].partition(".")[0] in answer.out + answer.err


def test_a_base_that_does_not_exist(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    app.commit()
    refused(perfci("run", "--base", "no-such-branch"), "no-such-branch")


@pytest.mark.slow
def test_a_base_that_is_an_option_is_not_passed_to_git(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    app.commit()
    refused(perfci("run", "--base=--output=/tmp/x"), "--output=/tmp/x")


def test_a_head_that_does_not_build(app: App, perfci: Run) -> None:
    app.write("build.sh", "exit 0\n")
    app.settings("setup: sh build.sh\n" + QUICK)
    app.commit()
    app.write("build.sh", "echo the compiler is on holiday; exit 3\n")
    app.commit()
    refused(
        perfci("run", "--base", "HEAD~1"),
        "setup failed on head",
        "the compiler is on holiday",
    )
    assert app.git("worktree", "list").count("\n") == 0, "the worktrees are gone"


@pytest.mark.slow
def test_no_git(app: App, perfci: Run, tmp_path: Path) -> None:
    app.settings(QUICK)
    app.commit()
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python3").symlink_to(sys.executable)
    refused(perfci("run", "--base", "HEAD", PATH=str(tools)), "git was not found")


def test_outside_a_repository_there_is_no_base(tmp_path: Path, perfci: Run) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "perfci.yml").write_text(QUICK)
    refused(perfci("run", "--base", "main", cwd=plain), "no git repository")


@pytest.mark.slow
def test_a_corrupt_history_is_kept_aside_and_the_next_run_goes_on(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    app.commit()
    assert perfci("run").code == 0
    index = next((app.root / ".perfci").rglob("history.json"))
    index.write_text('{"schema": "perfci.hist')
    refused(perfci("run"), "history.json", "kept")
    aside = [path for path in index.parent.iterdir() if path.name.startswith("history.json.")]
    assert [path.read_text() for path in aside] == ['{"schema": "perfci.hist']
    again = perfci("run")
    assert again.code == 0, again
    assert "history" in again.out, "the stored runs are still there to compare with"


@pytest.mark.slow
def test_a_history_of_a_newer_perfci_is_left_alone(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    app.commit()
    assert perfci("run").code == 0
    index = next((app.root / ".perfci").rglob("history.json"))
    newer = '{"schema": "perfci.history/99"}'
    index.write_text(newer)
    refused(perfci("run"), "perfci.history/99", "newer perfci")
    assert index.read_text() == newer


@pytest.mark.slow
def test_a_result_of_a_newer_schema(app: App, perfci: Run) -> None:
    app.write("run.json", '{"schema": "perfci.run/99"}')
    refused(perfci("compare", "run.json", "run.json"), "perfci.run/99", "newer perfci")
    app.write("result.json", '{"schema": "perfci.result/99"}')
    refused(perfci("report", "result.json"), "perfci.result/99", "newer perfci")


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "hello", '{"schema": 1}', "[" * 100_000])
def test_a_damaged_file_to_compare(app: App, perfci: Run, text: str) -> None:
    app.write("run.json", text)
    refused(perfci("compare", "run.json", "run.json"), "run.json")


@pytest.mark.slow
def test_a_bomb_to_compare(app: App, perfci: Run) -> None:
    (app.root / "bomb.json.gz").write_bytes(gzip.compress(bytes(700_000_000), 1))
    refused(perfci("compare", "bomb.json.gz", "bomb.json.gz"), "bomb.json.gz")


@pytest.mark.slow
def test_a_file_that_is_not_there(app: App, perfci: Run) -> None:
    refused(perfci("gate", "gone.json", cwd=app.root), "gone.json cannot be read")


@pytest.mark.slow
def test_two_sides_of_the_same_commit(app: App, perfci: Run) -> None:
    app.settings(QUICK)
    app.commit()
    refused(perfci("run", "--base", "HEAD"), "same code")


@pytest.mark.slow
def test_two_sides_that_import_the_same_code(app: App, perfci: Run) -> None:
    app.write("src/library.py", LIBRARY.format(n=1000))
    app.write("bench.py", "import library\n\ndef work():\n    library.work()\n")
    app.settings("benchmarks:\n  - {name: work, run: [python3, bench.py]}\n")
    app.commit()
    app.write("src/library.py", LIBRARY.format(n=2000))
    app.commit()
    # what an editable install does: the checkout itself is on the path of every process
    checkout = str(app.root / "src")
    refused(perfci("run", "--base", "HEAD~1", PYTHONPATH=checkout), "library", "setup")


@pytest.mark.slow
def test_only_the_benchmark_file_differs(app: App, perfci: Run) -> None:
    app.write("bench.py", LIBRARY.format(n=1000))
    app.settings("benchmarks:\n  - {name: work, python: 'bench.py:work'}\n")
    app.commit()
    app.write("bench.py", LIBRARY.format(n=2000))
    app.commit()
    refused(perfci("run", "--base", "HEAD~1"), "bench.py", "same code")


@pytest.mark.slow
def test_a_traceback_is_for_debug_only_and_still_exits_2(app: App, perfci: Run) -> None:
    app.settings("project: empty\n")
    answer = perfci("run", "--debug")
    assert answer.code == 2
    assert "Traceback" in answer.err


@pytest.mark.parametrize("arguments", [["rnu"], [], ["run", "--no-such-flag"], ["gate"]])
def test_usage_errors_exit_2(app: App, perfci: Run, arguments: list[str]) -> None:
    assert perfci(*arguments, cwd=app.root).code == 2


def test_a_store_of_an_unknown_kind(app: App, perfci: Run) -> None:
    app.settings(QUICK + "store: fiel:.perfci\n")
    refused(perfci("run"), "fiel:", "file:")


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["measure.timeout=600000h", "measure.cooldown=99999999999s"])
def test_a_span_of_years_is_refused(app: App, perfci: Run, setting: str) -> None:
    app.settings(QUICK)
    refused(perfci("run", "--set", setting), setting.partition("=")[0])
