"""The timed loop, compiled for each function, so that a call costs what it costs in a program.

No `partial`, no `**`, no test of what came back. All batches run in one coroutine.
"""

from __future__ import annotations

import keyword
from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from .refusal import LOOP_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

# the clock stands inside the readings (statistics.md E1.3)
_LOOP = """
{async_}def sample(function, arguments, inner, batches, before, after, clock, repeat, consume):
    {names}= arguments
    walls = []
    first = before()
    start = clock()
    for _ in range(batches):
        begun = clock()
        for _ in repeat(None, inner):
            {call}
        walls.append(clock() - begun)
    end = clock()
    return walls, end - start, first, after()
"""


class Form(NamedTuple):
    """What is to be done with what a call returns."""

    awaits: bool = False
    stream: str = ""
    """`generator` or `async generator` where it is consumed to its end; empty for neither."""

    @property
    def runs_in_loop(self) -> bool:
        """Return whether the calls need an event loop."""
        return self.awaits or self.stream == "async generator"


def compiled(
    function: Callable[..., Any],
    positional: tuple[Any, ...],
    arguments: dict[str, Any],
    form: Form,
) -> Callable[..., Any]:
    """Compile a loop that calls `function(*positional, **arguments)`.

    Returns:
        A function of `inner`, `batches`, `before`, `after` and `clock`, a coroutine function
        where the form needs an event loop. It gives the batches' durations, the duration of all,
        what `before` gave, and what `after` gave.
    """
    names = list(arguments)
    given: Any = (positional, arguments)
    slots, passed = "positional, values ", "*positional, **values"
    if all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        ahead = [f"positional_{number}" for number in range(len(positional))]
        named = [f"argument_{number}" for number in range(len(names))]
        given = [*positional, *arguments.values()]
        slots = "".join(f"{slot}, " for slot in (*ahead, *named)) or "_ "
        pairs = zip(names, named)  # noqa: B905 - new in 3.10
        passed = ", ".join([*ahead, *(f"{name}={slot}" for name, slot in pairs)])
    text = _LOOP.format(
        async_="async " if form.runs_in_loop else "",
        names=slots,
        call=_call(f"function({passed})", form),
    )
    space: dict[str, Any] = {}
    exec(compile(text, LOOP_FILE, "exec"), space)  # noqa: S102 - identifiers only
    sample = space["sample"]
    # the fastest way to the end of a generator: nothing is kept, and no bytecode runs in between
    nowhere: deque[Any] = deque(maxlen=0)
    consume = nowhere.extend

    def run(inner: int, batches: int, before: Any, after: Any, clock: Any) -> Any:
        return sample(function, given, inner, batches, before, after, clock, repeat, consume)

    return run


def _call(call: str, form: Form) -> str:
    made = f"await {call}" if form.awaits else call
    if form.stream == "generator":
        return f"consume({made})"
    if form.stream == "async generator":
        return f"async for _ in {made}: pass"
    return made
