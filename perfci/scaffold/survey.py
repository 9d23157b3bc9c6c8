"""What a repository already has that can be measured."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("benchmarks", "benchmark", "bench", "perf")
"""Where benchmarks usually live."""

PREFIXES = ("bench_", "benchmark_", "time_")
"""How functions that are benchmarks usually begin."""

MAX_BYTES = 1_000_000
"""A larger file is generated, not written: not looked into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One benchmark that perfci can run as it is."""

    name: str
    suite: str
    kind: str
    """The key of the settings: `python` or `run`."""
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found, and how the project is built."""

    benchmarks: tuple[Found, ...]
    setup: str
    """Command that builds one side; empty where none is needed."""
    note: str
    """What was looked at, for the person."""


def survey(root: Path) -> Survey:
    """Look at a repository: functions in benchmark folders first, then the project's own start.

    Args:
        root: folder of the project. Nothing in it is executed or imported.
    """
    functions = tuple(found for path in _python_files(root) for found in _functions(root, path))
    setup = _setup(root)
    if functions:
        files = len({found.target.partition(":")[0] for found in functions})
        note = f"{len(functions)} benchmark functions in {files} files"
        return Survey(benchmarks=functions, setup=setup, note=note)
    package = _package(root)
    if package:
        python = ".venv/bin/python" if setup.startswith("python3 -m venv") else "python3"
        start = Found(
            name="import",
            suite=package,
            kind="run",
            target=f'{python} -c "import {package}"',
        )
        note = f"no benchmark functions; the time to import {package} is a first benchmark"
        return Survey(benchmarks=(start,), setup=setup, note=note)
    example = Found(name="example", suite="default", kind="run", target="git log --oneline -n 100")
    note = "nothing that looks like a benchmark; the example shows the form, replace it"
    return Survey(benchmarks=(example,), setup=setup, note=note)


def _python_files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((root / folder).glob("*.py"))


def _functions(root: Path, path: Path) -> Iterator[Found]:
    try:
        if path.is_symlink() or path.stat().st_size > MAX_BYTES:
            return
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        # not readable as Python: then it holds no benchmark for us
        return
    relative = path.relative_to(root).as_posix()
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith(PREFIXES) and not _needs_arguments(node.args):
            name = next(node.name.removeprefix(p) for p in PREFIXES if node.name.startswith(p))
            suite = path.stem.removeprefix("bench_").removeprefix("benchmark_")
            yield Found(
                name=name or node.name,
                suite=suite,
                kind="python",
                target=f"{relative}:{node.name}",
            )


def _needs_arguments(arguments: ast.arguments) -> bool:
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    keywords = any(default is None for default in arguments.kw_defaults)
    return positional > 0 or keywords


def _package(root: Path) -> str:
    for place in (root / "src", root):
        names = sorted(
            path.parent.name
            for path in place.glob("*/__init__.py")
            if path.parent.name.isidentifier() and path.parent.name not in {"tests", "test", "docs"}
        )
        if names:
            return names[0]
    return ""


def _setup(root: Path) -> str:
    if (root / "Cargo.toml").is_file():
        return "cargo build --release"
    if (root / "package-lock.json").is_file():
        return "npm ci"
    if (root / "requirements.txt").is_file():
        return "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt"
    if (root / "pyproject.toml").is_file() or (root / "setup.py").is_file():
        return "python3 -m venv .venv && .venv/bin/pip install -q ."
    return ""
