"""Runs one program to its end, times it, and leaves nothing of it behind.

Part of the spawner, whose size is the floor of every peak of memory: nothing big is imported.
"""

import os
import select
import time

from perfci.runners.processes.memory_group import MemoryGroup
from perfci.runners.processes.output import Output
from perfci.runners.processes.start import Refused, found, redirections
from perfci.runners.processes.tree import Tree, below, own_peak, own_wait

_SIGHUP, _SIGINT, _SIGKILL, _SIGPIPE, _SIGTERM, _SIGXFSZ = 1, 2, 9, 13, 15, 25

_GRACE = 500
"""Milliseconds between asking a program to end and killing it."""
_LAST_WAIT = 5.0
"""Seconds that killed processes get to disappear."""
_FIRST_STEP = 2.0
"""Milliseconds until the first look: after it, this process has surely slept once."""
_STEP, _LONGEST_STEP = 10.0, 100.0
"""Milliseconds between two looks; a program that stays alone is looked at ever more rarely."""
_SHARE = 80
"""A look is taken no sooner than this many times its own cost after the last; with what waking up
costs, that is below 2 % of a core."""
_BLIND_STEP = 0.5
"""Milliseconds between two looks at the program where the kernel has no pidfd (before 5.3)."""
_NOTHING = b"/bin/true"
_REHEARSALS = 3
"""Starts after which another makes the next no faster."""

_clock = time.perf_counter_ns


def _kill(pid: int, number: int) -> None:
    try:  # noqa: SIM105 - contextlib would make it large
        os.kill(pid, number)
    except OSError:
        pass  # it is gone, or changed its user: nothing more can be done


class _Running:
    """One program; all that can be made ready before it starts is."""

    def __init__(self, output: Output) -> None:
        self.tree = Tree()
        self.begun = 0
        self.ended = 0
        self.late = 0
        self.reason = ""
        self.handle = -1
        self._output = output
        self._poller = select.poll()
        self._poller.register(0, select.POLLIN)

    def start(
        self, executable: bytes, request: dict[str, object], actions: list[tuple[int, int, int]]
    ) -> None:
        """Start it; the clock runs from here."""
        argv, environ = request["argv"], request["environ"]
        self.begun = _clock()
        pid = os.posix_spawn(
            executable,
            argv,  # type: ignore[arg-type]  # what the client has put in
            environ,  # type: ignore[arg-type]
            file_actions=actions,
            setpgroup=0,
            setsigmask=(),
            setsigdef=(_SIGHUP, _SIGINT, _SIGPIPE, _SIGTERM, _SIGXFSZ),
        )
        self.tree.pid = pid
        try:
            self.handle = os.pidfd_open(pid)
            self._poller.register(self.handle, select.POLLIN)
        except OSError:
            pass

    def _wait(self, limit: float) -> list[int]:
        """Wait for some milliseconds; return what is ready."""
        if self.handle < 0:
            limit = min(limit, _BLIND_STEP)
        return [handle for handle, _ in self._poller.poll(limit)]

    def _has_ended(self, ready: list[int]) -> bool:
        if self.handle >= 0:
            return self.handle in ready
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.tree.pid, how) is not None

    def watch(self, timeout: float | None, *, tree: bool) -> None:
        """Wait until the program ends, runs out of its seconds, or is to be stopped."""
        until = None if timeout is None else self.begun + int(timeout * 1e9)
        step = _STEP
        look_at = self.begun + int(_FIRST_STEP * 1e6)
        while True:
            next_at = look_at if until is None else min(look_at, until)
            waited = own_wait()
            ready = self._wait(max(0.0, (next_at - _clock()) / 1e6))
            self.ended = _clock()
            if self._has_ended(ready):
                # on a busy machine this process learns of the end when it has a processor again:
                # waiting, too, and in no count of what the program waited
                self.late = own_wait() - waited
                return
            if 0 in ready:
                self.reason = "stopped"
            elif until is not None and self.ended >= until:
                self.reason = "timeout"
            elif self._output.is_too_much():
                self.reason = "output"
            else:
                if self.ended >= look_at:
                    step = self._look(step, tree=tree)
                    look_at = _clock() + int(step * 1e6)
                continue
            self._ask_to_end()
            return

    def _look(self, step: float, *, tree: bool) -> float:
        """Look at what runs; return the milliseconds until the next look."""
        begun = time.process_time_ns()
        self._output.bound()
        if not tree or self.tree.is_single():
            step = min(2 * step, _LONGEST_STEP)
        else:
            self.tree.look()
            step = _STEP
        return max(step, _SHARE * (time.process_time_ns() - begun) / 1e6)

    def _ask_to_end(self) -> None:
        _kill(-self.tree.pid, _SIGTERM)
        self._poller.unregister(0)
        until = _clock() + _GRACE * 1_000_000
        while (left := (until - _clock()) / 1e6) > 0:
            if self._has_ended(self._wait(left)):
                return


def _end(tree: Tree) -> bool:
    """End and reap everything; return whether nothing is left."""
    if tree.pid:
        # a zombie still holds its number, so that this reaches its group and no other
        _kill(-tree.pid, _SIGKILL)
    until = _clock() + int(_LAST_WAIT * 1e9)
    while True:
        try:
            if tree.reap():
                continue
        except ChildProcessError:
            return True
        if _clock() > until:
            return False
        for each in below():
            _kill(each, _SIGKILL)
        time.sleep(0.001)


def execute(request: dict[str, object]) -> dict[str, object]:
    """Run one program and say how it went.

    Args:
        request: the fields of `spawning.Start`, bytes for texts that the program gets.

    Returns:
        The fields of `spawning.Ended`.
    """
    handles: list[int] = []
    group = MemoryGroup.enter() if request["memory"] else None
    try:
        return _executed(request, handles, group)
    except Refused as refused:
        return {"error": refused.args[1], "at": refused.args[0]}
    except BaseException:
        # SIGTERM: nothing may stay behind
        _end(Tree())
        raise
    finally:
        for handle in handles:
            if handle >= 0:
                os.close(handle)
        if group:
            group.leave()


def _executed(
    request: dict[str, object], handles: list[int], group: MemoryGroup | None
) -> dict[str, object]:
    actions = redirections(
        str(request["input"]), str(request["output"]), str(request["printed"]), handles
    )
    try:
        os.chdir(str(request["cwd"]))
    except OSError as error:
        raise Refused("cwd", error.strerror) from error
    executable = found(request["executable"], request["environ"])  # type: ignore[arg-type]
    output = Output(*handles[1:])
    running = _Running(output)
    if request["tree"]:
        _rehearse(actions)
    try:
        running.start(executable, request, actions)
    except OSError as error:
        raise Refused("program", error.strerror) from error
    handles.append(running.handle)
    running.watch(request["timeout"], tree=bool(request["tree"]))  # type: ignore[arg-type]
    clean = _end(running.tree)
    output.close()
    if output.is_too_much():
        running.reason = running.reason or "output"
    told = {**_told(running, group), "clean": clean, "checksum": ""}
    if clean and not running.reason:
        told["checksum"] = output.checksum(request["beginning"])  # type: ignore[arg-type]
    return told


def _rehearse(actions: list[tuple[int, int, int]]) -> None:
    """Start what does nothing a few times, just before the program.

    Perfci itself has pushed all that starts programs out of the processor's caches: the program
    would pay for it, 9 % where it does nothing.
    """
    try:
        for _ in range(_REHEARSALS):
            os.waitpid(os.posix_spawn(_NOTHING, [_NOTHING], {}, file_actions=actions), 0)
    except OSError:
        pass  # an image need not have it


def _told(running: _Running, group: MemoryGroup | None) -> dict[str, object]:
    tree = running.tree
    times = tree.times()
    ran, waited = times or (0, None)
    return {
        "error": "",
        "wall": (running.ended - running.begun) / 1e9,
        "cpu": tree.cpu,
        "delay": None if waited is None else (waited + running.late) / 1e9,
        # what was seen to run is all that ran: no thread and no child escaped
        # nor did anything wait while something else went on
        "whole": times is not None
        and abs(tree.cpu - ran / 1e9) <= max(0.02 * tree.cpu, 0.001)
        and not tree.ran_abreast(),
        "peak": max(tree.largest, tree.together, group.most() if group else 0),
        # a child's own reading never falls below what its starter had resident
        "floor": own_peak(),
        "status": tree.status,
        "reason": running.reason,
    }
