"""Starts programs and times them: a process of its own, so that perfci's size is not measured.

Run as `python -I -S -E -X utf8 spawner.py`. The kernel adds the high-water mark of whoever starts a
program to that program's own (`ru_maxrss`), so the starter has to be small: no package, no `json`,
no `enum`. Requests and replies are marshalled dictionaries on standard input and output, one at a
time; both ends are the same interpreter. Anything that arrives while a program runs ends it, and
so does the end of the input, which is how perfci's own death is noticed.
"""
# ruff: noqa: PTH110, PTH208 - pathlib would make it large

import _signal  # type: ignore[import-not-found]  # `signal` would load `enum`: 1 MiB more
import ctypes
import marshal
import os
import resource
import select
import sys
import time

_SIGHUP, _SIGINT, _SIGKILL, _SIGPIPE, _SIGTERM, _SIGCHLD, _SIGXFSZ = 1, 2, 9, 13, 15, 17, 25
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36

_GRACE = 500
"""Milliseconds between asking a program to end and killing it."""
_LAST_WAIT = 5.0
"""Seconds that killed processes get to disappear."""
_TREE_STEP = 10.0
"""Milliseconds between two looks at a tree's memory; each costs 0.15 to 0.4 ms."""
_BLIND_STEP = 0.5
"""Milliseconds between two looks at the program where the kernel has no pidfd (before 5.3)."""

_PAGE = os.sysconf("SC_PAGE_SIZE")
_clock = time.perf_counter_ns


def _read(path: str) -> bytes:
    """Return a file of /proc, or nothing where it is gone or not shown."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(handle, 65536)
    except OSError:
        return b""
    finally:
        os.close(handle)


_ME = os.getpid()
_LISTS_CHILDREN = os.path.exists(f"/proc/self/task/{_ME}/children")


def _children(pid: int) -> list[int]:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []
    return [
        int(child) for task in tasks for child in _read(f"/proc/{pid}/task/{task}/children").split()
    ]


def _parents() -> dict[int, list[int]]:
    """Return every process's children the slow way, from all of /proc."""
    found: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            # the name in parentheses may hold anything
            rest = _read(f"/proc/{name}/stat").rpartition(b")")[2].split()
            if len(rest) > 1:
                found.setdefault(int(rest[1]), []).append(int(name))
    return found


def _below() -> list[int]:
    """Return all living descendants; orphans among them, for they come back to this process."""
    parents = None if _LISTS_CHILDREN else _parents()
    found: list[int] = []
    waiting = [_ME]
    while waiting:
        pid = waiting.pop()
        children = _children(pid) if parents is None else parents.get(pid, [])
        found += children
        waiting += children
    return found


def _resident() -> int:
    """Return the bytes that all descendants hold in memory together."""
    pages = 0
    for pid in _below():
        fields = _read(f"/proc/{pid}/statm").split()
        if len(fields) > 1:
            pages += int(fields[1])
    return pages * _PAGE


def _kill(pid: int, number: int) -> None:
    try:  # noqa: SIM105 - contextlib would make it large
        os.kill(pid, number)
    except OSError:
        pass  # it is gone, or changed its user: nothing more can be done


class _Running:
    """One started program."""

    def __init__(self, pid: int, begun: int) -> None:
        self.pid = pid
        self.begun = begun
        self.ended = begun
        self.peak = 0
        self.reason = ""
        self._poller = select.poll()
        self._poller.register(0, select.POLLIN)
        try:
            self._handle = os.pidfd_open(pid)
            self._poller.register(self._handle, select.POLLIN)
        except OSError:
            self._handle = -1

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _wait(self, limit: float | None) -> list[int]:
        """Wait for some milliseconds, or without limit; return what is ready."""
        if self._handle < 0:
            limit = _BLIND_STEP if limit is None else min(limit, _BLIND_STEP)
        return [handle for handle, _ in self._poller.poll(limit)]

    def _has_ended(self, ready: list[int]) -> bool:
        if self._handle >= 0:
            return self._handle in ready
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, how) is not None

    def watch(self, timeout: float | None, *, tree: bool) -> None:
        """Wait until the program ends, runs out of its seconds, or is to be stopped."""
        until = None if timeout is None else self.begun + int(timeout * 1e9)
        limit: float | None = None
        while True:
            if until is not None:
                limit = max(0.0, (until - _clock()) / 1e6)
            if tree:
                self.peak = max(self.peak, _resident())
                limit = _TREE_STEP if limit is None else min(limit, _TREE_STEP)
            ready = self._wait(limit)
            self.ended = _clock()
            if self._has_ended(ready):
                return
            if 0 in ready:
                self.reason = "stopped"
            elif until is not None and self.ended >= until:
                self.reason = "timeout"
            else:
                continue
            self._ask_to_end()
            return

    def _ask_to_end(self) -> None:
        _kill(-self.pid, _SIGTERM)
        self._poller.unregister(0)
        until = _clock() + _GRACE * 1_000_000
        while (left := (until - _clock()) / 1e6) > 0:
            if self._has_ended(self._wait(left)):
                return


def _bury(pid: int) -> tuple[int, float, int, bool]:
    """End and reap everything.

    Returns:
        Wait status of `pid`, CPU seconds and the largest resident set (bytes) of all that was
        reaped, and whether nothing is left.
    """
    # a zombie still holds its number, so that this reaches its group and no other
    _kill(-pid, _SIGKILL)
    status, cpu, peak = -1, 0.0, 0
    until = _clock() + int(_LAST_WAIT * 1e9)
    while True:
        try:
            reaped, how, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return status, cpu, peak, True
        if reaped:
            cpu += usage.ru_utime + usage.ru_stime
            peak = max(peak, usage.ru_maxrss * 1024)
            if reaped == pid:
                status = how
            continue
        if _clock() > until:
            return status, cpu, peak, False
        for each in _below():
            _kill(each, _SIGKILL)
        time.sleep(0.001)


def _waiting(pid: int) -> tuple[int, int] | None:
    """Return nanoseconds that a process ran, and waited to run; its first thread only."""
    fields = _read(f"/proc/{pid}/schedstat").split()
    return (int(fields[0]), int(fields[1])) if len(fields) == 3 else None


def _measure(request: dict[str, object]) -> dict[str, object]:
    """Run one program and say how it went."""
    running = None
    handles: list[int] = []
    try:
        actions = _redirections(str(request["output"]), handles)
        os.chdir(str(request["cwd"]))
        # encoded before the clock starts
        executable, argv, environ = request["executable"], request["argv"], request["environ"]
        begun = _clock()
        pid = os.posix_spawn(
            executable,  # type: ignore[arg-type]  # what the client has put in
            argv,  # type: ignore[arg-type]
            environ,  # type: ignore[arg-type]
            file_actions=actions,
            setpgroup=0,
            setsigmask=(),
            setsigdef=(_SIGHUP, _SIGINT, _SIGPIPE, _SIGTERM, _SIGXFSZ),
        )
        running = _Running(pid, begun)
        running.watch(request["timeout"], tree=bool(request["tree"]))  # type: ignore[arg-type]
        told = _waiting(pid)
    except OSError as error:
        if running is not None:
            _bury(running.pid)
        return {"error": error.strerror or str(error)}
    except BaseException:
        # SIGTERM: nothing may stay behind
        if running is not None:
            _bury(running.pid)
        raise
    finally:
        for handle in handles:
            os.close(handle)
        if running is not None:
            running.close()
    status, cpu, peak, clean = _bury(pid)
    ran, waited = told or (0, None)
    return {
        "error": "",
        "wall": (running.ended - begun) / 1e9,
        "cpu": cpu,
        "delay": None if waited is None else waited / 1e9,
        # what the first thread ran is all that ran: no thread and no child escaped
        "whole": told is not None and abs(cpu - ran / 1e9) <= max(0.02 * cpu, 0.001),
        "peak": max(peak, running.peak),
        # a child's own reading never falls below what its starter had resident
        "floor": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "status": status,
        "reason": running.reason,
        "clean": clean,
    }


def _redirections(output: str, handles: list[int]) -> list[tuple[int, int, int]]:
    handles.append(os.open(os.devnull, os.O_RDONLY))
    handles.append(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    nothing, written = handles
    to = os.POSIX_SPAWN_DUP2
    return [(to, nothing, 0), (to, written, 1), (to, written, 2)]


def _terminated(number: int, frame: object) -> None:  # noqa: ARG001 - what a handler is given
    raise SystemExit(1)


def main() -> None:
    """Serve requests until the input ends."""
    _signal.signal(_SIGTERM, _terminated)
    # whoever ignores it gets no exit statuses, and ignoring is inherited
    _signal.signal(_SIGCHLD, _signal.SIG_DFL)
    control = ctypes.CDLL(None).prctl
    control(_PR_SET_PDEATHSIG, _SIGTERM, 0, 0, 0)
    control(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    while True:
        try:
            request = marshal.load(sys.stdin.buffer)  # noqa: S302 - perfci itself wrote it
        except EOFError:
            return
        # a wish to stop that crossed with the program's own end is a text
        if isinstance(request, dict):
            marshal.dump(_measure(request), sys.stdout.buffer)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
