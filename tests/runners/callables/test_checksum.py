"""Checksums of what callables return: which values are equal, and which have none."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import MeasurementError
from perfci.measure.checksums import Checksums
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.runners.callables.worker.checksum import Checksum
from perfci.runners.callables.worker.refusal import Refused
from tests.runners.callables.callables import FILE, Calls, calling, named
from tests.runners.stage import BOTH, order, side_by_side

CODE = """
import os, random, time

calls = 0
def counted():
    global calls
    calls += 1
    with open("calls", "a") as file: file.write("x")
    time.sleep(0.004)
    return 5

def words(): return {"b": [1, 2.5, float("nan")], "a": ("x", None, True)}
async def later(): return words()
def stream():
    for number in range(1000): yield number
async def later_stream():
    for number in range(1000): yield number
def listed(): return list(range(1000))
def chance(): return random.random()
def object_(): return [object()]
def nothing(): pass
def secret(): return "correct horse"
def of_the_side(): return os.path.basename(os.getcwd()) + "x" * 0
def lazy(): return map(str, [1])
def hashes(): return list({"a", "b", "c", "d", "e", "f", "g", "h"})
def endless():
    found = []
    found.append(found)
    return found
"""


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    with calling(tmp_path, CODE) as calls:
        yield calls


def checked(name: str, **options: Any) -> Benchmark:
    return replace(named(name, **options), checksum="")


def checksum(calls: Calls, name: str) -> frozenset[str]:
    return calls.measured(checked(name)).checksums[Side.HEAD]


def of(value: object) -> str:
    made = Checksum()
    made.add(value)
    return made.text()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"abc", bytearray(b"abc")),
        (b"abc", memoryview(b"xabc")[1:]),
        (b"ac", memoryview(b"abcd")[::2]),
        ([1, "a"], (1, "a")),
        ({"a": 1, "b": {2, 3}}, {"b": frozenset({3, 2}), "a": 1}),
        (float("nan"), -float("nan")),
        ([{1: 2}, [None]], [{1: 2}, [None]]),
    ],
)
def test_equal_work_has_one_checksum(one: object, other: object) -> None:
    assert of(one) == of(other)


def test_no_two_of_these_are_taken_for_the_same() -> None:
    values: list[object] = [
        *(None, True, False, 0, 1, -1, 2**5000, 1.0, 0.1, 0.1 + 2**-55, -0.0, float("inf")),
        *("", "a", b"a", "1", "\ud800", "é", "None", b"", [], {}, set(), [[]], [[], []], [{}]),
        *(["a", "b"], ["ab"], ["b", "a"], [["a"], "b"], {"a": "b"}, {"b": "a"}, {"a", "b"}),
        *([1, 2], [12], [1.0, 2], [None], [True], {1: [2]}, {1: 2, 3: 4}, {1: 4, 3: 2}),
    ]

    assert len({of(value) for value in values}) == len(values)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (object(), "type object"),
        ([1, {"a": 1j}], "type complex"),
        (Path("x"), "type pathlib.PosixPath"),
        (range(3), "type range"),
    ],
)
def test_what_has_no_text_that_is_the_same_everywhere_is_refused(value: object, told: str) -> None:
    with pytest.raises(Refused, match=told):
        of(value)


def test_a_result_without_end_is_refused_before_it_has_taken_for_ever() -> None:
    made = Checksum()
    made._count = 10_000_000 - 2
    made.add(1)
    made.add(1)

    with pytest.raises(Refused, match="more than 10 million values"):
        made.add_all(itertools.count())


def test_without_a_checksum_the_function_is_not_called_once_more(calls: Calls) -> None:
    def called(benchmark: Benchmark) -> int:
        (calls.root() / "calls").write_text("")
        calls.runner.launch(order(benchmark))
        return len(calls.text("calls"))

    calls.prepare(named("counted"))

    assert called(checked("counted")) == called(named("counted")) + 1
    assert calls.measured(named("counted")).checksums == {}


def test_a_stream_is_what_it_yields_and_a_coroutine_what_it_returns(calls: Calls) -> None:
    assert checksum(calls, "stream") == checksum(calls, "later_stream")
    assert checksum(calls, "words") == checksum(calls, "later")
    assert checksum(calls, "words") != checksum(calls, "stream")


def test_only_a_checksum_leaves_the_process(calls: Calls) -> None:
    report = calls.measured(checked("secret"))

    assert [len(each) for each in report.checksums[Side.HEAD]] == [64]
    assert "horse" not in repr(report)


def test_a_random_result_is_not_taken_for_other_work_but_a_different_one_is(
    tmp_path: Path,
) -> None:
    with calling(tmp_path, CODE, side_by_side(tmp_path)) as calls:
        told = {}
        for name in ("chance", "of_the_side"):
            found = calls.measured(checked(name), *BOTH).checksums
            with pytest.raises(MeasurementError) as caught:
                Checksums().check(checked(name), found)
            told[name] = caught.value.message

    assert "what it returns differs from launch to launch on base" in told["chance"]
    assert "did different work on the two sides" in told["of_the_side"]


def test_the_order_of_a_set_is_alike_on_both_sides_but_not_in_every_launch(tmp_path: Path) -> None:
    with calling(tmp_path, CODE, side_by_side(tmp_path)) as calls:
        benchmark = checked("hashes")
        calls.prepare(benchmark, *BOTH)
        found = [calls.runner.launch(order(benchmark, BOTH, seed)).checksums for seed in (7, 8)]

    assert all(each[Side.BASE] == each[Side.HEAD] for each in found)
    assert found[0] != found[1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("object_", "is or holds a value of type object"),
        ("lazy", "is or holds a value of type map"),
        ("nothing", "is None, which is the same whatever was done"),
        ("endless", "holds lists within lists, more than 100 deep or without end"),
    ],
)
def test_a_result_that_has_none_is_told_with_a_way_out(calls: Calls, name: str, told: str) -> None:
    error = calls.failing(checked(name))

    assert error.message == f"codec/parse has no checksum: what {FILE}:{name} returns {told}"
    assert "return bytes, text, a number" in error.hint
