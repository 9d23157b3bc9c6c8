"""The function under test: called once, in a row, or timed."""

from __future__ import annotations

import gc
import inspect
import mmap
import os
import time
from typing import TYPE_CHECKING, Any

from .loading import load
from .loop import Form, compiled
from .reading import Counters, has_children
from .refusal import Refused, trimmed

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable

_BATCH = 100_000
"""Nanoseconds that a batch should take: between 50 and 200 us the median is steadiest."""
_SAMPLE = 2_000_000
"""Nanoseconds that a sample takes at least."""
_LONG = 100_000_000
"""Nanoseconds from which one call says enough of its own length."""
_STEPS = 200
"""Steps of the clock that a batch takes at least: one more or less is 0.5 %."""
_LOOKS = 1_000_000
"""Readings within which a clock that moves has moved."""
_RETURNS = 0.1
"""Seconds that a forked child gets to show that it runs on as if it were this process."""


class Work:
    """The function under test with its arguments; the targets are imported at once.

    Args:
        order: what to import, and how to call it; `load_order` in perfci makes it.
        clock: nanoseconds, monotonic. Bound here, before the project's code is imported: what
            that does to the module `time` is its own business.

    Raises:
        Refused: something cannot be imported.
    """

    def __init__(
        self, order: dict[str, Any], clock: Callable[[], int] = time.perf_counter_ns
    ) -> None:
        self._clock = clock
        self._loop: AbstractEventLoop | None = None
        targets = load(order)
        self._function = targets["function"]
        self._setup = targets.get("setup")
        self._teardown = targets.get("teardown")
        self._arguments: dict[str, Any] = order["arguments"]
        self._positional: tuple[Any, ...] = ()
        self._form = Form(*order["form"]) if order["form"] else Form()
        self._collects = bool(order["gc"])
        self._is_set_up = False
        self._rest: Any = None
        self._first = 0

    def set_up(self) -> None:
        """Call the target that makes what the function needs, and make ready for calls.

        Raises:
            Refused: it raised an error.
        """
        if self._setup is not None:
            made = self._called("setup", self._setup, self._arguments)
            self._positional = () if made is None else (made,)
        self._is_set_up = True
        self._take(self._form)
        if not self._collects:
            # what was made is there to stay: collecting before each sample looks at the rest
            gc.collect()
            if hasattr(gc, "freeze"):  # PyPy has none
                gc.freeze()

    def first(self) -> dict[str, Any]:
        """Call once, and find out what is to be done with what comes back.

        A stream is only begun: `calibrate` and `finish` consume it.
        """
        mine, came_back = os.getpid(), mmap.mmap(-1, 1)
        begun = self._clock()
        answer = self._function(*self._positional, **self._arguments)
        awaits = inspect.isawaitable(answer)
        if awaits:
            answer = self._awaited(answer)
        if os.getpid() != mine:
            came_back[0] = 1
            os._exit(0)
        self._first = self._clock() - begun
        _refuse_a_child_that_came_back(came_back)
        stream = ""
        if inspect.isgenerator(answer):
            stream = "generator"
        elif inspect.isasyncgen(answer):
            stream = "async generator"
        self._rest = answer if stream else None
        self._take(Form(awaits, stream))
        return {"form": [awaits, stream]}

    def finish(self) -> None:
        """Consume what the first call has begun."""
        begun = self._clock()
        rest, self._rest = self._rest, None
        if inspect.isasyncgen(rest):
            self._awaited(_each(rest, lambda _: None))
        elif rest is not None:
            for _ in rest:
                pass
        self._first += self._clock() - begun

    def call(self, times: int = 1) -> None:
        """Call some times, untimed."""
        self._settled(self._run(times, 1, _nothing, _nothing, _no_clock))

    def calibrate(self) -> dict[str, Any]:
        """Find how many calls make a batch, and how many batches a sample.

        Returns:
            `inner`, `batches`, and `call`: nanoseconds of one call.
        """
        self.finish()
        aim = max(_BATCH, _STEPS * _step(self._clock))
        inner, fastest = 1, max(1, self._first)
        if fastest < _LONG:
            fastest = min(fastest, self._fastest(1, 2))
        while fastest < aim / 2:
            inner *= min(100, max(2, aim // fastest))
            fastest = self._fastest(inner, 5)
        return {
            "inner": inner,
            "batches": -(-max(_SAMPLE, aim) // fastest),
            "call": fastest / inner,
        }

    def sample(self, inner: int, batches: int) -> dict[str, Any]:
        """Time `batches` batches of `inner` calls.

        Returns:
            `walls` of the batches, and of all together `wall`, `cpu`, `delay`, `whole`; in ns.
        """
        gc.collect()
        collected = gc.isenabled()
        if not self._collects:
            gc.disable()
        counters = Counters()
        try:
            told = self._run(inner, batches, counters.before, counters.after, self._clock)
            walls, wall, first, last = self._settled(told)
            return {"walls": walls, "wall": wall, **counters.between(first, last)}
        finally:
            counters.close()
            if collected:
                gc.enable()

    def checksum(self) -> str:
        """Call once more, untimed, and return the checksum of what comes back.

        Raises:
            Refused: nothing can be made of it.
        """
        # who does not ask for it does not load it
        from .checksum import Checksum, refused

        made = Checksum()
        answer = self._function(*self._positional, **self._arguments)
        if self._form.awaits:
            answer = self._awaited(answer)
        if self._form.stream == "async generator":
            self._awaited(_each(answer, made.add))
        elif self._form.stream:
            made.add_all(answer)
        elif answer is None:
            raise refused("is None, which is the same whatever was done")
        else:
            made.add(answer)
        return made.text()

    def teardown(self) -> None:
        """Call the target that cleans up; nothing happens a second time, or without `set_up`.

        Raises:
            Refused: it raised an error.
        """
        function, self._teardown = self._teardown, None
        if function is not None and self._is_set_up:
            self._called("teardown", function, _fitting(function, self._arguments))

    def _called(self, part: str, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        try:
            made = function(*self._positional, **arguments)
            return self._awaited(made) if inspect.isawaitable(made) else made
        except BaseException as error:  # the project's code may raise anything, SystemExit too
            raise Refused("call", trimmed(error), part) from error

    def _take(self, form: Form) -> None:
        self._form = form
        self._run = compiled(self._function, self._positional, self._arguments, form)
        if form.runs_in_loop:
            self._own_loop()

    def _own_loop(self) -> AbstractEventLoop:
        """Return the one event loop of this process, of the project's own policy."""
        if self._loop is None:
            import asyncio

            self._loop = asyncio.new_event_loop()
        return self._loop

    def _settled(self, told: Any) -> Any:
        """Return what the loop tells; run it where it is a coroutine."""
        return self._own_loop().run_until_complete(told) if self._form.runs_in_loop else told

    def _awaited(self, awaitable: Any) -> Any:
        async def wait() -> Any:
            return await awaitable

        return self._own_loop().run_until_complete(wait())

    def _fastest(self, inner: int, batches: int) -> int:
        walls: list[int] = self.sample(inner, batches)["walls"]
        return max(1, min(walls))


def _nothing() -> None:
    """Read nothing, where nothing is timed."""


def _no_clock() -> int:
    return 0


async def _each(stream: Any, take: Callable[[Any], None]) -> None:
    async for item in stream:
        take(item)


def _fitting(function: Callable[..., Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """Return those of the arguments that a function names."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # written in C
        return arguments
    if any(it.kind is it.VAR_KEYWORD for it in parameters):
        return arguments
    named = {it.name for it in parameters if it.kind in (it.POSITIONAL_OR_KEYWORD, it.KEYWORD_ONLY)}
    return {name: value for name, value in arguments.items() if name in named}


def _refuse_a_child_that_came_back(came_back: mmap.mmap) -> None:
    """Refuse a function whose forked child returns: each call would double the processes.

    Raises:
        Refused: so it is.
    """
    waited = 0.0
    while not came_back[0]:
        if waited >= _RETURNS or not has_children():
            return
        time.sleep(0.01)
        waited += 0.01
    raise Refused("forked", "")


def _step(clock: Callable[[], int]) -> int:
    """Return the smallest step of a clock, in its unit.

    Raises:
        Refused: it stands still, or runs backwards.
    """
    steps = []
    for _ in range(5):
        begun = now = clock()
        for _ in range(_LOOKS):
            now = clock()
            if now != begun:
                break
        steps.append(now - begun)
    if min(steps) <= 0:
        how = "stands still" if min(steps) == 0 else "runs backwards"
        raise Refused("clock", how)
    return min(steps)
