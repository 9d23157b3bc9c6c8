"""Results of Go's benchmarks, by the settings that were in force when they were printed."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, pairwise
from operator import ne

from perfci.errors import FormatError
from perfci.model.text import printable

_MOST = 1000
"""Units, and settings without packages, of one file: each that is new makes series of its own."""

Columns = Mapping[str, "array[float]"]
"""Values of many lines, by unit."""
Settings = tuple[tuple[str, str], ...]
"""Of goos, goarch, cpu, note and pkg, those that were in force."""


@dataclass(slots=True, kw_only=True)
class Result:
    """All lines of one benchmark."""

    iterations: int
    """Of the first."""
    lines: int = 0
    """How many there are."""
    values: dict[str, "array[float]"] = field(default_factory=dict)
    """By unit, in the order of the lines."""


@dataclass(slots=True, kw_only=True)
class Results:
    """What was measured so far."""

    place: str
    """Where the lines are, for errors: the file, and of which package in it."""
    found: dict[Settings, dict[str, Result]] = field(default_factory=dict)
    """By the settings in force, and by names as printed, with their endings."""
    units: set[str] = field(default_factory=set)
    """Those of all results."""
    settings: dict[str, str] = field(default_factory=dict)
    """Those in force; changed by `set` and `end_package` alone."""
    _here: dict[str, Result] | None = None
    """Results under these settings."""
    _runs: set[Settings] = field(default_factory=set)
    """The settings without packages under which there are results."""
    _is_new_run: bool = True
    """Whether another than the package was set since the last result."""

    def set(self, key: str, value: str) -> None:
        """Take a setting that holds from here on."""
        if self.settings.get(key) != value:
            self.settings[key] = value
            self._here = None
            self._is_new_run = self._is_new_run or key != "pkg"

    def end_package(self) -> None:
        """Take that what follows is not of the package that was set last."""
        if self.settings.pop("pkg", None) is not None:
            self._here = None

    def in_force(self) -> Settings:
        """Return the settings that hold here."""
        return tuple(sorted(self.settings.items()))

    def add(self, name: str, iterations: str, values: Mapping[str, float], line: int) -> None:
        """Add what one line says.

        Args:
            name: as printed.
            iterations: in decimal.
            values: by unit.
            line: its number.

        Raises:
            FormatError: it has a unit, or is under settings, after too many others.
        """
        here = self._results_here(line)
        result = here.get(name)
        if result is None:
            result = here[name] = Result(iterations=int(iterations[:15]))
        result.lines += 1
        known = result.values
        for unit, value in values.items():
            if unit in known:
                known[unit].append(value)
            else:
                known[unit] = array("d", (value,))
                self._take_unit(unit, line)

    def add_lines(
        self,
        names: Sequence[str],
        iterations: Sequence[str],
        values: Columns,
        line: int,
    ) -> None:
        """Add what many lines say, as `add` does one by one.

        Args:
            names: of each line.
            iterations: of each line.
            values: of each line, by unit.
            line: the number of the first.

        Raises:
            FormatError: there is a unit, or they are under settings, after too many others.
        """
        here = self._results_here(line)
        for unit in values:
            self._take_unit(unit, line)
        # repetitions follow one another: only where a name changes there is something to look up
        changes = compress(count(1), map(ne, names[1:], names))
        for start, end in pairwise((0, *changes, len(names))):
            result = here.get(names[start])
            if result is None:
                result = here[names[start]] = Result(iterations=int(iterations[start][:15]))
            result.lines += end - start
            known = result.values
            for unit, column in values.items():
                if unit not in known:
                    known[unit] = column[start:end]
                elif end - start > 1:
                    known[unit] += column[start:end]
                else:
                    known[unit].append(column[start])

    def _results_here(self, line: int) -> dict[str, Result]:
        if self._here is None:
            here = self.in_force()
            self._here = self.found.setdefault(here, {})
            if self._is_new_run:
                self._is_new_run = False
                self._take_run(without_package(here), line)
        return self._here

    def _take_run(self, run: Settings, line: int) -> None:
        self._runs.add(run)
        if len(self._runs) > _MOST:
            raise FormatError(
                f"{self.place}, line {line}: results are under more than {_MOST} different "
                "settings of goos, goarch, cpu and note",
                hint="Is a note made anew for each benchmark? Leave such lines out.",
            )

    def _take_unit(self, unit: str, line: int) -> None:
        self.units.add(unit)
        if len(self.units) > _MOST:
            raise FormatError(
                f"{self.place}, line {line}: the unit {printable(unit, limit=60)!r} comes after "
                f"{_MOST} others",
                hint="Does ReportMetric get a name that is made anew each time? Name what is "
                "measured, and let the name of a sub-benchmark tell where.",
            )


def without_package(here: Settings) -> Settings:
    """Return the settings that packages which are tested together share."""
    return tuple(item for item in here if item[0] != "pkg")
