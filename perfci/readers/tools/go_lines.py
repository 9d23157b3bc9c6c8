"""What `go test -bench` prints, line by line: results among the output of what is measured."""

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, pairwise
from operator import ne

_FAILED = re.compile(r"\s*--- FAIL: (Benchmark\S*)")
_SKIPPED = re.compile(r"\s*--- SKIP: (Benchmark\S*)")
_ABORTED = re.compile(r"FAIL\t(\S+)(?:[ \t]+\[([^]]+)\])?")
_PASSED = re.compile(r"PASS|ok\s.*")
_LOG = re.compile(r"\s+\S+\.go:\d+: (.+)")
_PANIC = re.compile(r"(?:panic|fatal error): .+")
_UNIT = re.compile(r"Unit\s+(\S+)\s+(.+)")
_SETTING = re.compile(r"(goos|goarch|cpu|pkg|note): ?(.*)")
_BENCHMARK = "Benchmark"
_LENGTH = len(_BENCHMARK)

Settings = tuple[tuple[str, str], ...]
"""Of goos, goarch, cpu, note and pkg, those that were in force."""
Printed = tuple[Settings, str]
"""The settings in force, and a name as printed: with its ending, or without where it failed."""


@dataclass(slots=True, kw_only=True)
class Result:
    """All lines of one benchmark."""

    iterations: int
    """Of the first."""
    values: dict[str, "array[float]"] = field(default_factory=dict)
    """By unit, in the order of the lines."""


@dataclass(slots=True, kw_only=True)
class Output:
    """What was printed so far."""

    results: dict[Settings, dict[str, Result]] = field(default_factory=dict)
    """By the settings in force, and by names as printed, with their endings."""
    broken: dict[Printed, str] = field(default_factory=dict)
    """Why benchmarks have no result."""
    aborted: dict[str, str] = field(default_factory=dict)
    """Why packages have none, where they do not say which benchmark failed."""
    skipped: list[str] = field(default_factory=list)
    units: dict[str, dict[str, str]] = field(default_factory=dict)
    """What `Unit` lines say, by unit."""
    settings: dict[str, str] = field(default_factory=dict)
    """Those in force; changed by `set` alone."""
    _here: dict[str, Result] | None = None
    """Results under these settings."""
    _begun: str = ""
    """The benchmark that was named last and has no result yet."""
    _said: str = ""
    """What it logged first."""
    _mute: Printed | None = None
    """The benchmark that is known to have failed, and whose log follows."""
    _panic: str = ""
    _known: bool = False
    """Whether it was said which benchmark of this package failed."""

    def set(self, key: str, value: str) -> None:
        """Take a setting that holds from here on."""
        if self.settings.get(key) != value:
            self.settings[key] = value
            self._here = None

    def take(self, text: str) -> None:
        """Take one line."""
        if text.startswith(_BENCHMARK):
            # not what a program says: `Benchmarking is fun`
            if not text[_LENGTH : _LENGTH + 1].islower():
                self.take_benchmark(text.split())
        elif self._begun and text[:1].isdecimal():
            self._take_result(text.split())
        elif (setting := _SETTING.fullmatch(text)) and not self._begun:
            self.set(setting[1], setting[2].strip())
        elif unit := _UNIT.fullmatch(text):
            said = (part.partition("=") for part in unit[2].split())
            self.units.setdefault(unit[1], {}).update((key, value) for key, _, value in said)
        else:
            self._take_outcome(text)

    def take_benchmark(self, words: list[str]) -> None:
        """Take the words of a line that begins with a benchmark's name."""
        self._begun, self._said, self._mute = words[0], "", None
        self._take_result(words[1:])
        # what it prints itself may stand there, too, but hardly with a number first
        if self._begun and "ns/op" in words and words[1][:1].isdigit():
            self._fail(self._begun, f"its line is damaged: {' '.join(words[1:])[:80]}")

    def take_results(
        self, names: Sequence[str], iterations: Sequence[str], values: Mapping[str, "array[float]"]
    ) -> None:
        """Take lines that are results, as `take` does one by one.

        Args:
            names: of each line.
            iterations: of each line, in decimal.
            values: of each line, by unit.
        """
        self._begun, self._said, self._mute = "", "", None
        here = self._results_here()
        # repetitions follow one another: only where a name changes there is something to look up
        changes = compress(count(1), map(ne, names[1:], names))
        for start, end in pairwise((0, *changes, len(names))):
            result = here.get(names[start])
            if result is None:
                result = here[names[start]] = Result(iterations=int(iterations[start][:15]))
            known = result.values
            for unit, column in values.items():
                if unit not in known:
                    known[unit] = column[start:end]
                elif end - start > 1:
                    known[unit] += column[start:end]
                else:
                    known[unit].append(column[start])

    def end(self) -> None:
        """Take the end of the file: what was begun is cut off."""
        if self._begun:
            self._fail(self._begun, "the output ends before its result")

    def _take_outcome(self, text: str) -> None:
        if found := _FAILED.match(text):
            self._fail(found[1], "it failed")
        elif found := _SKIPPED.match(text):
            self.skipped.append(found[1])
            self._begun = ""
        elif found := _ABORTED.match(text):
            self._abort(found[1], found[2] or "")
        elif _PASSED.fullmatch(text):
            self._next_package()
        elif log := _LOG.match(text):
            self._take_log(log[1])
        elif _PANIC.match(text):
            self._panic = self._panic or text
        elif self._begun:
            self._take_result(text.split())

    def _take_log(self, said: str) -> None:
        if self._mute:
            self.broken[self._mute] += f": {said}"
            self._mute = None
        elif self._begun:
            self._said = self._said or said

    def _take_result(self, words: list[str]) -> None:
        if len(words) < 3 or not len(words) % 2 or not words[0].isdecimal():
            return  # something that the benchmark printed
        try:
            values = floats(words[1::2])
        except ValueError:
            self._fail(self._begun, f"its line is damaged: {' '.join(words[1:])[:80]}")
            return
        here = self._results_here()
        result = here.get(self._begun)
        if result is None:
            result = here[self._begun] = Result(iterations=int(words[0][:15]))
        known = result.values
        for unit, value in zip(words[2::2], values, strict=True):
            if unit in known:
                known[unit].append(value)
            else:
                known[unit] = array("d", (value,))
        self._begun = ""

    def _results_here(self) -> dict[str, Result]:
        if self._here is None:
            self._here = self.results.setdefault(self._in_force(), {})
        return self._here

    def _fail(self, name: str, reason: str) -> None:
        printed = (self._in_force(), name)
        said = f": {self._said}" if self._said and self._begun else ""
        self._mute = None if said or printed in self.broken else printed
        self.broken.setdefault(printed, reason + said)
        self._known = True
        self._begun = ""

    def _abort(self, package: str, reason: str) -> None:
        if self._begun and not reason:
            self._fail(self._begun, self._panic or "its process ended before its result")
        elif reason or not self._known:
            self.aborted.setdefault(package, reason or self._panic or "the package failed")
        self._next_package()

    def _next_package(self) -> None:
        self._begun = self._panic = ""
        self._mute = None
        self._known = False

    def _in_force(self) -> Settings:
        return tuple(sorted(self.settings.items()))


def floats(words: Sequence[str]) -> list[float]:
    """Return numbers as Go prints them.

    Raises:
        ValueError: one is none.
    """
    if "_" in "".join(words):  # what Python itself would take
        message = "a number without _"
        raise ValueError(message)
    return list(map(float, words))
