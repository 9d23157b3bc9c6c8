"""What callables are given and leave: `setup`, `teardown`, variables, folder, the collector."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Clock, Side
from perfci.model.work import Function
from tests.runners.callables.callables import calling, latency, named
from tests.runners.stage import BOTH, bench, order, side_by_side

CODE = """
import asyncio, gc, os, time

def note(text):
    with open("notes", "a") as file: file.write(text + "\\n")

def made(size): note(f"made {size}"); return ["thing", size]
async def made_later(size): await asyncio.sleep(0); return made(size)
def nothing_made(size): note("made nothing")
def gone(thing): note(f"gone {thing[1]}")
async def gone_later(thing, size): await asyncio.sleep(0); gone(thing)

def uses(thing, size): assert thing == ["thing", size], thing; time.sleep(0.003)
async def awaits(thing, size): uses(thing, size)
def needs_nothing(size): time.sleep(0.003)
def fails(thing, size): raise ValueError("on purpose")
def fails_at_once(*_, **__): raise OSError("not today")
def hangs(thing, size): note(f"pid {os.getpid()}"); time.sleep(600)
def sleeps(): time.sleep(600)
def stands_alone(): time.sleep(0.003)
def noted_gone(): note("gone")
def gone_slowly(thing): time.sleep(2.2); gone(thing)

def tells(): note(f"{os.environ.get('COLOUR')} {os.environ['PYTHONHASHSEED']}"); time.sleep(0.002)
def sees(): assert os.path.exists("marker"), os.getcwd(); import app; time.sleep(0.002)
def collects(): note(str(gc.isenabled())); time.sleep(0.002)
"""
SIZE: dict[str, object] = {"size": 3}


def test_what_setup_returns_is_the_first_argument_of_the_others(tmp_path: Path) -> None:
    benchmark = named("uses", setup="made", teardown="gone", arguments=SIZE)
    with calling(tmp_path, CODE) as calls:
        report = calls.measured(benchmark)

        assert latency(report).size == 10
        # one process to prepare, one to launch; each sets up and tears down once
        assert calls.text("notes").split("\n") == ["made 3", "gone 3"] * 2 + [""]


@pytest.mark.parametrize("function", ["uses", "awaits"])
def test_setup_and_teardown_may_be_async(tmp_path: Path, function: str) -> None:
    benchmark = named(function, setup="made_later", teardown="gone_later", arguments=SIZE)
    with calling(tmp_path, CODE) as calls:
        calls.prepare(benchmark)

        assert calls.text("notes") == "made 3\ngone 3\n"


def test_a_setup_that_returns_nothing_adds_no_argument(tmp_path: Path) -> None:
    benchmark = named("needs_nothing", setup="nothing_made", arguments=SIZE)
    with calling(tmp_path, CODE) as calls:
        calls.prepare(benchmark)

        assert calls.text("notes") == "made nothing\n"


def test_setup_may_come_from_another_file_or_from_a_module(tmp_path: Path) -> None:
    work = Function(
        target="benchmarks/b.py:uses",
        setup="tools/b.py:made",
        teardown="package.module:gone",
        arguments=(("size", 3),),
    )
    with calling(tmp_path, CODE) as calls:
        for name in ("tools/b.py", "src/package/module.py"):
            (calls.root() / name).parent.mkdir(parents=True)
            (calls.root() / name).write_text(CODE)

        calls.prepare(bench(work))

        assert calls.text("notes") == "made 3\ngone 3\n"


def test_heads_files_set_up_both_sides(tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    work = Function(target="app:uses", setup="tools/own.py:made", teardown="tools/own.py:gone")
    with calling(tmp_path, CODE, places) as calls:
        for side in BOTH:
            (places.roots[side] / "app.py").write_text(
                "import time\ndef uses(thing): assert thing == 'of head'; time.sleep(0.003)"
            )
            (places.roots[side] / "tools").mkdir()
            (places.roots[side] / "tools" / "own.py").write_text(
                f"def made(): return 'of {side}'\n"
                f"def gone(thing):\n with open('gone', 'w') as file: file.write('{side}')"
            )

        calls.prepare(bench(work), *BOTH)

        assert [calls.text("gone", side) for side in BOTH] == ["head", "head"]


@pytest.mark.slow
def test_teardown_runs_after_a_failure_and_the_failure_is_told(tmp_path: Path) -> None:
    benchmark = named("fails", setup="made", teardown="gone_slowly", arguments=SIZE)
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(benchmark)

        assert error.message == "codec/parse raised an error: ValueError: on purpose"
        assert calls.text("notes") == "made 3\ngone 3\n"


def test_the_other_side_is_torn_down_too(tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    benchmark = named("uses", setup="made", teardown="gone", arguments=SIZE)
    with calling(tmp_path, CODE, places) as calls:
        calls.runner.prepare(benchmark, BOTH)
        broken = CODE.replace("time.sleep(0.003)", "1 / (0 if 'head' in os.getcwd() else 1)")
        (places.definitions / "benchmarks" / "b.py").write_text(broken)
        for side in BOTH:
            (places.roots[side] / "notes").unlink()

        with pytest.raises(MeasurementError) as caught:
            calls.runner.launch(order(benchmark, BOTH))

        assert "raised an error on head: ZeroDivisionError" in caught.value.message
        assert [calls.text("notes", side) for side in BOTH] == ["made 3\ngone 3\n"] * 2


def test_teardown_gets_its_chance_on_ctrl_c(tmp_path: Path) -> None:
    benchmark = named("uses", setup="made", teardown="gone", arguments=SIZE)
    with calling(tmp_path, CODE) as calls:
        calls.runner.prepare(benchmark, (Side.HEAD,))
        (calls.root() / "notes").unlink()

        def measure_for_ever() -> None:
            while True:
                calls.runner.launch(order(benchmark))

        def interrupt() -> None:
            while not (calls.root() / "notes").exists():
                time.sleep(0.005)
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            measure_for_ever()
        thread.join()

        lines = calls.text("notes").split()
        assert lines.count("made") == lines.count("gone")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"setup": "fails_at_once"},
            "codec/parse: setup raised an error: OSError: not today",
        ),
        (
            {"setup": "made", "teardown": "fails_at_once"},
            "codec/parse: teardown raised an error: OSError: not today",
        ),
        (
            {"setup": "mad"},
            "codec/parse: setup could not be found: benchmarks/b.py:mad has no mad",
        ),
    ],
)
def test_which_of_them_failed_is_told(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(named("uses", arguments=SIZE, **options))

    assert error.message == message
    assert "fails_at_once" in error.output or error.hint == "did you mean made?"


def test_a_setup_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    work = Function(target="benchmarks/b.py:uses", setup="no_such_module:made")
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(bench(work))

    assert error.message.startswith(
        "codec/parse: setup could not be imported: no_such_module:made, by "
    )
    assert error.absent


@pytest.mark.slow
@pytest.mark.parametrize("part", ["setup", "teardown"])
def test_which_of_them_hangs_is_told(tmp_path: Path, part: str) -> None:
    options: dict[str, Any] = {part: "sleeps"}
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(named("stands_alone", timeout=0.5, **options))

    assert error.message == (
        f"codec/parse: {part} did not end within 0.5 s; its process group was ended"
    )


def test_nothing_is_torn_down_that_was_not_set_up(tmp_path: Path) -> None:
    benchmark = named("uses", setup="fails_at_once", teardown="noted_gone", arguments=SIZE)
    with calling(tmp_path, CODE) as calls:
        calls.failing(benchmark)

        assert not (calls.root() / "notes").exists()


def test_a_hanging_function_is_ended_without_teardown(tmp_path: Path) -> None:
    benchmark = named("hangs", setup="made", teardown="gone", arguments=SIZE, timeout=0.5)
    with calling(tmp_path, CODE) as calls:
        assert "did not end within 0.5 s" in calls.failing(benchmark).message
        assert "gone" not in calls.text("notes")


def test_variables_of_the_benchmark_win(tmp_path: Path) -> None:
    benchmark = named("tells", env=(("COLOUR", "blue"), ("PYTHONHASHSEED", "5")))
    with calling(tmp_path, CODE) as calls:
        calls.prepare(benchmark)

        assert set(calls.text("notes").split("\n")) == {"blue 5", ""}


def test_it_starts_in_its_folder_and_imports_from_the_root(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        (calls.root() / "data").mkdir()
        (calls.root() / "data" / "marker").touch()
        (calls.root() / "app.py").touch()

        calls.prepare(named("sees", cwd="data"))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(named("sees", cwd="data"))

    assert error.message == (
        f"codec/parse cannot start in its folder: cwd: data is no folder in {tmp_path / 'app'}"
    )
    assert error.absent


@pytest.mark.parametrize(("gc", "enabled"), [(False, "False"), (True, "True")])
def test_the_collector_is_off_while_timed_unless_it_is_wanted(
    tmp_path: Path, *, gc: bool, enabled: str
) -> None:
    with calling(tmp_path, CODE) as calls:
        calls.prepare(named("collects", gc=gc))

        first, *timed = calls.text("notes").split()
        assert first == "True"
        assert set(timed) == {enabled}


def test_arguments_of_any_name_are_passed(tmp_path: Path) -> None:
    code = "import time\ndef odd(thing, **rest): assert rest == {'class': 1, 'a-b': 2}, rest"
    code += "; time.sleep(0.002)\ndef made(**rest): return 1"
    benchmark = named("odd", setup="made", arguments={"class": 1, "a-b": 2})
    with calling(tmp_path, code) as calls:
        assert min(latency(calls.measured(benchmark)).clocks[Clock.WALL]) >= 0.002


def test_arguments_of_any_length_are_passed(tmp_path: Path) -> None:
    code = "def work(text): assert len(text) == 500_000"
    with calling(tmp_path, code) as calls:
        calls.prepare(named("work", arguments={"text": "x" * 500_000}))


def test_processes_that_start_afresh_find_the_benchmarks_file(tmp_path: Path) -> None:
    code = (
        "import multiprocessing\n"
        "def made(): return multiprocessing.get_context('spawn').Pool(1)\n"
        "def square(number): return number * number\n"
        "def uses(pool): assert pool.map(square, [2, 3]) == [4, 9]\n"
        "def gone(pool): pool.terminate(); pool.join()\n"
    )
    with calling(tmp_path, code) as calls:
        calls.prepare(named("uses", setup="made", teardown="gone", timeout=20.0))
