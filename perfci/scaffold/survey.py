"""What a repository already has that can be measured, and how its projects are built."""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from perfci.scaffold.compiled import cmake, go, meson, rust
from perfci.scaffold.found import Found, Part, Toolchain
from perfci.scaffold.node import MANIFESTS as NODE
from perfci.scaffold.node import node
from perfci.scaffold.others import dotnet, java, php, ruby
from perfci.scaffold.python import MANIFESTS as PYTHON
from perfci.scaffold.python import python, scripts_apart
from perfci.scaffold.scripts import FOLDERS, make, named, shell
from perfci.scaffold.tree import Tree, look

MOST_BENCHMARKS = 50
MOST_PROJECTS = 10

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
    unused: tuple[str, ...] = ()
    """Tools whose benchmarks cannot be measured as commands."""
    more: int = 0
    """Benchmarks that were found and left out."""


def survey(root: Path) -> Survey:
    """Look at a repository. Nothing in it is executed or imported.

    Args:
        root: folder of the project.
    """
    tree = look(root)
    parts = list(_parts(tree))
    languages = tuple(dict.fromkeys(part.language for part in parts))
    found = [item for part in parts for item in part.benchmarks]
    apart = [
        named(path, suite="python", words=(_python_of(parts),), folder="")
        for path in scripts_apart(tree, "")
    ]
    found += [*apart, *shell(tree, ""), *make(tree, "")]
    # a first benchmark for want of any other
    found = [item for item in found if item.name != "import"] or found[:1]
    unused = tuple(sorted({tool for part in parts for tool in part.unused}))
    chosen = tuple(_renamed(found[:MOST_BENCHMARKS])) or (_EXAMPLE,)
    return Survey(
        benchmarks=chosen,
        setup=_setup(parts),
        toolchains=tuple(part.toolchain for part in parts if part.toolchain is not None),
        note=_note(languages, found, parts),
        unused=unused,
        more=max(0, len(found) - MOST_BENCHMARKS),
    )


_EXAMPLE = Found(
    name="example",
    suite="default",
    target=("git", "log", "--oneline", "-n", "100"),
    remark="shows the form alone: put a command here whose speed matters to you",
)


def _parts(tree: Tree) -> Iterator[Part]:
    for names, find in LANGUAGES:
        folders = _projects(tree, names)
        if not folders and find is python and any(tree.under("", ".py")):
            folders = [""]  # scripts without any manifest
        for folder in folders:
            yield find(tree, folder)


def _projects(tree: Tree, names: tuple[str, ...]) -> list[str]:
    """Return the folders that hold a manifest and lie in no other that does."""
    chosen: list[str] = []
    for path in tree.files:
        folder = PurePosixPath(path).parent.as_posix().removeprefix(".")
        inside = any(not other or f"{folder}/".startswith(f"{other}/") for other in chosen)
        # examples and benchmarks have manifests of their own, and belong to the project around
        if any(PurePosixPath(path).match(name) for name in names) and not inside:
            chosen.append(folder)
    return [folder for folder in chosen if folder not in FOLDERS][:MOST_PROJECTS]


def _python_of(parts: list[Part]) -> str:
    made = any(part.language == "Python" and not part.folder and part.setup for part in parts)
    return ".venv/bin/python" if made else "python3"


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
