"""A benchmark's parameters: their combinations, their place in names and in commands."""

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence

from perfci.model.identity import BenchmarkId

Scalar = str | int | float | bool
Combination = tuple[tuple[str, Scalar], ...]


def combinations(parameters: Mapping[str, Sequence[Scalar]]) -> tuple[Combination, ...]:
    """Return every choice of one value a parameter, the last parameter changing fastest."""
    chosen = itertools.product(*parameters.values())
    return tuple(tuple(zip(parameters, values, strict=True)) for values in chosen)


def count(parameters: Mapping[str, Sequence[Scalar]]) -> int:
    """Return the number of combinations without making them."""
    return math.prod(len(values) for values in parameters.values())


def text_of(value: Scalar) -> str:
    """Return a parameter's value as keys and commands show it: `16MB`, `4`, `0.5`, `true`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def identity(suite: str, name: str, chosen: Combination) -> BenchmarkId:
    """Name one combination."""
    params = tuple(sorted((key, text_of(value)) for key, value in chosen))
    return BenchmarkId(suite=suite, name=name, params=params)


def mentions(text: str, name: str) -> bool:
    """Tell whether a command has `{name}`; the shell's own `${name}` is none."""
    return _places([name]).search(text) is not None


def fill(text: str, chosen: Combination, quote: Callable[[str], str] = str) -> str:
    """Put values in the places of a command; what a value contains is not looked at again.

    Args:
        text: a shell string, or one argument.
        chosen: the values.
        quote: how a value must be written there.
    """
    if not chosen:
        return text
    values = {name: quote(text_of(value)) for name, value in chosen}
    return _places(values).sub(lambda found: values[found[1]], text)


def _places(names: Mapping[str, str] | Sequence[str]) -> re.Pattern[str]:
    # `${size}` is the shell's own variable
    return re.compile(r"(?<!\$)\{(" + "|".join(re.escape(name) for name in names) + r")\}")
