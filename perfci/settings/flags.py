"""Settings from the command line: the strongest layer."""

from collections.abc import Mapping, Sequence
from typing import Any

from perfci.settings.layers import Layer, nearest_of, put
from perfci.settings.spelling import KeyPath, shown
from perfci.settings.values import read_value


def from_sets(texts: Sequence[str]) -> Layer:
    """Read `--set section.key=value`; a later one replaces an earlier one."""
    tree: dict[str, Any] = {}
    places: dict[KeyPath, str] = {}
    problems: list[str] = []
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        path = tuple(name.split("."))
        if not equals or not all(path):
            problems.append(f"--set {shown(text)} is not like gate.sensitivity=3%")
            continue
        try:
            put(tree, path, read_value(name, value))
        except ValueError as error:
            problems.append(f"{name}: {shown(value)} cannot be read: {error} (--set {name})")
        for length in range(1, len(path) + 1):
            places.setdefault(path[:length], f"--set {name}")
    return Layer(
        name="--set", tree=tree, where=nearest_of(places, "--set"), problems=tuple(problems)
    )


def from_flags(values: Mapping[str, object]) -> Layer:
    """Take flags that have a setting of their own.

    Args:
        values: by key, `measure.max_time`; the flag is called after the last part, `--max-time`.
            Texts are read as variables are; None stands for a flag that was not given.
    """
    tree: dict[str, Any] = {}
    places: dict[KeyPath, str] = {}
    problems: list[str] = []
    for name, value in values.items():
        if value is None:
            continue
        path = tuple(name.split("."))
        flag = f"--{path[-1].replace('_', '-')}"
        places[path] = flag
        try:
            put(tree, path, read_value(name, value) if isinstance(value, str) else value)
        except ValueError as error:
            problems.append(f"{name}: {shown(value)} cannot be read: {error} ({flag})")
    return Layer(
        name="flags", tree=tree, where=nearest_of(places, "flags"), problems=tuple(problems)
    )
