"""The Python API's programs: started as a user starts them, they answer 0, 1 or 2."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError
from perfci.facade.ci.door import integration
from perfci.facade.diagnostics import validate_framework_installation
from tests.command.conftest import Answer, environment

TESTS = """
import time
from perfci import RegressionTestType

def work():
    end = time.thread_time() + {seconds}
    while time.thread_time() < end:
        pass

def register(framework):
    framework.register("codec", "parse", RegressionTestType.LATENCY, work)
"""
QUICK = {
    "TEST_ITERATIONS": "6",
    "WARM_UP_ITERATIONS": "0",
    "COOLDOWN_SECONDS": "0",
    "ENABLED_COMPONENTS": "codec",
    "PERFCI_REGISTER": "performance_tests:register",
    "PERFCI_STORE": "file:baselines",
    "PERFCI_OUTPUT": "out",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "app").mkdir()
    return tmp_path / "app"


def start(folder: Path, *arguments: str, **variables: str) -> Answer:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=environment(TMPDIR=str(folder.parent / "tmp")) | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    return Answer(code=done.returncode, out=done.stdout, err=done.stderr)


def gate(folder: Path, variables: dict[str, str] | None = None, *, seconds: float = 0.01) -> Answer:
    (folder / "performance_tests.py").write_text(TESTS.format(seconds=seconds))
    return start(folder, "perfci.ci_cd_integration", **(QUICK | (variables or {})))


@pytest.mark.slow
def test_a_pipeline_needs_variables_alone(folder: Path) -> None:
    first = gate(folder)
    assert first.code == 0, first.err
    assert (folder / "out" / "ci_cd_result.json").is_file()

    second = gate(folder, seconds=0.05)

    assert second.code == 1, second.err
    assert "critical" in second.out
    assert json.loads((folder / "out" / "ci_cd_result.json").read_text())["exit_code"] == 1
    # and the command sees the same baselines
    listed = start(folder, "perfci", "baseline", "list", "--json", PERFCI_STORE="file:baselines")
    assert [branch["runs"] for branch in json.loads(listed.out)] == [1]


def test_a_wrong_variable_is_2_and_named(folder: Path) -> None:
    answer = gate(folder, {"ENABLE_PERFORMANCE_GATES": "perhaps"})
    assert answer.code == 2
    assert "ENABLE_PERFORMANCE_GATES: 'perhaps'" in answer.err
    assert "is not true or false" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("variable", "text", "told"),
    [
        ("PERFCI_REGISTER", "nowhere:register", "No module named"),
        ("PERFCI_REGISTER", "performance_tests", "package.module:function"),
        ("PERFCI_REGISTER", "performance_tests.py:missing", "no attribute 'missing'"),
        ("PERFCI_REGISTER", "performance_tests.py:TESTS.append", "append"),
        ("PERFCI_STORE", "git:perfci-data", "file:DIR"),
    ],
)
def test_tests_that_are_not_there_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, text: str, told: str
) -> None:
    (folder / "performance_tests.py").write_text("class TESTS:\n    pass\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError) as caught:
        integration()
    assert variable in f"{caught.value.message} {caught.value.hint}"
    assert told in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.slow
def test_what_is_installed_is_said(folder: Path) -> None:
    answer = start(folder, "perfci", "validate", "--info")
    assert answer.code == 0, answer.out
    assert "fit: tests can be measured and kept here" in answer.out
    assert "FAIL_ON_CRITICAL_REGRESSION" in answer.out


@pytest.mark.slow
def test_a_folder_that_cannot_be_used_is_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert not validate_framework_installation(tmp_path / "file")
    told = capsys.readouterr().out
    assert "not fit: store" in told
    assert str(tmp_path / "file") in told


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_cancelled_job_is_2_and_leaves_no_answer(folder: Path, number: signal.Signals) -> None:
    (folder / "performance_tests.py").write_text(
        "import time\n"
        "def work():\n    open('begun', 'w').close()\n    time.sleep(1)\n"
        "def register(framework):\n    framework.register('codec', 'a', 'latency', work)\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-m", "perfci.ci_cd_integration"],
        cwd=folder,
        env=environment(TMPDIR=str(folder.parent / "tmp")) | QUICK,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + 60
        while not (folder / "begun").exists() and time.monotonic() < end:
            time.sleep(0.05)
        started.send_signal(number)
        _, err = started.communicate(timeout=60)
    finally:
        started.kill()
        started.wait()
    assert started.returncode == 2
    assert err == "perfci: interrupted\n"
    assert not (folder / "out" / "ci_cd_result.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("perfci", "test"),
        ("unittest", "-v", "perfci.test_regression_framework"),
        ("unittest", "perfci.test_regression_framework.TestPerformanceRegressionFramework"),
    ],
)
def test_the_checks_of_the_framework_pass_here(folder: Path, arguments: tuple[str, ...]) -> None:
    answer = start(folder, *arguments)
    assert answer.code == 0, answer.err
    assert "Ran 6 tests" in answer.err


@pytest.mark.slow
def test_checks_that_fail_are_told_by_the_code(folder: Path) -> None:
    answer = start(folder, "perfci", "test", PERFCI_GATE__FAIL_ON="perhaps")
    assert answer.code == 2
    assert "FAILED" in answer.err
