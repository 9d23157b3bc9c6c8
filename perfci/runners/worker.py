"""Calls a benchmark's function and times it; run by the measured project's own interpreter.

Run as `python worker.py ORDERS ANSWERS`, two named pipes that carry one JSON object a line; what
the function prints goes elsewhere. Standard library only, and nothing that Python 3.8 does not
know. What it imports for itself is loaded on both sides alike, before anything is measured.
"""
# ruff: noqa: PTH100, PTH112, PTH117, PTH119, PTH120, PTH122, PTH123, PTH208
# A path object is nothing that the measured process needs.

from __future__ import annotations

import gc
import importlib
import importlib.util
import inspect
import json
import keyword
import os
import resource
import sys
import time
import traceback
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from types import TracebackType

OLDEST = (3, 8)
_BATCH = 100_000
"""Nanoseconds that a batch should take: between 50 and 200 us the median is steadiest."""
_SAMPLE = 2_000_000
"""Nanoseconds that a sample takes at least."""
_LONG = 100_000_000
"""Nanoseconds from which one call says enough of its own length."""
_ESCAPED = 100_000
"""Nanoseconds of CPU that may be unaccounted for: what the readings themselves take."""

# Compiled for each function, so that a call costs what it costs in a program: no `partial`, no
# `**`. The clock stands inside the readings (statistics.md E1.3); all batches in one coroutine.
_LOOP = """
{async_}def sample(function, arguments, inner, batches, before, after, clock, repeat):
    {names}= arguments
    walls = []
    first = before()
    start = clock()
    for _ in range(batches):
        begun = clock()
        for _ in repeat(None, inner):
            {await_}function({passed})
        walls.append(clock() - begun)
    end = clock()
    return walls, end - start, first, after()
"""
_LOOP_FILE = "<perfci>"


class Refused(Exception):  # noqa: N818 - an answer more than an error
    """Something that the user has to be told: its kind, and the text."""


class Reading(NamedTuple):
    """What the kernel has counted so far, in nanoseconds."""

    cpu: int
    """Of this process and of its ended children."""
    thread: int
    """CPU of this thread."""
    others: int
    """CPU of the other threads that were there at the start."""
    delay: int
    """Waiting for a processor, these threads together; -1 where it cannot be read."""


class Counters:
    """The kernel's counters of this process, and of the threads that it has now."""

    def __init__(self) -> None:
        self.threads = _threads()
        self._handles = []
        try:
            for thread in self.threads:
                path = f"/proc/self/task/{thread}/schedstat"
                handle = os.open(path, os.O_RDONLY)
                # the first thread, which runs all this, has the number of the process
                self._handles.append((handle, thread == str(os.getpid())))
        except OSError:
            pass  # no such counter here, or a thread has ended: the readings will tell

    def close(self) -> None:
        """Let go of the kernel's files."""
        for handle, _ in self._handles:
            os.close(handle)

    def before(self) -> Reading:
        """Read on the way in: the delay last, so that no reading counts as work."""
        cpu = _cpu()
        return Reading(*cpu, *self._scheduler())

    def after(self) -> Reading:
        """Read on the way out: the delay first."""
        scheduler = self._scheduler()
        return Reading(*_cpu(), *scheduler)

    def _scheduler(self) -> tuple[int, int]:
        if len(self._handles) < max(1, len(self.threads)):
            return 0, -1
        ran = waited = 0
        try:
            for handle, mine in self._handles:
                fields = os.pread(handle, 64, 0).split()
                waited += int(fields[1])
                if not mine:
                    ran += int(fields[0])
        except (OSError, IndexError):
            return 0, -1
        return ran, waited


def _cpu() -> tuple[int, int]:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    children = int((ended.ru_utime + ended.ru_stime) * 1e9)
    return time.process_time_ns() + children, time.thread_time_ns()


def _threads() -> list[str]:
    try:
        return sorted(os.listdir("/proc/self/task"))
    except OSError:
        return []


def _has_children() -> bool:
    for thread in _threads():
        try:
            with open(f"/proc/self/task/{thread}/children", encoding="ascii") as file:
                if file.read().strip():
                    return True
        except OSError:  # not shown here, or the thread has ended
            continue
    return False


class Work:
    """The function under test with its arguments."""

    def __init__(self, function: Any, arguments: dict[str, Any], *, awaits: bool) -> None:
        self.function = function
        self.arguments = arguments
        self.loop: AbstractEventLoop | None = None
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise Refused(
                "shape", "is a generator: calling it runs nothing; let the function consume it"
            )
        call = getattr(function, "__call__", None)  # noqa: B004 - an object's may be async
        if awaits or inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call):
            self._becomes_async()
        self.sample_loop = self._compiled()
        # what was imported is there to stay: collecting before each sample looks at the rest
        gc.collect()
        gc.freeze()

    def _becomes_async(self) -> None:
        import asyncio

        self.loop = asyncio.new_event_loop()

    def _compiled(self) -> Any:
        names = list(self.arguments)
        plain = all(name.isidentifier() and not keyword.iskeyword(name) for name in names)
        slots = [f"argument_{number}" for number in range(len(names))]
        text = _LOOP.format(
            async_="async " if self.loop else "",
            await_="await " if self.loop else "",
            names="".join(f"{slot}, " for slot in slots) if plain and slots else "values ",
            passed=", ".join(f"{name}={slot}" for name, slot in zip(names, slots))  # noqa: B905 - new in 3.10
            if plain
            else "**values",
        )
        space: dict[str, Any] = {}
        exec(compile(text, _LOOP_FILE, "exec"), space)  # noqa: S102 - identifiers only
        self.passed = list(self.arguments.values()) if plain and slots else self.arguments
        return space["sample"]

    def call(self) -> None:
        """Call once, and find out whether the answer is to be awaited."""
        if self.loop:
            self.loop.run_until_complete(self.function(**self.arguments))
            return
        answer = self.function(**self.arguments)
        if inspect.isawaitable(answer):
            self._becomes_async()
            self.sample_loop = self._compiled()
            assert self.loop  # noqa: S101 - made just now
            self.loop.run_until_complete(answer)

    def sample(self, inner: int, batches: int) -> dict[str, Any]:
        """Time `batches` batches of `inner` calls."""
        gc.collect()
        collects = gc.isenabled()
        gc.disable()
        counters = Counters()
        try:
            told = self.sample_loop(
                self.function,
                self.passed,
                inner,
                batches,
                counters.before,
                counters.after,
                time.perf_counter_ns,
                repeat,
            )
            walls, wall, first, last = self.loop.run_until_complete(told) if self.loop else told
        finally:
            counters.close()
            if collects:
                gc.enable()
        cpu, thread, others = (last[field] - first[field] for field in range(3))
        readable = first.delay >= 0 and last.delay >= 0
        whole = (
            readable
            and counters.threads == _threads()
            # what these threads ran is all that ran: no ended thread, no ended child
            and cpu - thread - others <= max(0.02 * cpu, _ESCAPED)
            and not _has_children()
        )
        return {
            "walls": walls,
            "wall": wall,
            "cpu": cpu,
            "delay": last.delay - first.delay if readable else None,
            "whole": whole,
        }

    def calibrate(self) -> dict[str, Any]:
        """Call once or more; find how many calls make a batch, and how many batches a sample."""
        inner = 1
        begun = time.perf_counter_ns()
        self.call()
        fastest = time.perf_counter_ns() - begun
        if fastest < _LONG:
            fastest = min(fastest, self._fastest(1, 2))
        while fastest < _BATCH / 2:
            factor = min(100, max(2, _BATCH // max(fastest, 1)))
            inner *= factor
            fastest = self._fastest(inner, 5)
        batches = -(-_SAMPLE // fastest)
        return {
            "inner": inner,
            "batches": batches,
            "seconds": batches * fastest / 1e9,
            "awaits": self.loop is not None,
        }

    def _fastest(self, inner: int, batches: int) -> int:
        walls: list[int] = self.sample(inner, batches)["walls"]
        return max(1, min(walls))

    def peak(self, *, warm: bool) -> int:
        """Return the bytes that this process holds at most while the function runs once."""
        if warm:
            self.call()
        gc.collect()
        try:
            with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
                file.write("5")  # the mark falls to what is resident now
        except OSError:
            pass  # then the mark is that of the whole life
        self.call()
        try:
            with open("/proc/self/status", encoding="ascii", errors="replace") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        return int(line.split()[1]) * 1024
        except OSError:
            pass
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def load(order: dict[str, Any]) -> Work:
    """Import what the target names.

    Raises:
        Refused: it cannot be imported, or there is no such function.
    """
    sys.path[:0] = [folder for folder in order["path"] if os.path.isdir(folder)]
    try:
        if order["file"]:
            found = _module_of(order["file"])
        else:
            found = importlib.import_module(order["module"])
    except BaseException as error:  # the project's code may raise anything
        raise Refused("import", trimmed(error)) from error
    for name in order["name"].split("."):
        if not hasattr(found, name):
            import difflib

            near = difflib.get_close_matches(name, dir(found), n=1)
            raise Refused("missing", f"{name}\n{near[0] if near else ''}")
        found = getattr(found, name)
    if not callable(found):
        raise Refused("shape", f"is no function but of type {type(found).__name__}")
    return Work(found, order["arguments"], awaits=order["awaits"])


def _module_of(path: str) -> Any:
    stem = os.path.splitext(os.path.basename(path))[0]
    name = f"perfci_benchmark_{stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None  # noqa: S101 - the file's name ends in .py
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look there
    spec.loader.exec_module(module)
    return module


def trimmed(error: BaseException) -> str:
    """Return the traceback from the user's first frame on."""
    own = (os.path.abspath(__file__), _LOOP_FILE, "<frozen importlib")
    at: TracebackType | None = error.__traceback__
    while at is not None:
        file = at.tb_frame.f_code.co_filename
        if not file.startswith(own) and f"{os.sep}asyncio{os.sep}" not in file:
            break
        at = at.tb_next
    return "".join(traceback.format_exception(type(error), error, at))


def _files() -> list[tuple[str, str]]:
    found = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name != "__main__" and isinstance(file, str) and os.path.isabs(file):
            found.append((name, file))
    return found


class Servant:
    """Answers orders, one at a time."""

    def __init__(self) -> None:
        self.work: Work | None = None

    def answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """Return what is asked for.

        Raises:
            Refused: the user has to be told something.
        """
        if order["do"] == "load":
            self.work = load(order)
            return {}
        if order["do"] == "files":
            return {"files": _files()}
        assert self.work is not None  # noqa: S101 - loading comes first
        try:
            return self._measured(self.work, order)
        except BaseException as error:  # the project's code may raise anything, SystemExit too
            raise Refused("call", trimmed(error)) from error

    def _measured(self, work: Work, order: dict[str, Any]) -> dict[str, Any]:
        if order["do"] == "calibrate":
            return work.calibrate()
        if order["do"] == "memory":
            return {"peak": work.peak(warm=order["warm"])}
        return work.sample(order["inner"], order["batches"])


def main() -> None:
    """Serve until the orders end."""
    orders, answers = sys.argv[1:]
    here = os.path.dirname(os.path.abspath(__file__))
    # a program's folder stands first in its path: what lies there must not hide anybody else's
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != here]
    sys.argv[:] = [""]
    servant, mine = Servant(), os.getpid()
    with open(answers, "w", encoding="ascii") as told, open(orders, encoding="ascii") as asked:
        version = ".".join(map(str, sys.version_info[:3]))
        hello = {"version": version, "old": sys.version_info < OLDEST}
        told.write(json.dumps(hello) + "\n")
        told.flush()
        for line in asked:
            try:
                answer = servant.answer(json.loads(line))
            except Refused as refused:
                answer = {"error": refused.args[0], "text": refused.args[1]}
            if os.getpid() != mine:  # the function forked, and its child has come this far
                os._exit(0)
            sys.stdout.flush()
            told.write(json.dumps(answer) + "\n")
            told.flush()


if __name__ == "__main__":
    main()
