"""GNU time (`-v`, `-p` or neither) and the shell's own `time`: what they print.

Each is one execution by a fresh process, and so a launch; those of one command are one series.
Only `-v` names the command: for the others a heading like `=== parse ===` before it does, else
each is called `time`. A status other than 0 makes a failure; the shell does not tell it. CPU time
of 0.00 s, shorter than what is printed, is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfci.model.metric import Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import CPU_TIME, LATENCY, MEMORY
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at
from perfci.readers.tools.blocks import heading_of
from perfci.readers.tools.durations import duration_at
from perfci.readers.tools.single import run_again, some

_NAME = "time"
_FAILED = re.compile(
    r"Command (?:exited with non-zero (status \d+)|(?:terminated|stopped) by (.*))"
)
_COMMAND = re.compile(r'Command being timed: "(.*)"')
_SHORT = re.compile(r"(\S+)user (\S+)system (\S+)elapsed \S+CPU \(\S+ (\d+)maxresident\)k")
_FIELDS = {
    "user": re.compile(r"User time \(seconds\): (\S+)|user\s+(\S+)"),
    "system": re.compile(r"System time \(seconds\): (\S+)|sys\s+(\S+)"),
    "elapsed": re.compile(r"Elapsed \(wall clock\) time \(.*\): (\S+)|real\s+(\S+)"),
    "peak": re.compile(r"Maximum resident set size \(kbytes\): (\d+)()"),
}
_LAST = re.compile(r"Exit status: (\d+)|sys\s+\S+")


@dataclass(slots=True)
class _Run:
    name: str
    reason: str = ""
    told: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Line and text by what it is."""


def read_text(source: Source) -> Reading:
    """Read one or more executions.

    Raises:
        FormatError: a time is damaged, or there is none.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    short: list[str] = []
    for run in _runs(source):
        if run.reason:
            broken.append(Broken(name=run.name, reason=run.reason, metrics=(LATENCY,)))
            continue
        known = _values(source, run)
        if known.get(CPU_TIME) == 0:
            short.append(run.name)
            del known[CPU_TIME]
        found += (
            Found(name=run.name, metric=metric, launches=((value,),), level=Level.PROCESS)
            for metric, value in known.items()
        )
    if not found and not broken:
        raise nothing_in(source, "times")
    return Reading(
        found=run_again(found, nameless=_NAME),
        broken=tuple(broken),
        left=(f"CPU time of 0.00 s, too short to compare, is left out: {some(short)}",)
        if short
        else (),
    )


def _runs(source: Source) -> Iterator[_Run]:
    heading, reason = "", ""
    run: _Run | None = None
    for line, text in lines(source):
        text = text.strip()  # noqa: PLW2901
        heading = heading_of(text) or heading
        if failed := _FAILED.fullmatch(text):
            reason = failed[1] or failed[2]
        elif command := _COMMAND.fullmatch(text):
            if run:
                yield _cut(run)
            run = _Run(command[1], reason)
        elif found := _SHORT.fullmatch(text):
            told = zip(("user", "system", "elapsed", "peak"), found.groups(), strict=True)
            yield _Run(heading or _NAME, reason, {name: (line, cell) for name, cell in told})
            reason = ""
        elif cell := _field(text):
            run = run or _Run(heading or _NAME, reason)
            run.told[cell[0]] = (line, cell[1])
        if run and (last := _LAST.fullmatch(text)):
            if last[1] and last[1].strip("0"):
                run.reason = f"status {last[1]}"
            yield run
            run, reason = None, ""
    if run:
        yield _cut(run)


def _field(text: str) -> tuple[str, str] | None:
    for name, pattern in _FIELDS.items():
        if found := pattern.fullmatch(text):
            return name, found[1] or found[2]
    return None


def _cut(run: _Run) -> _Run:
    return _Run(run.name, "its output ends before the results")


def _values(source: Source, run: _Run) -> dict[Metric, float]:
    known = {LATENCY: _seconds(source, *run.told["elapsed"])} if "elapsed" in run.told else {}
    if "user" in run.told and "system" in run.told:
        parts = (_seconds(source, *run.told[name]) for name in ("user", "system"))
        known[CPU_TIME] = sum(parts)
    if "peak" in run.told:
        known[MEMORY] = number_at(source, *run.told["peak"]) * 1024
    return known


def _seconds(source: Source, line: int, text: str) -> float:
    """Return the seconds of `1:02:03`, `0:00.04`, `0m2.153s` or `0.02`; some write a comma."""
    text = text.replace(",", ".")
    if text.endswith("s"):
        return duration_at(source, line, text)
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + number_at(source, line, part)
    return seconds


FORMATS = (
    Format(
        name="time",
        describes="GNU time with -v, -p or neither, and time of the shell",
        proves=Proof.LAUNCHES,
        marks=(
            r"^[ \t]*(Elapsed \(wall clock\) time|real\s+[\d.,ms]+$|\S+user \S+system \S+elapsed)",
            r"^[ \t]*Maximum resident set size|^sys\s+[\d.,ms]+$|\d{1,15}maxresident\)k$",
        ),
        parse=each(read_text),
    ),
)
