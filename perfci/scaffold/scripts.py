"""Scripts in benchmark folders, each measured as a command."""

import re
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from perfci.scaffold.found import Found
from perfci.scaffold.tree import Tree, within

FOLDERS = ("benchmarks", "benchmark", "bench", "benches", "perf")
"""Where benchmarks usually live."""
_VALUED = frozenset(
    {
        *("-w", "--warmup", "-r", "--runs", "-m", "--min-runs", "-M", "--max-runs", "-p"),
        *("--prepare", "-c", "--cleanup", "-s", "--setup", "-S", "--shell", "-n"),
        *("--command-name", "-P", "--parameter-scan", "-L", "--parameter-list", "--style", "-u"),
        *("--time-unit", "--export-json", "--export-csv", "--export-markdown", "--output"),
    }
)
"""hyperfine's options that are followed by a value."""


def is_bench(path: str) -> bool:
    """Tell whether a path lies in a benchmark folder, or its name says that it is one."""
    *folders, name = path.split("/")
    inside = any(folder in FOLDERS for folder in folders)
    return inside or re.match(r"bench(mark)?s?[^a-z]", name) is not None


def is_bench_of(folder: str, path: str) -> bool:
    """Tell whether a path below a project's folder is a benchmark of that project.

    A benchmark folder may be a project of its own: what lies right in it are its benchmarks.
    """
    inner = within(folder, path)
    return is_bench(inner) or (folder in FOLDERS and "/" not in inner)


def named(path: str, *, suite: str, words: tuple[str, ...], folder: str) -> Found:
    """Return a script as a benchmark that is called by its file's name."""
    stem = PurePosixPath(path).name.split(".")[0]
    name = re.sub(r"^(bench|benchmark)[_-]", "", stem)
    return Found(name=name, suite=suite, target=(*words, within(folder, path)), folder=folder)


def shell(tree: Tree, folder: str) -> Iterator[Found]:
    """Yield the commands that hyperfine is given, and the other shell scripts."""
    for path in tree.under(folder, ".sh"):
        if not is_bench(within(folder, path)):
            continue
        text = tree.text(path)
        if "hyperfine" not in text:
            yield named(path, suite="scripts", words=("bash",), folder=folder)
            continue
        stem = PurePosixPath(path).stem
        commands = [command for line in _lines(text) for command in _commands(line)]
        for number, command in enumerate(commands, 1):
            name = stem if len(commands) == 1 else f"{stem}-{number}"
            yield Found(name=name, suite="hyperfine", target=("sh", "-c", command), folder=folder)


def make(tree: Tree, folder: str) -> Iterator[Found]:
    """Yield a Makefile's target for benchmarks."""
    for name in ("Makefile", "makefile", "GNUmakefile"):
        for target in ("bench", "benchmark"):
            path = f"{folder}/{name}" if folder else name
            if re.search(rf"^{target}\s*:(?!=)", tree.text(path), re.MULTILINE):
                yield Found(name=target, suite="make", target=("make", "-s", target), folder=folder)
                return


def _lines(text: str) -> Iterator[str]:
    joined = text.replace("\\\n", " ")
    return (line.strip() for line in joined.splitlines() if line.strip().startswith("hyperfine "))


def _commands(line: str) -> Iterator[str]:
    """Yield the commands of one line; none where the shell would have its say in it."""
    if re.search(r"[$`{}|;&<>]", line):
        return
    try:
        words = iter(shlex.split(line)[1:])
    except ValueError:
        return
    for word in words:
        if word in _VALUED:
            next(words, None)
        elif not word.startswith("-"):
            yield word
