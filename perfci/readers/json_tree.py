"""Values of a hostile JSON document that know their place: every complaint names it."""

import math
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Any

from perfci.errors import FormatError
from perfci.model.text import printable
from perfci.readers.text import plain_number

_HINT = "Is it the file that the tool wrote, whole and unedited? `--format` names another format."


_HUGE = 2**1000
"""Far more than is ever counted, and still a number that a float can be."""


class Node:
    """One value of a document.

    A file has a million of them, and few are complained of: where one stands is only spelled out
    when that is asked for.

    Args:
        value: as decoded.
        within: the value that this one stands in; of a root, the file's name.
        step: from there to here: the name or the number that it has there; of a root, where
            within the file it stands, `benchmarks[3].stats`, empty where it is all of it.
    """

    __slots__ = ("step", "value", "within")

    def __init__(self, value: Any, within: "Node | str", step: str | int = "") -> None:
        self.value = value
        self.within = within
        self.step = step

    @property
    def source(self) -> str:
        """Return the file's name."""
        return self._way()[0]

    @property
    def place(self) -> str:
        """Return where in the file it stands: `benchmarks[3].stats`; empty for the root."""
        place = ""
        for step in self._way()[1]:
            if type(step) is int:
                place = f"{place}[{step}]"
            else:
                place = f"{place}.{step}" if place else str(step)
        return place

    def _way(self) -> tuple[str, list[str | int]]:
        """Return the file's name and the steps from there to here."""
        steps = [self.step]
        within = self.within
        while isinstance(within, Node):
            steps.append(within.step)
            within = within.within
        return within, steps[::-1]

    def __bool__(self) -> bool:
        """Return whether there is anything: not null, not missing, not empty, not 0."""
        return bool(self.value)

    def get(self, name: str) -> "Node":
        """Return what an object has under a name; null where it has nothing, or is no object."""
        inside = self.value.get(name) if type(self.value) is dict else None
        return Node(inside, self, name)

    def said(self, name: str) -> str:
        """Return what an object has under a name as a text: as `get` and `text` do, but sooner."""
        inside = self.value.get(name) if type(self.value) is dict else None
        return inside if type(inside) is str else Node(inside, self, name).text()

    def need(self, name: str) -> "Node":
        """Return what an object has under a name.

        Raises:
            FormatError: it has nothing there, or is no object.
        """
        if type(self.value) is not dict:
            raise self.wrong("an object")
        found = Node(self.value.get(name), self, name)
        if found.value is None:
            raise FormatError(f"{self.source}: {printable(found.place)} is missing", hint=_HINT)
        return found

    def at(self, number: int) -> "Node":
        """Return what a list has at a number, which must be there."""
        return Node(self.value[number], self, number)

    def __iter__(self) -> Iterator["Node"]:
        """Yield what a list holds; nothing where there is null.

        Raises:
            FormatError: it is something else.
        """
        for number, inside in enumerate(self.plain_list()):
            yield Node(inside, self, number)

    def plain_list(self) -> list[Any]:
        """Return a list as decoded, to be looked at at once; an empty one where there is null.

        Raises:
            FormatError: it is something else.
        """
        if self.value is None:
            return []
        if type(self.value) is not list:
            raise self.wrong("a list")
        return self.value

    def plain_object(self) -> dict[str, Any]:
        """Return an object as decoded; an empty one where there is something else."""
        return self.value if type(self.value) is dict else {}

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Yield the names and values of an object; nothing where there is null.

        Raises:
            FormatError: it is something else.
        """
        if self.value is None:
            return
        if type(self.value) is not dict:
            raise self.wrong("an object")
        for name, inside in self.value.items():
            yield name, Node(inside, self, name)

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
        return number_in(self.value)

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
        if not found:
            return ()
        # the bulk of a file: one pass in C where all is well
        kinds = set(map(type, found))
        if kinds <= {float}:
            return tuple(found)
        if kinds <= {float, int} and min(found) > -_HUGE and max(found) < _HUGE:
            return tuple(map(float, found))
        return tuple(math.nan if each.value is None else each.number() for each in self)

    def lists(self) -> Sequence[Sequence[float]]:
        """Return a list of lists of numbers, each as `numbers` does; as decoded where they can be.

        Raises:
            FormatError: it is none.
        """
        found = self.plain_list()
        return found if are_floats(found) else tuple(inside.numbers() for inside in self)

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


def number_in(value: Any) -> float | None:
    """Return the number that a value is, also as text; None where it is none."""
    if type(value) not in {int, float, str}:
        return None
    try:
        return plain_number(value) if type(value) is str else float(value)
    except (ValueError, OverflowError):
        return None


def are_floats(lists: Collection[Any]) -> bool:
    """Return whether all are lists of nothing but floats, as nearly all are: none is complained of.

    Two passes in C, however many they are.
    """
    return set(map(type, lists)) <= {list} and set(map(type, chain.from_iterable(lists))) <= {float}
