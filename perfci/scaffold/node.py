"""Node: scripts in benchmark folders, and what package.json calls a benchmark."""

import json
import re
from collections.abc import Mapping

from perfci.scaffold.found import Found, Part, Toolchain
from perfci.scaffold.scripts import is_bench_of, named
from perfci.scaffold.tree import Tree, below, within

MANIFESTS = ("package.json",)
_SCRIPTS = ("bench", "benchmark", "benchmarks", "perf")
_TIMED = {
    "vitest": r"\bvitest\b",
    "tinybench": r"\btinybench\b",
    "mitata": r"\bmitata\b",
    "benchmark.js": r"""(require\(|from\s+)["']benchmark["']""",
}
"""Libraries that measure by themselves: how long a script of theirs runs says nothing."""


def node(tree: Tree, folder: str) -> Part:
    """Return what there is of Node in a folder."""
    package = _package(tree.text(below(folder, "package.json")))
    found: list[Found] = []
    unused: set[str] = set()
    for path in tree.under(folder, ".js", ".mjs", ".cjs", ".ts", ".mts"):
        inner = within(folder, path)
        if ".config." in inner or not (is_bench_of(folder, path) or ".bench." in inner):
            continue
        timed = _timed(tree.text(path))
        unused |= timed
        if not timed and not path.endswith("ts") and ".bench." not in inner:
            found.append(named(path, suite="node", words=("node",), folder=folder))
    scripts = _table(package, "scripts")
    for name in _SCRIPTS:
        command = scripts.get(name)
        if not isinstance(command, str):
            continue
        timed = _timed(command)
        unused |= timed
        if not found and not timed and not unused:
            words = ("npm", "run", "--silent", name)
            found.append(Found(name=name, suite="npm", target=words, folder=folder))
    return Part(
        language="Node",
        benchmarks=tuple(found),
        setup=_setup(tree, folder, package),
        folder=folder,
        toolchain=Toolchain(
            action="actions/setup-node@v6", options=_version(tree), packages=("nodejs", "npm")
        ),
        unused=tuple(sorted(unused)),
    )


def _timed(text: str) -> set[str]:
    return {name for name, pattern in _TIMED.items() if re.search(pattern, text)}


def _package(text: str) -> Mapping[str, object]:
    try:
        document: object = json.loads(text or "{}")
    except (ValueError, RecursionError):
        document = None
    return document if isinstance(document, Mapping) else {}


def _table(package: Mapping[str, object], key: str) -> Mapping[str, object]:
    table = package.get(key)
    return table if isinstance(table, Mapping) else {}


def _setup(tree: Tree, folder: str, package: Mapping[str, object]) -> tuple[str, ...]:
    build = ("npm run --silent build",) if "build" in _table(package, "scripts") else ()
    if tree.has(folder, "pnpm-lock.yaml"):
        return ("npx --yes pnpm@10 install --frozen-lockfile", *build)
    if tree.has(folder, "yarn.lock"):
        berry = "__metadata:" in tree.text(below(folder, "yarn.lock"))
        new = "npx --yes @yarnpkg/cli-dist@4 install --immutable"
        return (new if berry else "npx --yes yarn@1 install --frozen-lockfile", *build)
    if tree.has(folder, "package-lock.json", "npm-shrinkwrap.json"):
        return ("npm ci --no-audit --no-fund", *build)
    if _table(package, "dependencies") or _table(package, "devDependencies"):
        return ("npm install --no-audit --no-fund", *build)
    return build


def _version(tree: Tree) -> tuple[tuple[str, str], ...]:
    for name in (".nvmrc", ".node-version"):
        if name in tree.files:
            return (("node-version-file", name),)
    return (("node-version", "22"),)
