"""Layers of settings, and how a stronger one lies on a weaker one. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from perfci.settings.spelling import KeyPath

Where = Callable[[KeyPath], str]
Tree = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """An item put at the end of a list that weaker layers may have begun."""

    path: KeyPath
    item: object
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Settings from one source."""

    name: str
    """The source: `perfci.yml`, `environment`, `flags`."""
    tree: Mapping[str, Any]
    """Nested tables; leaves as the source spells them."""
    where: Where
    """Place of a path in the source: `perfci.yml, line 12`, `PERFCI_MODE`, `--mode`."""
    additions: tuple[Addition, ...] = ()
    problems: tuple[str, ...] = ()
    """Errors already found, as sentences with their place."""


def only(layer: Layer, sections: Collection[str]) -> Layer:
    """Return the layer with some of its top-level keys alone."""
    return replace(layer, tree={key: it for key, it in layer.tree.items() if key in sections})


def without(layer: Layer, sections: Collection[str]) -> Layer:
    """Return the layer without some of its top-level keys."""
    return replace(layer, tree={key: it for key, it in layer.tree.items() if key not in sections})


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """All layers as one tree."""

    tree: Tree
    owners: Mapping[KeyPath, Where]
    """Who set each leaf and list, and who touched each table last."""

    def where(self, path: KeyPath) -> str:
        """Return the place of a path, or of the nearest table or list around it."""
        for length in range(len(path), 0, -1):
            owner = self.owners.get(path[:length])
            if owner:
                return owner(path)
        return "default"

    def provenance(self, path: KeyPath) -> str:
        """Return the place of a path; `default` where no layer set it."""
        return self.where(path) if _is_in(self.tree, path) else "default"


def merge(layers: Sequence[Layer]) -> Merged:
    """Lay the layers over one another, weakest first: tables merge, leaves and lists replace."""
    tree: Tree = {}
    owners: dict[KeyPath, Where] = {}
    for layer in layers:
        _lay(tree, layer.tree, (), layer.where, owners)
        for addition in layer.additions:
            _add(tree, addition, owners)
    return Merged(tree=tree, owners=owners)


def put(tree: Tree, path: Sequence[str], value: object) -> None:
    """Set a value deep in a tree; what stands in the way is replaced by a table."""
    for part in path[:-1]:
        inner = tree.get(part)
        if not isinstance(inner, dict):
            inner = tree[part] = {}
        tree = inner
    tree[path[-1]] = value


def nearest_of(places: Mapping[KeyPath, str], otherwise: str) -> Where:
    """Return a `where` that knows some paths, and for others the nearest above them."""

    def where(path: KeyPath) -> str:
        for length in range(len(path), 0, -1):
            if path[:length] in places:
                return places[path[:length]]
        return otherwise

    return where


def _lay(
    into: Tree, tree: Mapping[str, Any], at: KeyPath, where: Where, owners: dict[KeyPath, Where]
) -> None:
    for key, value in tree.items():
        path = (*at, key)
        if isinstance(value, dict):
            if not isinstance(into.get(key), dict):
                into[key] = {}
            owners[path] = where
            _lay(into[key], value, path, where, owners)
        else:
            if key in into:
                for stale in [old for old in owners if old[: len(path)] == path]:
                    del owners[stale]
            into[key] = value
            owners[path] = where


def _add(tree: Tree, addition: Addition, owners: dict[KeyPath, Where]) -> None:
    *tables, last = addition.path
    inner = tree
    for part in tables:
        if inner.get(str(part)) is None:
            inner[str(part)] = {}
        known = inner[str(part)]
        if not isinstance(known, dict):
            return  # not a table at all: the one validation says so
        inner = known
    items = inner.get(str(last))
    if items is None:
        items = []
    if not isinstance(items, list):
        return  # likewise
    inner[str(last)] = [*items, addition.item]
    owners.setdefault(addition.path, lambda _: addition.where)
    owners[(*addition.path, len(items))] = lambda _: addition.where


def _is_in(tree: object, path: KeyPath) -> bool:
    for part in path:
        match tree, part:
            case dict(), str() if part in tree:
                tree = tree[part]
            case list(), int() if 0 <= part < len(tree):
                tree = tree[part]
            case _:
                return False
    return True
