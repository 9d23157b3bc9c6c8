"""What a repository already has that can be measured, and how its projects are built."""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from perfci.scaffold.compiled import cmake, go, meson, rust
from perfci.scaffold.found import Found, Left, Part, Toolchain
from perfci.scaffold.node import MANIFESTS as NODE
from perfci.scaffold.node import node
from perfci.scaffold.others import dotnet, java, php, ruby
from perfci.scaffold.python import MANIFESTS as PYTHON
from perfci.scaffold.python import PYTHON as VENV
from perfci.scaffold.python import python, scripts_apart
from perfci.scaffold.scripts import make, named, shell
from perfci.scaffold.tree import Tree, below, look

MOST_BENCHMARKS = 50
MOST_PROJECTS = 10

APART = ("Cargo.toml", "go.mod")
"""Manifests that make a project of their own below another of the same language, too."""
LANGUAGES: tuple[tuple[tuple[str, ...], Callable[[Tree, str], Part]], ...] = (
    (PYTHON, python),
    (NODE, node),
    (("Cargo.toml",), rust),
    (("go.mod",), go),
    (("CMakeLists.txt",), cmake),
    (("meson.build",), meson),
    (("pom.xml", "build.gradle", "build.gradle.kts"), java),
    (("*.sln", "*.csproj"), dotnet),
    (("Gemfile",), ruby),
    (("composer.json",), php),
)
"""By the files that say so: what looks for a language in a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found, and how the project is built."""

    benchmarks: tuple[Found, ...]
    setup: str
    """Command that builds one side; empty where none is needed."""
    toolchains: tuple[Toolchain, ...]
    """What has to be on the machine that the image does not have."""
    note: str
    """What was looked at, for the person."""
    left: tuple[Left, ...] = ()
    """What cannot be measured as commands."""
    interpreter: str = ""
    """Python of the functions, where it is not the one that perfci would take."""
    more: int = 0
    """Benchmarks that were found and left out."""


def survey(root: Path) -> Survey:
    """Look at a repository. Nothing in it is executed or imported.

    Args:
        root: folder of the project.
    """
    tree = look(root)
    parts, left = _one_python(list(_parts(tree)))
    left += tuple(_unlooked(tree))
    found = [
        named(path, suite="python", words=(_python_of(parts, path),), folder="")
        for path in scripts_apart(tree, "")
    ]
    found += [*shell(tree, ""), *make(tree, "")]
    if not found:
        parts = _needed(parts)
    found = [item for part in parts for item in part.benchmarks] + found
    # a first benchmark for want of any other
    found = [item for item in found if item.name != "import"] or found[:1]
    languages = tuple(dict.fromkeys(part.language for part in parts))
    left += tuple(
        Left(tool=tool, folder=part.folder, why=_OWN, remedy=_COMMAND, reads=_READS[tool])
        for part in parts
        for tool in part.unused
    )
    chosen = tuple(_renamed(found[:MOST_BENCHMARKS])) or (_EXAMPLE,)
    return Survey(
        benchmarks=chosen,
        setup=_setup(parts),
        toolchains=tuple(part.toolchain for part in parts if part.toolchain is not None),
        note=_note(languages, found, parts),
        left=left,
        interpreter=next((_venv(part) for part in parts if _functions(part)), ""),
        more=max(0, len(found) - MOST_BENCHMARKS),
    )


_EXAMPLE = Found(
    name="example",
    suite="default",
    target=("git", "log", "--oneline", "-n", "100"),
    remark="shows the form alone: put a command here whose speed matters to you",
)


_READS = {
    "#[bench]": "cargo-bench",
    "BenchmarkDotNet": "benchmarkdotnet",
    "JMH": "jmh",
    "PHPBench": "phpbench",
    "benchmark-ips": "benchmark-ips",
    "benchmark.js": "benchmark-js",
    "mitata": "mitata",
    "tinybench": "tinybench",
    "vitest": "vitest",
}
"""Formats of what those measure of whose command init knows too little."""
_OWN = "measures by itself"
_COMMAND = "name its command, and perfci reads what it measured"
_INSIDE = "run perfci init in there"


def _parts(tree: Tree) -> Iterator[Part]:
    for names, find in LANGUAGES:
        folders = _projects(tree, names)[:MOST_PROJECTS]
        if not folders and find is python and any(tree.under("", ".py")):
            folders = [""]  # scripts without any manifest
        for folder in folders:
            part = find(tree, folder)
            # what is below another project needs no building of its own unless it is measured
            if part.benchmarks or part.unused or not _around(folder, folders):
                yield part


def _needed(parts: list[Part]) -> list[Part]:
    """Leave out subfolders' projects that nobody measures, where any other is measured."""

    def measured(part: Part) -> bool:
        return any(item.name != "import" for item in part.benchmarks)

    if not any(measured(part) for part in parts):
        return parts
    return [part for part in parts if measured(part) or part.unused or not part.folder]


def _projects(tree: Tree, names: tuple[str, ...]) -> list[str]:
    """Return the folders that hold a manifest; of most languages, those that lie in no other."""
    chosen: list[str] = []
    for path in tree.files:
        folder = PurePosixPath(path).parent.as_posix().removeprefix(".")
        if folder in chosen or not any(PurePosixPath(path).match(name) for name in names):
            continue
        # examples and benchmarks have manifests of their own, and belong to the project around
        if PurePosixPath(path).name in APART or not _around(folder, chosen):
            chosen.append(folder)
    return chosen


def _around(folder: str, others: list[str]) -> bool:
    return any(f"{folder}/".startswith(below(other, "")) for other in others if other != folder)


def _unlooked(tree: Tree) -> Iterator[Left]:
    for names, _ in LANGUAGES:
        folders = _projects(tree, names)[MOST_PROJECTS:]
        if folders:
            told = f"{_many(len(folders), 'project')} with {names[0]}"
            where = ", ".join([*folders[:3], *(["and so on"] if folders[3:] else [])])
            yield Left(tool=told, folder=where, why="init did not look at", remedy=_INSIDE)


def _functions(part: Part) -> list[Found]:
    return [item for item in part.benchmarks if isinstance(item.target, str)]


def _one_python(parts: list[Part]) -> tuple[list[Part], tuple[Left, ...]]:
    """Leave out the functions of all but one environment: perfci calls them all with one Python."""
    first = next((part for part in parts if _functions(part)), None)
    kept: list[Part] = []
    left: list[Left] = []
    for part in parts:
        functions = _functions(part)
        if first is None or not functions or _venv(part) == _venv(first):
            kept.append(part)
            continue
        others = tuple(item for item in part.benchmarks if item not in functions)
        kept += [replace(part, benchmarks=others)] if others else []
        told = _many(len(functions), "function")
        left.append(
            Left(tool=told, folder=part.folder, why="another Python must call", remedy=_INSIDE)
        )
    return kept, tuple(left)


def _venv(part: Part) -> str:
    """Return the Python that a part's set-up makes, where perfci would not take it by itself."""
    return below(part.folder, VENV) if part.folder and part.setup else ""


def _python_of(parts: list[Part], path: str) -> str:
    made = [part.folder for part in parts if part.language == "Python" and part.setup]
    around = [folder for folder in made if path.startswith(below(folder, ""))]
    return below(max(around, key=len), VENV) if around else "python3"


def _setup(parts: list[Part]) -> str:
    lines = []
    for part in parts:
        if part.setup:
            commands = " && ".join(part.setup)
            inside = f"(cd {shlex.quote(part.folder)} && {commands})"
            lines.append(inside if part.folder else commands)
    return " && ".join(lines)


def _renamed(found: list[Found]) -> Iterator[Found]:
    """Give every benchmark a name of its own within its suite, as the settings want it."""
    used: Counter[tuple[str, str]] = Counter()
    for item in found:
        name, suite = (re.sub(r"[^\w.+@-]", "-", text) for text in (item.name, item.suite))
        home = re.sub(r"[^\w.+@-]", "-", PurePosixPath(item.folder).name)
        suite = f"{home}-{suite}" if home not in {"", suite} else suite
        used[suite, name] += 1
        number = used[suite, name]
        yield replace(item, name=name if number == 1 else f"{name}-{number}", suite=suite)


def _note(languages: tuple[str, ...], found: list[Found], parts: list[Part]) -> str:
    where = f" ({', '.join(languages)})" if languages else ""
    if not found:
        return f"nothing that looks like a benchmark{where}: the example shows the form, replace it"
    functions = [item for item in found if isinstance(item.target, str)]
    if len(functions) == len(found):
        files = len({str(item.target).partition(":")[0] for item in functions})
        return f"{_many(len(found), 'benchmark function')} in {_many(files, 'file')}{where}"
    if len(found) == 1 and found[0].name == "import":
        package = found[0].suite
        return f"no benchmark{where}: the time to import {package} is a first one"
    return f"{_many(len(found), 'benchmark')}{where}, in {_many(len(parts) or 1, 'project')}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
