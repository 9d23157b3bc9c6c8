"""What `go test -bench` prints, line by line: results among the output of what is measured."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from perfci.readers.tools.go_results import Columns, Results, Settings
from perfci.readers.tools.go_words import (
    BENCHMARK,
    NAME,
    are_damaged,
    has_another,
    has_result,
    is_name,
    result_of,
)

_FAILED = re.compile(r"\s*--- FAIL: (Benchmark\S*)")
_SKIPPED = re.compile(r"\s*--- SKIP: (Benchmark\S*)")
_ABORTED = re.compile(r"FAIL\t(\S+)(?:[ \t]+\[([^]]+)\])?")
_PASSED = re.compile(r"PASS|ok\s.*")
_LOG = re.compile(r"\s+\S+\.go:\d+: (.+)")
_PANIC = re.compile(r"(?:panic|fatal error): .+")
_UNIT = re.compile(r"Unit\s+(\S+)\s+(.+)")
_SETTING = re.compile(r"(goos|goarch|cpu|pkg|note): ?(.*)")

Printed = tuple[Settings, str]
"""The settings in force, and a name as printed: with its ending, or without where it failed."""


@dataclass(slots=True, kw_only=True)
class Output:
    """What was printed so far."""

    results: Results
    lines: int = 0
    """Of this file, or of this package in it, those that were taken."""
    broken: dict[Printed, str] = field(default_factory=dict)
    """Why benchmarks have no result."""
    aborted: dict[str, str] = field(default_factory=dict)
    """Why packages have none, where they do not say which benchmark failed."""
    skipped: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    """Where results are of which nobody knows whose they are."""
    units: dict[str, dict[str, str]] = field(default_factory=dict)
    """What `Unit` lines say, by unit."""
    _begun: str = ""
    """The benchmark that was named last and has no result yet."""
    _said: str = ""
    """What it logged first."""
    _doubt: Sequence[str] = ()
    """Words that look like its damaged result: if a sound one follows, it printed them."""
    _doubt_at: int = 0
    """Their line."""
    _mute: Printed | None = None
    """The benchmark that is known to have failed, and whose log follows."""
    _panic: str = ""
    _known: bool = False
    """Whether it was said which benchmark of this package failed."""

    def take(self, text: str) -> None:
        """Take one line.

        Raises:
            FormatError: it has a unit, or is under settings, after too many others.
        """
        self.lines += 1
        if text.startswith(BENCHMARK):
            if is_name(text):
                self.take_benchmark(text.split())
        elif self._begun and text[:1].isdecimal():
            self._take_result(text.split())
        elif (setting := _SETTING.fullmatch(text)) and (self._doubt or not self._begun):
            if self._doubt:
                self._drop()
            self.results.set(setting[1], setting[2].strip())
        elif unit := _UNIT.fullmatch(text):
            said = (part.partition("=") for part in unit[2].split())
            self.units.setdefault(unit[1], {}).update((key, value) for key, _, value in said)
        else:
            self._take_outcome(text)

    def take_benchmark(self, words: list[str]) -> None:
        """Take the words of a line that begins with a benchmark's name."""
        self._drop()
        self._begun, self._said, self._mute = words[0], "", None
        if has_another(words):
            self._fail(self._begun, "another benchmark begins on its line")
            words = words[1:]
            self._begun = words[0]
        self._take_result(words[1:])
        if self._begun and len(words) > 1 and words[1][:1].isdigit():
            self._doubt, self._doubt_at = words[1:], self.lines
            if are_damaged(words[1:]):
                self._drop()

    def take_results(
        self, names: Sequence[str], iterations: Sequence[str], values: Columns
    ) -> None:
        """Take lines that are results, as `take` does one by one.

        Args:
            names: of each line.
            iterations: of each line, in decimal.
            values: of each line, by unit.

        Raises:
            FormatError: they have a unit, or are under settings, after too many others.
        """
        self._drop()
        self._begun, self._said, self._mute = "", "", None
        self.results.add_lines(names, iterations, values, self.lines + 1)
        self.lines += len(names)

    def lose(self, reason: str, names: Sequence[str], *, cut: str) -> None:
        """Take that lines are lost here.

        Args:
            reason: how.
            names: benchmarks of which is known that they are in what is lost.
            cut: the start of a line whose end is lost; empty where there is none.
        """
        self._drop()
        if cut and (found := NAME.match(cut)) and found[0] != cut:
            self._begun = found[0]
        known = self._begun if cut else ""
        if known:
            self._fail(known, reason)
        self._begun = ""
        for name in names:
            if name not in {known, known.rpartition("-")[0]}:
                self._fail(name, reason)
        self._mute = None

    def end(self) -> None:
        """Take the end of the file, or of a package: what was begun is cut off."""
        if are_damaged(self._doubt):
            self._drop()
        if self._begun:
            self._fail(self._begun, "the output ends before its result")
        self._next_package()

    def _take_outcome(self, text: str) -> None:
        if found := _FAILED.match(text):
            self._fail(found[1], "it failed")
        elif found := _SKIPPED.match(text):
            self.skipped.append(found[1])
            self._begun, self._doubt = "", ()
        elif found := _ABORTED.match(text):
            self._abort(found[1], found[2] or "")
        elif _PASSED.fullmatch(text):
            self._next_package()
            if text != "PASS":
                self.results.end_package()
        elif log := _LOG.match(text):
            self._take_log(log[1])
        elif _PANIC.match(text):
            self._panic = self._panic or text
        elif self._begun:
            self._take_result(text.split())
        elif "ns/op" in text and has_result(text.split()):
            self.nameless.append(f"{self.results.place}, line {self.lines}")

    def _take_log(self, said: str) -> None:
        if self._mute:
            self.broken[self._mute] += f": {said}"
            self._mute = None
        elif self._begun:
            self._said = self._said or said

    def _take_result(self, words: list[str]) -> None:
        values = result_of(words)
        if values is not None:
            self.results.add(self._begun, words[0], values, self.lines)
            self._begun, self._doubt = "", ()
        elif are_damaged(words):
            self._doubt, self._doubt_at = words, self.lines

    def _drop(self) -> None:
        """Take that what was begun has no result: it is another's turn."""
        if self._doubt and self._begun:
            whole = " ".join(self._doubt)
            reason = f"its line is damaged: {whole[:80]} (line {self._doubt_at} of the output)"
            self._fail(self._begun, reason)
            # where the end of a line is lost, another's line may go on in it
            for name in NAME.findall(whole):
                self._fail(name, reason)
        self._doubt = ()

    def _fail(self, name: str, reason: str) -> None:
        printed = (self.results.in_force(), name)
        said = f": {self._said}" if self._said and self._begun else ""
        self._mute = None if said or printed in self.broken else printed
        self.broken.setdefault(printed, reason + said)
        self._known = True
        self._begun, self._doubt = "", ()

    def _abort(self, package: str, reason: str) -> None:
        if are_damaged(self._doubt):
            self._drop()
        if self._begun and not reason:
            self._fail(self._begun, self._panic or "its process ended before its result")
        elif reason or not self._known:
            self.aborted.setdefault(package, reason or self._panic or "the package failed")
        self._next_package()
        self.results.end_package()

    def _next_package(self) -> None:
        self._drop()
        self._begun = self._panic = ""
        self._mute = None
        self._known = False
