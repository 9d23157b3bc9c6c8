"""What a callable may do wrong: each gets a sentence, and nothing is left that can be ended."""

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from tests.runners.live.hanging import Hanging, hanging
from tests.runners.live.test_live_runner import Stage

__all__ = ["hanging"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.close()


class Odd(Exception):  # noqa: N818
    def __str__(self) -> str:
        raise RuntimeError("not even that")


def raises() -> None:
    raise ValueError("a\x1b[31mbad\nanswer")


async def raises_async() -> None:
    raise ValueError("a bad answer")


def leaves() -> None:
    sys.exit(3)


async def leaves_async() -> None:
    sys.exit(3)


def ends() -> None:
    raise StopIteration


def interrupts() -> None:
    raise KeyboardInterrupt


def odd() -> None:
    raise Odd


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (raises, "raised ValueError: abad answer"),
        (raises_async, "raised ValueError: a bad answer"),
        (leaves, "raised SystemExit: 3"),
        (leaves_async, "raised SystemExit: 3"),
        (ends, "raised StopIteration"),
        (interrupts, "raised KeyboardInterrupt"),
        (odd, "raised Odd"),
    ],
)
def test_what_it_raises_is_told(stage: Stage, call: object, said: str) -> None:
    with pytest.raises(MeasurementError) as failed:
        stage.launch(call)  # type: ignore[arg-type]

    assert failed.value.message == f"codec/parse {said}"
    assert "perfci/runners/live" not in failed.value.output


def test_the_traceback_begins_in_the_callable(stage: Stage) -> None:
    with pytest.raises(MeasurementError) as failed:
        stage.launch(raises)

    assert "in raises" in failed.value.output
    assert failed.value.output.splitlines()[1].count(__file__) == 1


def test_a_thread_that_hangs_hangs_nobody_else(stage: Stage, hanging: Hanging) -> None:
    with pytest.raises(MeasurementError, match=r"did not end within 0\.2 s") as hung:
        stage.launch(hanging.call, timeout=0.2)

    assert "still runs in its thread" in hung.value.message
    stage.runner.close()


@pytest.mark.parametrize("direct", [True, False])
def test_a_coroutine_that_hangs_is_cancelled(
    stage: Stage, hanging: Hanging, *, direct: bool
) -> None:
    with pytest.raises(MeasurementError, match="it was cancelled"):
        stage.launch(
            hanging.call_async if direct else (lambda: hanging.call_async()),  # noqa: PLW0108
            timeout=0.2,
        )

    assert hanging.cancelled.wait(5)


def test_a_coroutine_that_is_cancelled_by_others_is_no_value(stage: Stage) -> None:
    async def cancelled() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(1)

    with pytest.raises(MeasurementError, match="cancelled by something else"):
        stage.launch(cancelled)


@pytest.mark.parametrize("kind", ["thread", "loop"])
def test_a_wish_to_stop_is_heard_within_a_call(stage: Stage, hanging: Hanging, kind: str) -> None:
    def stop() -> None:
        hanging.begun.wait(5)
        stage.stop.set()

    threading.Thread(target=stop).start()
    with pytest.raises(KeyboardInterrupt):
        stage.launch(hanging.call if kind == "thread" else hanging.call_async)

    assert kind == "thread" or hanging.cancelled.wait(5)


def test_the_rest_before_a_call_ends_with_the_wish_to_stop(stage: Stage) -> None:
    threading.Timer(0.05, stage.stop.set).start()
    begun = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        stage.stop.rest(30)

    assert time.monotonic() - begun < 20
