"""Python: functions in benchmark folders, tests that use the `benchmark` fixture, the package."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath

from perfci.scaffold.found import Found, Part
from perfci.scaffold.scripts import FOLDERS, is_bench_of
from perfci.scaffold.tree import Tree, below, within

MANIFESTS = ("pyproject.toml", "setup.py", "uv.lock", "poetry.lock", "requirements.txt")
PREFIXES = ("bench_", "benchmark_", "time_")
"""How functions that are benchmarks usually begin."""
PYTHON = ".venv/bin/python"
_VENV = "python3 -m venv .venv"
_INSTALL = ".venv/bin/pip install -q"
_READ = "pytest-benchmark measures, for a short while in each of many launches"


def python(tree: Tree, folder: str) -> Part:
    """Return what there is of Python in a folder."""
    functions = tuple(
        found
        for path in tree.under(folder, ".py")
        if folder in FOLDERS or within(folder, path).split("/")[0] in FOLDERS
        for found in _functions(tree, path)
    )
    tests = tuple(_tests(tree, folder))
    setup = _setup(tree, folder, tests=bool(tests))
    found = (*functions, *tests) or tuple(_start(tree, folder, installed=bool(setup)))
    return Part(language="Python", benchmarks=found, setup=setup, folder=folder)


def _functions(tree: Tree, path: str) -> Iterator[Found]:
    stem = PurePosixPath(path).stem
    for node in _body(tree.text(path)):
        if node.name.startswith(PREFIXES) and not _needs_arguments(node.args):
            name = next(node.name.removeprefix(p) for p in PREFIXES if node.name.startswith(p))
            suite = stem.removeprefix("bench_").removeprefix("benchmark_")
            yield Found(name=name or node.name, suite=suite, target=f"{path}:{node.name}")


def _tests(tree: Tree, folder: str) -> Iterator[Found]:
    """Yield one run of pytest for each file of tests that use pytest-benchmark's fixture."""
    for path in tree.under(folder, ".py"):
        stem = PurePosixPath(path).stem
        if not (stem.startswith(("test_", "bench")) or stem.endswith("_test")):
            continue
        uses = (
            node.name.startswith(("test", "bench"))
            and any(item.arg == "benchmark" for item in node.args.args)
            for node in _body(tree.text(path))
        )
        if any(uses):
            words = (PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--benchmark-only")
            how = ("--benchmark-max-time=0.2", "--benchmark-json={output}")
            yield Found(
                name=stem.removeprefix("test_").removeprefix("bench_"),
                suite="pytest",
                target=(*words, *how, within(folder, path)),
                folder=folder,
                reads="pytest-benchmark",
                remark=_READ,
            )


def _body(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # not readable as Python: then it holds no benchmark for us
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.isascii():
            yield node


def _needs_arguments(arguments: ast.arguments) -> bool:
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    keywords = any(default is None for default in arguments.kw_defaults)
    return positional > 0 or keywords


def _start(tree: Tree, folder: str, *, installed: bool) -> Iterator[Found]:
    """Yield the import of the project's package, where it has one."""
    packages = sorted(
        PurePosixPath(path).parent.name
        for path in tree.under(folder, "/__init__.py")
        if re.fullmatch(r"(src/)?[A-Za-z_]\w*/__init__\.py", within(folder, path))
    )
    mine = [name for name in packages if name not in {"tests", "test", "docs", *FOLDERS}]
    if mine:
        words = (PYTHON if installed else "python3", "-c", f"import {mine[0]}")
        yield Found(name="import", suite=mine[0], target=words, folder=folder)


def _setup(tree: Tree, folder: str, *, tests: bool) -> tuple[str, ...]:
    more = (f"{_INSTALL} pytest pytest-benchmark",) if tests else ()
    if tree.has(folder, "uv.lock"):
        # without --inexact it would take itself away
        sync = ".venv/bin/uv sync -q --frozen --inexact"
        return (_VENV, f"{_INSTALL} uv", sync, *more)
    if tree.has(folder, "poetry.lock"):
        install = ".venv/bin/poetry install -q --no-interaction"
        return (_VENV, f"{_INSTALL} poetry", install, *more)
    wanted = ["-r requirements.txt"] if tree.has(folder, "requirements.txt") else []
    if tree.has(folder, "setup.py") or _is_project(tree.text(below(folder, "pyproject.toml"))):
        wanted.append(".")
    if not wanted and not more:
        return ()
    return (_VENV, *((f"{_INSTALL} {' '.join(wanted)}",) if wanted else ()), *more)


def _is_project(text: str) -> bool:
    """Tell whether a pyproject.toml can be installed; many hold the settings of tools alone."""
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return False
    return "project" in tables or "build-system" in tables


def scripts_apart(tree: Tree, folder: str) -> Iterator[str]:
    """Yield the scripts in benchmark folders that are run as they are: no functions, no tests."""
    for path in tree.under(folder, ".py"):
        text = tree.text(path)
        taken = any(True for _ in _functions(tree, path)) or "def test" in text
        if is_bench_of(folder, path) and "__main__" in text and not taken:
            yield path
