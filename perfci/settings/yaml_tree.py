"""YAML to plain values with the line of every key: bounded, without surprises.

Numbers, true, false and null are only what YAML 1.1 and 1.2 agree on: `off`, `no`, `1:30`, `1e5`
(it may be a commit) and `2026-12-31` are texts, however the file was written.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from perfci.settings.spelling import KeyPath, spell

_MOST_NODES = 100_000
_DEEPEST = 50
_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without the surprises of YAML 1.1."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    (
        "float",
        r"[-+]?[0-9]+\.[0-9]*(?:[eE][-+][0-9]+)?",
        list("-+0123456789"),
    ),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first
    )


@dataclass(slots=True, kw_only=True)
class YamlTree:
    """What a document says."""

    value: Any = None
    """Dicts, lists, texts, numbers, booleans, None; never more than 50 deep."""
    lines: dict[KeyPath, int] = field(default_factory=dict)
    """Line of each key and list item, from 1."""
    twice: list[tuple[KeyPath, int, int]] = field(default_factory=list)
    """Keys that a table has twice, with both lines."""


def read_yaml(text: str | bytes) -> YamlTree:
    """Read one document.

    Raises:
        ValueError: it is none, or larger or deeper than any settings; the message names the line
            where it is known.
    """
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        tree = YamlTree()
        if node is not None:
            tree.value = _Builder(loader, tree).build(node, (), 0)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{line}{error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    finally:
        if loader is not None:
            loader.dispose()
    return tree


class _Builder:
    """Walks nodes; aliases are counted every time they are followed."""

    def __init__(self, loader: _Loader, tree: YamlTree) -> None:
        self._loader = loader
        self._tree = tree
        self._left = _MOST_NODES

    def build(self, node: yaml.Node, path: KeyPath, depth: int) -> Any:
        self._left -= 1
        line = node.start_mark.line + 1
        if self._left < 0:
            raise ValueError(f"line {line}: it has more than {_MOST_NODES} values")
        if depth > _DEEPEST:
            raise ValueError(f"line {line}: it is nested too deeply")
        match node:
            case yaml.CollectionNode() if node.tag not in _COLLECTIONS:
                raise _foreign_tag(node)
            case yaml.MappingNode():
                return self._table(node, path, depth)
            case yaml.SequenceNode():
                return [self._item(n, (*path, i), depth) for i, n in enumerate(node.value)]
            case _:
                return self._scalar(node, line)

    def _table(self, node: yaml.MappingNode, path: KeyPath, depth: int) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise ValueError(f"line {line}: a key must be a text")  # noqa: TRY004 - of the file
            key = str(key_node.value)
            _refuse_surrogates(key, line)
            inner = (*path, key)
            if key in table:
                self._tree.twice.append((inner, self._tree.lines[inner], line))
            self._tree.lines[inner] = line
            table[key] = self.build(value_node, inner, depth + 1)
        return table

    def _item(self, node: yaml.Node, path: KeyPath, depth: int) -> Any:
        self._tree.lines[path] = node.start_mark.line + 1
        return self.build(node, path, depth + 1)

    def _scalar(self, node: yaml.Node, line: int) -> Any:
        try:
            value = self._loader.construct_object(node)
        except (ValueError, LookupError):
            raise ValueError(f"line {line}: {node.value[:40]!r} is not what its tag says") from None
        if value is not None and not isinstance(value, str | int | float):
            raise _foreign_tag(node)
        if isinstance(value, str):
            _refuse_surrogates(value, line)
        return value


def _foreign_tag(node: yaml.Node) -> ValueError:
    line = node.start_mark.line + 1
    return ValueError(f"line {line}: the tag {node.tag!r} has no place in settings")


def _refuse_surrogates(text: str, line: int) -> None:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError(f"line {line}: half a surrogate pair is no text")


def duplicate(name: str, twice: tuple[KeyPath, int, int]) -> str:
    """Return the sentence about a key that stands in a file twice."""
    path, first, second = twice
    return f"{spell(path)} is given twice ({name}, lines {first} and {second})"
