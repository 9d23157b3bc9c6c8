"""Rust, Go, C and C++: benchmarks that are built first, each made to do a fixed amount of work."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from perfci.scaffold.found import Found, Part, Toolchain
from perfci.scaffold.tree import Tree, below, within

_ONCE = "each benchmark's work once: criterion would choose how often, and hide a slowdown"
_GO = "go measures, for a short while in each of many launches"
_GOOGLE = "Google Benchmark measures, for a short while in each of many launches"
_FUNCTION = re.compile(r"^func Benchmark\w+\(\w+ \*testing\.B\)", re.MULTILINE)
_BENCH = r"[A-Za-z0-9_-]*(?:bench|perf)[A-Za-z0-9_-]*"


def rust(tree: Tree, folder: str) -> Part:
    """Return what cargo would run as benchmarks."""
    manifest = tree.text(below(folder, "Cargo.toml"))
    counts = re.search(r"\b(criterion|divan)\b", manifest) is not None
    found: list[Found] = []
    unused: set[str] = set()
    for path in tree.under(below(folder, "benches"), ".rs"):
        inner = within(below(folder, "benches"), path)
        name = inner.removesuffix("/main.rs") if inner.endswith("/main.rs") else inner[:-3]
        if "/" in name:
            continue
        if "#[bench]" in tree.text(path):
            unused.add("#[bench]")
            continue
        words = ("cargo", "bench", "-q", "--bench", name, *(("--", "--test") if counts else ()))
        remark = _ONCE if counts else ""
        found.append(Found(name=name, suite="cargo", target=words, folder=folder, remark=remark))
    return Part(
        language="Rust",
        benchmarks=tuple(found),
        setup=("cargo bench -q --no-run" if found else "cargo build -q --release",),
        folder=folder,
        toolchain=Toolchain(packages=("cargo",)),
        unused=tuple(sorted(unused)),
    )


def go(tree: Tree, folder: str) -> Part:
    """Return packages with benchmark functions; their tests are built once, before measuring."""
    places: dict[str, None] = {}
    manifests = [path for path in tree.under(folder, "/go.mod") if path != below(folder, "go.mod")]
    modules = tuple(path.removesuffix("go.mod") for path in manifests)
    for path in tree.under(folder, "_test.go"):
        if path.startswith(modules):
            continue  # go builds nothing of a module further down from here
        if _FUNCTION.search(tree.text(path)):
            places[PurePosixPath(path).parent.as_posix().removeprefix(".")] = None
    words = ("./perfci.test", "-test.run=^$", "-test.bench=.", "-test.benchmem")
    found = tuple(
        Found(
            name=PurePosixPath(place).name or "go",
            suite=PurePosixPath(place).name or "go",
            target=(*words, "-test.benchtime=0.2s"),
            folder=place,
            reads="go",
            remark=_GO,
        )
        for place in places
    )
    inner = [within(folder, place) if place != folder else "" for place in places]
    builds = tuple(f"go test -c -o '{below(place, 'perfci.test')}' './{place}'" for place in inner)
    version = (("go-version-file", below(folder, "go.mod")),)
    return Part(
        language="Go",
        benchmarks=found,
        setup=builds or ("go build ./...",),
        folder=folder,
        toolchain=Toolchain(action="actions/setup-go@v6", options=version, packages=("golang-go",)),
    )


def cmake(tree: Tree, folder: str) -> Part:
    """Return the programs of CMake's files whose names say that they are benchmarks."""
    found = [
        Found(name=name, suite="programs", target=(f"build/{below(place, name)}",), folder=folder)
        for place, name in _programs(tree, folder, "CMakeLists.txt", r"add_executable\(\s*({})\b")
    ]
    return _built(
        tree,
        folder,
        found,
        setup=(
            "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release",
            "cmake --build build --parallel 2",
        ),
        toolchain=Toolchain(packages=("cmake", "g++", "make")),
    )


def meson(tree: Tree, folder: str) -> Part:
    """Return the programs of Meson's files whose names say that they are benchmarks."""
    found = [
        Found(name=name, suite="programs", target=(f"build/{below(place, name)}",), folder=folder)
        for place, name in _programs(tree, folder, "meson.build", r"executable\(\s*'({})'")
    ]
    setup = ("meson setup build --buildtype=release", "meson compile -C build")
    toolchain = Toolchain(packages=("meson", "g++"), absent=("meson",))
    return _built(tree, folder, found, setup=setup, toolchain=toolchain)


def _programs(tree: Tree, folder: str, name: str, pattern: str) -> Iterator[tuple[str, str]]:
    for path in tree.under(folder, name):
        if PurePosixPath(path).name != name:
            continue
        place = PurePosixPath(within(folder, path)).parent.as_posix().removeprefix(".")
        for program in re.findall(pattern.format(_BENCH), tree.text(path)):
            yield place, program


def _built(
    tree: Tree, folder: str, found: list[Found], *, setup: tuple[str, ...], toolchain: Toolchain
) -> Part:
    sources = tree.under(folder, "CMakeLists.txt", "meson.build")
    if any("benchmark::benchmark" in tree.text(path) for path in sources):
        found = [_google(each) for each in found]
    return Part(
        language="C and C++",
        benchmarks=tuple(found),
        setup=setup,
        folder=folder,
        toolchain=toolchain,
    )


def _google(program: Found) -> Found:
    """Return a program that measures its benchmarks by itself."""
    how = ("--benchmark_min_time=0.1", "--benchmark_out={output}", "--benchmark_out_format=json")
    assert isinstance(program.target, tuple)  # noqa: S101 - it is a program
    return replace(
        program, target=(*program.target, *how), reads="google-benchmark", remark=_GOOGLE
    )
