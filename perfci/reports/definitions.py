"""Where benchmarks are defined: a file of the repository and a line in it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.work import Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is defined."""

    path: str
    """Relative to the repository's root, with forward slashes."""
    line: int
    """From 1."""


Read = Callable[[str], str | None]
"""Returns the text of a file of head's tree, by its path in the repository; None where there is
none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Where each benchmark is defined, as far as it is known."""

    places: Mapping[BenchmarkId, Place] = field(default_factory=dict)

    def of(self, benchmark: BenchmarkId) -> Place | None:
        """Return where a benchmark is defined; None where that is not known."""
        return self.places.get(benchmark)


def definitions_of(
    benchmarks: Iterable[Benchmark], *, config: str, folder: str, read: Read
) -> Definitions:
    """Find where benchmarks are defined: a callable in its own file, else its settings' entry.

    Args:
        benchmarks: as they are configured.
        config: path of the settings file in the repository; empty where there is none.
        folder: of the project in the repository, relative; empty for the repository's own root.
        read: reads a file of head's tree. What it does not find is no definition.
    """
    found = {}
    texts: dict[str, str | None] = {}

    def known(path: str) -> str | None:
        if path not in texts:
            texts[path] = read(path) if path else None
        return texts[path]

    for benchmark in benchmarks:
        place = _of_callable(benchmark, folder, known) or _of_entry(benchmark, config, known)
        if place is not None:
            found[benchmark.id] = place
    return Definitions(places=found)


def _of_callable(benchmark: Benchmark, folder: str, read: Read) -> Place | None:
    if not isinstance(benchmark.work, Function) or not benchmark.work.path:
        return None
    path = _within(folder, benchmark.work.path)
    text = read(path)
    if text is None:
        return None
    name = benchmark.work.target.rpartition(":")[2].rpartition(".")[2]
    told = rf"(?m)^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+{re.escape(name)}\b"
    match = re.search(told, text) or re.search(rf"(?m)^{re.escape(name)}[ \t]*[:=]", text)
    return Place(path=path, line=text.count("\n", 0, match.start()) + 1 if match else 1)


def _of_entry(benchmark: Benchmark, config: str, read: Read) -> Place | None:
    """Return the entry that the settings' own account of it names: `perfci.yml, line 12`."""
    told = re.fullmatch(r"(.+), line ([0-9]{1,9})", benchmark.source)
    if not told or config.rpartition("/")[2] != told[1].rpartition("/")[2] or read(config) is None:
        return None
    return Place(path=config, line=int(told[2]))


def _within(folder: str, path: str) -> str:
    """Return a path in the repository; empty for one that leads out of it."""
    parts: list[str] = []
    for part in (*folder.split("/"), *path.split("/")):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "" if path.startswith("/") else "/".join(parts)
