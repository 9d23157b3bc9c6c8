"""The worker in interpreters of every age, and its one-shot mode."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from perfci.model.measurement import Clock, Side
from perfci.model.work import Function
from perfci.runners.callables import workplace
from perfci.runners.callables.targets import load_order
from perfci.runners.callables.worker.checksum import Checksum
from tests.runners.callables.callables import calling, latency, named
from tests.runners.stage import bench

CODE = """
import asyncio, gc, sys, time

def made(size): return list(range(size))
def gone(things): print("gone", len(things))
def fails(things, size): raise ValueError("on purpose")
def counts(things, size): print("called", size, gc.isenabled())
async def streams(things, size):
    print("called", size, gc.isenabled())
    for thing in things: await asyncio.sleep(0); yield thing
def nap(): time.sleep(0.002)
"""
WORKER = Path(workplace.__file__).with_name(workplace.WORKER) / "__main__.py"


@cache
def python(version: str) -> str:
    """Return an interpreter of this version; the test is skipped where there is none."""
    if version.startswith("pypy"):
        return shutil.which(version) or pytest.skip("there is no PyPy here")
    homes = Path.home() / ".pyenv" / "versions"
    found = [shutil.which(f"python{version}"), *sorted(homes.glob(f"{version}.*/bin/python"))]
    for each in filter(None, found):
        argv = [str(each), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        said = subprocess.run(argv, capture_output=True, text=True, check=False)
        if said.stdout.strip() == version:
            return str(each)
    pytest.skip(f"there is no Python {version} here")


@pytest.mark.parametrize(
    "version",
    ["3.8", *(pytest.param(each, marks=pytest.mark.slow) for each in ("3.13", "pypy3"))],
)
def test_old_and_new_interpreters_work(tmp_path: Path, version: str) -> None:
    work = Function(
        target="benchmarks/b.py:streams",
        setup="benchmarks/b.py:made",
        teardown="benchmarks/b.py:gone",
        arguments=(("size", 3),),
    )
    benchmark = replace(bench(work, "latency", "memory_usage"), checksum="")
    with calling(tmp_path, CODE, interpreter=python(version)) as calls:
        report = calls.measured(benchmark)

    here = Checksum()
    here.add_all(range(3))
    assert latency(report).size == 10
    assert latency(report).whole
    assert report.checksums == {Side.HEAD: {here.text()}}


@pytest.mark.parametrize("version", ["2.7", "3.7"])
def test_an_interpreter_that_is_too_old_is_told(tmp_path: Path, version: str) -> None:
    path = python(version)
    with calling(tmp_path, CODE, interpreter=path) as calls:
        error = calls.failing(named("nap"))

    assert error.message.startswith(
        f"codec/parse needs Python 3.8 or newer: {path} (interpreter: {path}) is {version}."
    )
    assert error.output == ""


def test_something_else_than_python_is_told(tmp_path: Path) -> None:
    with calling(tmp_path, CODE, interpreter="/bin/false") as calls:
        error = calls.failing(named("nap"))

    assert error.message == (
        "codec/parse has no Python that works: /bin/false (interpreter: /bin/false) exited with 1"
        " without a word"
    )
    assert "3.8" in error.hint


def test_the_worker_hides_no_module_from_anybody(tmp_path: Path) -> None:
    names = {each.stem for each in WORKER.parent.glob("*.py")}
    code = "\n".join(f"import {name}" for name in names if not name.startswith("__"))
    with calling(tmp_path, f"{code}\n{CODE}") as calls:
        for name in names:
            (calls.root() / f"{name}.py").touch()

        launch = latency(calls.measured(named("nap")))

    assert min(launch.clocks[Clock.WALL]) >= 0.002


def test_nothing_of_the_worker_stays_in_the_path(tmp_path: Path) -> None:
    code = "import sys\ndef shows():\n  with open('path', 'w') as file: file.write(repr(sys.path))"
    with calling(tmp_path, code) as calls:
        calls.prepare(named("shows"))

        assert str(calls.root()) in calls.text("path")
        assert str(WORKER.parent) not in calls.text("path")


def counted(root: Path, function: str, times: int, python: str = sys.executable) -> tuple[int, str]:
    work = Function(
        target=f"b.py:{function}",
        setup="b.py:made",
        teardown="b.py:gone",
        arguments=(("size", 5),),
    )
    (root / "b.py").write_text(CODE)
    order = json.dumps(load_order(work, root, root))
    argv = [python, str(WORKER), "--count", str(times), order]
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said, _ = process.communicate()
    return process.returncode, said


@pytest.mark.parametrize("function", ["counts", "streams"])
def test_the_one_shot_mode_calls_once_and_then_as_often_as_it_is_told(
    tmp_path: Path, function: str
) -> None:
    warm, *calls, last = counted(tmp_path, function, 4)[1].splitlines()

    assert warm == "called 5 True"
    assert calls == ["called 5 False"] * 4
    assert last == "gone 5"
    assert counted(tmp_path, function, 0) == (0, "called 5 True\ngone 5\n")


def test_the_one_shot_mode_tells_what_failed_and_tears_down(tmp_path: Path) -> None:
    code, said = counted(tmp_path, "fails", 4)

    assert code == 1
    assert said.startswith("function: Traceback")
    assert said.endswith("ValueError: on purpose\n\ngone 5\n")


def test_the_one_shot_mode_tells_that_it_is_too_old(tmp_path: Path) -> None:
    code, said = counted(tmp_path, "counts", 1, python("2.7"))

    assert code == 1
    assert said.startswith("this is Python 2.7")
