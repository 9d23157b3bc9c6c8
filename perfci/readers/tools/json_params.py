"""Parameters of benchmarks that stand in JSON, where they are texts, or ought to be."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection
from itertools import chain
from typing import Any

from perfci.readers.json_tree import Node
from perfci.readers.reading import Params

MIXED = (
    'a parameter of it is a text in one place and not in another, as "1" and 1 are: nothing else '
    "tells these benchmarks apart"
)
"""Why a benchmark that is among `mixed` cannot be told from another."""


def params_of(given: Node) -> Params:
    """Return names and values of an object; what is no text is spelled as JSON has it: `true`.

    Nothing where there is null.

    Raises:
        FormatError: it is no object.
    """
    if given.value is None:
        return ()
    inside = given.plain_object()
    if inside and set(map(type, inside.values())) <= {str}:
        return tuple(inside.items())
    return tuple([(name, _spelled(value.value)) for name, value in given.items()])


def mixed(
    benchmarks: Node, key: str, name_of: Callable[[Node], str]
) -> frozenset[tuple[str, Params]]:
    """Return names and parameters that are spelled alike, but are not the same.

    Args:
        benchmarks: the list of them.
        key: under which each has its parameters.
        name_of: returns the name of one.

    Raises:
        FormatError: the parameters of one are no object.
    """
    plain = benchmarks.plain_list()
    if _are_texts([it for one in plain if type(one) is dict and (it := one.get(key))]):
        return frozenset()
    kinds = defaultdict(set)
    for benchmark in benchmarks:
        given = benchmark.get(key)
        called = name_of(benchmark), params_of(given)
        kinds[called].add(tuple(map(type, given.plain_object().values())))
    return frozenset(called for called, several in kinds.items() if len(several) > 1)


def _are_texts(objects: Collection[Any]) -> bool:
    """Return whether all are objects of nothing but texts, as tools write them.

    Two passes in C, however many they are.
    """
    if set(map(type, objects)) <= {dict}:
        return set(map(type, chain.from_iterable(map(dict.values, objects)))) <= {str}
    return False


def _spelled(value: Any) -> str:
    return value if type(value) is str else json.dumps(value)
