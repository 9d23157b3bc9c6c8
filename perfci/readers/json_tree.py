"""Values of a hostile JSON document that know their place: every complaint names it."""

import math
from collections.abc import Iterator
from typing import Any

from perfci.errors import FormatError
from perfci.model.text import printable

_HINT = "Is it the file that the tool wrote, whole and unedited? `--format` names another format."


_HUGE = 2**1000
"""Far more than is ever counted, and still a number that a float can be."""


class Node:
    """One value of a document.

    Args:
        value: as decoded.
        source: the file's name.
        place: `benchmarks[3].stats`; empty for the root.
    """

    __slots__ = ("place", "source", "value")

    def __init__(self, value: Any, source: str, place: str = "") -> None:
        self.value = value
        self.source = source
        self.place = place

    def __bool__(self) -> bool:
        """Return whether there is anything: not null, not missing, not empty, not 0."""
        return bool(self.value)

    def get(self, name: str) -> "Node":
        """Return what an object has under a name; null where it has nothing, or is no object."""
        inside = self.value.get(name) if type(self.value) is dict else None
        return Node(inside, self.source, f"{self.place}.{name}" if self.place else name)

    def need(self, name: str) -> "Node":
        """Return what an object has under a name.

        Raises:
            FormatError: it has nothing there, or is no object.
        """
        if type(self.value) is not dict:
            raise self.wrong("an object")
        found = self.get(name)
        if found.value is None:
            raise FormatError(f"{self.source}: {printable(found.place)} is missing", hint=_HINT)
        return found

    def __iter__(self) -> Iterator["Node"]:
        """Yield what a list holds; nothing where there is null.

        Raises:
            FormatError: it is something else.
        """
        if self.value is None:
            return
        if type(self.value) is not list:
            raise self.wrong("a list")
        for number, inside in enumerate(self.value):
            yield Node(inside, self.source, f"{self.place}[{number}]")

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Yield the names and values of an object; nothing where there is null.

        Raises:
            FormatError: it is something else.
        """
        if self.value is None:
            return
        if type(self.value) is not dict:
            raise self.wrong("an object")
        for name in self.value:
            yield name, self.get(name)

    def text(self, default: str = "") -> str:
        """Return a text; a number as text; what is given where it is anything else."""
        if type(self.value) is str:
            return self.value
        # all digits: 1000000 and 1000001 are two parameters
        if type(self.value) is int:
            return str(self.value)
        return f"{self.value:.15g}" if type(self.value) is float else default

    def number(self) -> float:
        """Return a number; NaN and infinities are numbers here, also as text.

        Raises:
            FormatError: it is none.
        """
        found = self.maybe()
        if found is None:
            raise self.wrong("one that can be measured" if type(self.value) is int else "a number")
        return found

    def maybe(self) -> float | None:
        """Return a number, as `number` does; None where it is none."""
        if type(self.value) not in {int, float, str}:
            return None
        try:
            return float(self.value)
        except (ValueError, OverflowError):
            return None

    def numbers(self) -> tuple[float, ...]:
        """Return a list of numbers; of a null no numbers, and null among them is NaN.

        Raises:
            FormatError: it is none.
        """
        found = self.value
        if found is None:
            return ()
        if type(found) is not list:
            raise self.wrong("a list of numbers")
        # the bulk of a file: one pass in C where all is well
        kinds = set(map(type, found))
        if kinds <= {float}:
            return tuple(found)
        if kinds <= {float, int} and min(found) > -_HUGE and max(found) < _HUGE:
            return tuple(map(float, found))
        return tuple(math.nan if each.value is None else each.number() for each in self)

    def wrong(self, wanted: str) -> FormatError:
        """Return the error that says what stands here instead of what is wanted."""
        where = printable(self.place) or "its root"
        return FormatError(f"{self.source}: {where} is {self._kind()}, not {wanted}", hint=_HINT)

    def _kind(self) -> str:
        match self.value:
            case None:
                return "null"
            case bool():
                return str(self.value).lower()
            case int() | float():
                return "a number"
            case str():
                return f"the text {printable(self.value, limit=60)!r}"
            case list():
                return "a list"
            case _:
                return "an object"
