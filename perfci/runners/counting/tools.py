"""Programs that count another program's instructions: how they are started, what they tell."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from perfci.model.text import printable
from perfci.runners.processes.spawning import Start

_MOST = 2**20
"""Bytes of a tool's file that are read."""
_COUNTED = re.compile(r"^==\d+== I\s+refs:\s+([\d,]+)", re.MULTILINE)
_COMMAND = re.compile(r"^==(\d+)== Command: (.*)$", re.MULTILINE)
_PARENT = re.compile(r"^==\d+== Parent PID: (\d+)", re.MULTILINE)
_PART = re.compile(r"^summary: (\d+)", re.MULTILINE)
_FORKS = ("fork", "__fork", "__libc_fork", "_Fork")
"""Names under which C libraries have the function."""
_OWN_FAILURES = (
    (r"unhandled instruction|Unrecognised instruction", "it does not know an instruction in it"),
    (r"Can't execute setuid", "it does not run programs with the rights of others (setuid)"),
    (r"the 'impossible' happened", "it has met an error of its own"),
)
_SAID = re.compile(r"^valgrind: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What was counted of one program and all that it has started."""

    instructions: int
    forked: bool = False
    """Whether a process that only forked was counted with all that its parent had done before."""
    lost: int = 0
    """Processes that were killed before they were counted."""


class Tool(Protocol):
    """Counts the instructions of one program at a time."""

    @property
    def name(self) -> str:
        """Return what the reader knows it by, with its version."""
        ...

    def around(self, start: Start) -> Start:
        """Return the start of the tool that starts and counts a program; forget earlier counts."""
        ...

    def read(self) -> Count | None:
        """Return what was counted; None where nothing was."""
        ...

    def complaint(self, output: str) -> str:
        """Return what the tool itself could not do; empty where the program is to blame.

        Args:
            output: the end of what the program and the tool have printed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Perf:
    """Reads the processor's own counter; the program runs at its full speed."""

    path: Path
    folder: Path

    @property
    def name(self) -> str:
        """Return its name."""
        return "perf"

    def around(self, start: Start) -> Start:
        """Return a start of `perf stat`; see `Tool.around`."""
        _clear(self.folder)
        options = ("stat", "-x,", "-e", "instructions:u", "-o", str(self._told), "--")
        return _wrapped(start, self.path, options)

    def read(self) -> Count | None:
        """Return the sum over the kinds of cores; see `Tool.read`."""
        rows = [line.split(",") for line in _text(self._told).splitlines()]
        found = [int(row[0]) for row in rows if row[0].isascii() and row[0].isdigit()]
        return Count(instructions=sum(found)) if sum(found) else None

    def complaint(self, output: str) -> str:
        """Return why there is no count; see `Tool.complaint`."""
        told = f"{_text(self._told)}\n{output}"
        if re.search(r"not supported|not counted", told):
            return "this machine shows it no hardware counter"
        if re.search(r"paranoid|[Pp]ermission|[Aa]ccess to perf", told):
            return "kernel.perf_event_paranoid does not let it count"
        return ""

    @property
    def _told(self) -> Path:
        return self.folder / "perf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cachegrind:
    """Counts in valgrind's cheapest way; a process that only forks is counted with its past."""

    path: Path
    folder: Path
    version: str
    """As it tells it: `valgrind-3.19.0`."""

    @property
    def name(self) -> str:
        """Return its name."""
        return f"cachegrind ({self.version})"

    def around(self, start: Start) -> Start:
        """Return a start of valgrind; see `Tool.around`."""
        _clear(self.folder)
        # later versions leave the cache out by themselves, earlier ones do not; the count of every
        # process is in its log
        own = ("--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
        return _wrapped(start, self.path, (*own, *_options(self.folder)))

    def read(self) -> Count | None:
        """Return the sum over the processes; see `Tool.read`."""
        logs = _logs(self.folder)
        commands = dict(pair for log in logs for pair in _COMMAND.findall(log))
        forked = False
        for log in logs:
            parent, command = _PARENT.search(log), _COMMAND.search(log)
            if parent and command and commands.get(parent[1]) == command[2]:
                forked = True
        found = [each for log in logs if (each := _COUNTED.search(log))]
        if not found:
            return None
        return Count(
            instructions=sum(int(each[1].replace(",", "")) for each in found),
            forked=forked,
            lost=len(logs) - len(found),
        )

    def complaint(self, output: str) -> str:
        """Return what valgrind could not do; see `Tool.complaint`."""
        return _complaint(self.folder, output)

    def exact(self) -> "Callgrind":
        """Return what counts forks as they are, at about twice the time."""
        return Callgrind(path=self.path, folder=self.folder, version=self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callgrind:
    """Counts in parts: one ends before every fork, so that a child begins at nothing."""

    path: Path
    folder: Path
    version: str

    @property
    def name(self) -> str:
        """Return its name."""
        return f"callgrind ({self.version})"

    def around(self, start: Start) -> Start:
        """Return a start of valgrind; see `Tool.around`."""
        _clear(self.folder)
        parts = (f"--dump-before={name}" for name in _FORKS)
        file = f"--callgrind-out-file={_pattern(self.folder / 'part-')}"
        own = ("--tool=callgrind", *parts, file)
        return _wrapped(start, self.path, (*own, *_options(self.folder)))

    def read(self) -> Count | None:
        """Return the sum over the processes and their parts; see `Tool.read`."""
        parts = [
            int(number)
            for file in self.folder.glob("part-*")
            for number in _PART.findall(_text(file))
        ]
        logs = _logs(self.folder)
        ended = sum(bool(_COUNTED.search(log)) for log in logs)
        return Count(instructions=sum(parts), lost=len(logs) - ended) if ended and parts else None

    def complaint(self, output: str) -> str:
        """Return what valgrind could not do; see `Tool.complaint`."""
        return _complaint(self.folder, output)


def _wrapped(start: Start, tool: Path, options: tuple[str, ...]) -> Start:
    argv = (str(tool), *options, str(start.executable), *start.argv[1:])
    return replace(start, executable=tool, argv=argv)


def _options(folder: Path) -> Iterator[str]:
    """Yield what both tools of valgrind are told."""
    # no .valgrindrc and no VALGRIND_OPTS of the project
    yield "--command-line-only=yes"
    yield "--trace-children=yes"
    yield "--vgdb=no"
    yield f"--log-file={_pattern(folder / 'log-')}"


def _pattern(stem: Path) -> str:
    return str(stem).replace("%", "%%") + "%p"


def _logs(folder: Path) -> list[str]:
    return [_text(file) for file in sorted(folder.glob("log-*"))]


def _complaint(folder: Path, output: str) -> str:
    told = "\n".join((*_logs(folder), output))
    for pattern, meaning in _OWN_FAILURES:
        if re.search(pattern, told):
            return meaning
    found = _SAID.search(output)
    return printable(found[1], limit=200) if found else ""


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST).decode(errors="replace")
    except OSError:
        return ""
