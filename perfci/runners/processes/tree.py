"""Reads from /proc what a tree of processes takes: what ran, what waited to run, what is resident.

Part of the spawner, whose size is the floor of every peak of memory: nothing big is imported.
"""
# ruff: noqa: PTH110, PTH116, PTH208 - pathlib would make the spawner large

import os

Times = tuple[int, int]
"""Nanoseconds that a thread ran, and waited to run."""

_PAGE = os.sysconf("SC_PAGE_SIZE")
_ME = os.getpid()
_LISTS_CHILDREN = os.path.exists(f"/proc/self/task/{_ME}/children")
_SELDOM = 20
"""One look in so many may find several threads at work, as where one hands over to the next."""
_OF_ONE_THREAD = 3
"""Links that the folder of a process's threads has where it has one thread."""


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


def own_peak() -> int:
    """Return the bytes that this process has held at most; 0 where that is not shown."""
    _, _, rest = _read("/proc/self/status").partition(b"\nVmHWM:")
    return int(rest.split(None, 1)[0]) * 1024 if rest else 0


def own_wait() -> int:
    """Return the nanoseconds that this process has waited for a processor; 0 where untold."""
    fields = _read("/proc/self/schedstat").split()
    return int(fields[1]) if len(fields) == 3 else 0


def below() -> list[int]:
    """Return all living descendants; orphans among them, for they come back to this process."""
    return [pid for pid, _ in _walk()]


def _walk() -> list[tuple[int, list[str]]]:
    """Return every descendant and the numbers of its threads."""
    found = []
    parents = None if _LISTS_CHILDREN else _parents()
    waiting = _children(_ME, [str(_ME)], parents)
    while waiting:
        pid = waiting.pop()
        try:
            threads = os.listdir(f"/proc/{pid}/task")
        except OSError:
            continue
        waiting += _children(pid, threads, parents)
        found.append((pid, threads))
    return found


def _children(pid: int, threads: list[str], parents: dict[int, list[int]] | None) -> list[int]:
    if parents is not None:
        return parents.get(pid, [])
    return [
        int(child)
        for thread in threads
        for child in _read(f"/proc/{pid}/task/{thread}/children").split()
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


def _times(thread: int) -> Times | None:
    """Return a thread's times; None where it is gone, or the kernel keeps none."""
    fields = _read(f"/proc/{thread}/schedstat").split()
    return (int(fields[0]), int(fields[1])) if len(fields) == 3 else None


def _is_active(pid: int, thread: int) -> bool:
    """Return whether a thread runs, is ready to, reads the disk, or sleeps by the clock.

    One that waits for a child, a lock or a pipe goes on when another thread lets it.
    """
    task = f"/proc/{pid}/task/{thread}"
    state = _read(f"{task}/stat").rpartition(b")")[2].split(None, 1)[:1]
    return state in ([b"R"], [b"D"]) or (state == [b"S"] and b"nanosleep" in _read(f"{task}/wchan"))


class Tree:
    """One program and all its descendants.

    The kernel forgets how long an ended thread waited, and an ended process that its own parent
    reaps: what is known of these is what the last look saw. Children of this process are read
    once more when they have ended.

    Attributes:
        pid: of the program; 0 before it has started.
        cpu: user plus system seconds of all that was reaped.
        largest: bytes resident at most in any process that was reaped.
        together: bytes resident at most in all processes at a time, as looks saw it.
        status: wait status of the program itself; -1 before it was reaped.
    """

    def __init__(self) -> None:
        self.pid = 0
        self.cpu = 0.0
        self.largest = 0
        self.together = 0
        self.status = -1
        self._last: dict[int, Times] = {}
        self._gone = (0, 0)
        self._looks = 0
        self._abreast = 0

    def is_single(self) -> bool:
        """Return whether all is one thread of one process; costs a tenth of a look or less."""
        if not _LISTS_CHILDREN or self._last:
            return False
        try:
            links = os.stat(f"/proc/{self.pid}/task").st_nlink
        except OSError:
            return True
        return (
            links == _OF_ONE_THREAD
            and not _read(f"/proc/{self.pid}/task/{self.pid}/children")
            and len(_read(f"/proc/self/task/{_ME}/children").split()) == 1
        )

    def look(self) -> None:
        """Read every thread and process that is there, and reap what came back and ended."""
        while self._ended() not in {0, self.pid}:
            self.reap()
        pages = active = 0
        last: dict[int, Times] = {}
        for pid, threads in _walk():
            for thread in map(int, threads):
                times = _times(thread)
                if times:
                    last[thread] = times
                active += _is_active(pid, thread)
            fields = _read(f"/proc/{pid}/statm").split()
            if len(fields) > 1:
                pages += int(fields[1])
        self.together = max(self.together, pages * _PAGE)
        self._looks += 1
        self._abreast += active > 1
        self._forget(last)
        self._last = last

    def ran_abreast(self) -> bool:
        """Return whether several threads were at work or asleep by the clock at the same time.

        Then the wait of one passes while another goes on: it is no part of the elapsed time, and
        must not be taken out of it.
        """
        return self._abreast * _SELDOM > self._looks

    def _forget(self, last: dict[int, Times]) -> None:
        """Sum up what has gone since the last look, so that nothing grows with its number."""
        for thread, times in self._last.items():
            if thread not in last:
                # a walk may miss what changed its parent meanwhile
                still = _times(thread)
                if still:
                    last[thread] = still
            if thread not in last or last[thread][0] < times[0]:
                self._gone = (self._gone[0] + times[0], self._gone[1] + times[1])

    @staticmethod
    def _ended() -> int:
        """Return a child that has ended and was not reaped; 0 where there is none."""
        told = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return told.si_pid if told else 0

    def reap(self) -> bool:
        """Reap one child that has ended, after a last reading; return False where there is none.

        Raises:
            ChildProcessError: there is no child at all any more.
        """
        pid = self._ended()
        if not pid:
            return False
        times = _times(pid)
        if times:
            self._last[pid] = times
        _, how, usage = os.wait4(pid, 0)
        self.cpu += usage.ru_utime + usage.ru_stime
        self.largest = max(self.largest, usage.ru_maxrss * 1024)
        if pid == self.pid:
            self.status = how
        return True

    def times(self) -> Times | None:
        """Return the sums of all that was seen; None where the kernel keeps no times."""
        if not self._last:
            return None
        ran = sum(times[0] for times in self._last.values())
        waited = sum(times[1] for times in self._last.values())
        return self._gone[0] + ran, self._gone[1] + waited
