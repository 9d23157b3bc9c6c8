"""Reads one JSON object field by field; whatever is wrong is told with its path in the file."""

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from perfci.errors import FormatError
from perfci.schema.pieces import Pieces

_Choice = TypeVar("_Choice", bound=StrEnum)

_LONGEST = 1e7
"""Seconds: 116 days, longer than anything that perfci measures."""
_DAY = timedelta(days=1)


def finite(values: Iterable[float]) -> bool:
    """Return whether none of the values is NaN or infinite."""
    return all(map(math.isfinite, values))


def moment(text: str) -> datetime:
    """Return an aware time from ISO 8601 text, no closer than a day to the ends of all calendars.

    Raises:
        ValueError: it is none; says what it is instead.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = datetime.min  # noqa: DTZ901 - naive on purpose: the next line refuses it
    if value.tzinfo is None:
        message = "not a time with an offset, like 2026-11-23T06:50:00+00:00"
        raise ValueError(message)
    try:
        # so that it can be told in every time zone
        value.astimezone(UTC) - _DAY, value.astimezone(UTC) + _DAY
    except OverflowError:
        message = f"{text[:40]!r}, which is no time between the years 1 and 9999"
        raise ValueError(message) from None
    return value


@cache
def _members(kind: type[_Choice]) -> dict[str, _Choice]:
    return {member.value: member for member in kind}


class Fields:
    """One object of a document; a missing field and `null` are the same."""

    __slots__ = ("_name", "_parent", "raw", "source")

    def __init__(
        self, raw: dict[str, Any], source: str, *, parent: "Fields | None" = None, name: str = ""
    ) -> None:
        """Remember where the object stands; the path is put together only for an error."""
        self.raw = raw
        self.source = source
        self._parent = parent
        self._name = name

    def path(self, name: str = "") -> str:
        """Return `measurements[3].rounds[0].name`, from the document's root."""
        here = self._parent.path(self._name) if self._parent else self._name
        return f"{here}.{name}" if here and name else here or name

    def wrong(self, name: str, problem: str) -> FormatError:
        """Return the error for one field: `run.json: measurements[3].unit is not a text`."""
        return FormatError(
            f"{self.source}: {self.path(name)} {problem}",
            hint="The file was changed or damaged after perfci wrote it; make it again.",
        )

    def _no(self, what: str, name: str) -> FormatError:
        return self.wrong(name, "is not " + what if self.has(name) else "is missing")

    def has(self, name: str) -> bool:
        """Return whether the field is there and not null."""
        return self.raw.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """Return a string; None as default: it must be there."""
        # as in `flag` and `whole`, one look alone where all is well: there are ten a measurement
        value = self.raw.get(name)
        if type(value) is str:
            return value
        if value is None and default is not None:
            return default
        raise self._no("a text", name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self.raw.get(name)
        if type(value) is bool:
            return value
        if value is None:
            return default
        raise self._no("true or false", name)

    def whole(self, name: str, default: int | None = None, *, least: int | None = None) -> int:
        """Return an integer of at least `least`; None as default: it must be there."""
        value = self.raw.get(name)
        if value is None and default is not None:
            return default
        if type(value) is not int:
            raise self._no("a whole number", name)
        if least is not None and value < least:
            raise self.wrong(name, f"is less than {least}")
        return value

    def whole_or_none(self, name: str, *, least: int | None = None) -> int | None:
        """Return an integer of at least `least`, or None where there is none."""
        return self.whole(name, least=least) if self.has(name) else None

    def number(self, name: str, default: float | None = None) -> float:
        """Return a finite number; None as default: it must be there."""
        value = self.raw.get(name)
        if value is None and default is not None:
            return default
        return self.checked(value, name)

    def checked(self, value: Any, name: str) -> float:
        """Return `value` as a finite float; `name` is its path from here."""
        if type(value) not in {float, int}:
            raise self.wrong(name, "is missing" if value is None else "is not a number")
        try:
            number = float(value)
        except OverflowError:  # an integer beyond any float
            number = math.inf
        if not math.isfinite(number):
            raise self.wrong(name, "is out of range")
        return number

    def number_or_none(self, name: str) -> float | None:
        """Return a finite number, or None where there is none."""
        return self.number(name) if self.has(name) else None

    def seconds(self, name: str, default: float | None = None) -> float:
        """Return a duration; None as default: it must be there."""
        value = self.number(name, default)
        if not 0 <= value <= _LONGEST:
            raise self.wrong(name, f"is not between 0 and {_LONGEST:,.0f} seconds")
        return value

    def seconds_or_none(self, name: str) -> float | None:
        """Return a duration, or None where there is none."""
        return self.seconds(name) if self.has(name) else None

    def values(self, raw: Any, name: str) -> tuple[float, ...]:
        """Return a list of finite numbers as floats; `name` is its path from here."""
        if type(raw) is not list:
            raise self.wrong(name, "is not a list of numbers")
        # values come by the million: what is as it should be is checked in C, and a sum is finite
        # only where all of it is
        if set(map(type, raw)) <= {float} and math.isfinite(sum(raw)):
            return tuple(raw)
        return tuple(self.checked(each, f"{name}[{place}]") for place, each in enumerate(raw))

    def choice(self, name: str, kind: type[_Choice], default: _Choice | None = None) -> _Choice:
        """Return a member of an enumeration; None as default: it must be there."""
        value = self.raw.get(name)
        if value is None and default is not None:
            return default
        if type(value) is not str:
            raise self._no("a text", name)
        member: _Choice | None = _members(kind).get(value)
        if member is None:
            known = ", ".join(kind)
            raise self.wrong(name, f"is {value[:40]!r}, which is none of {known}")
        return member

    def choice_or_none(self, name: str, kind: type[_Choice]) -> _Choice | None:
        """Return a member of an enumeration, or None where there is none."""
        return self.choice(name, kind) if self.has(name) else None

    def moment(self, name: str) -> datetime:
        """Return an aware time from ISO 8601 text."""
        try:
            value = moment(self.text(name))
        except ValueError as error:
            raise self.wrong(name, f"is {error}") from None
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings; empty where there is none."""
        found = self.items(name)
        for place, value in enumerate(found):
            if type(value) is not str:
                raise self.wrong(f"{name}[{place}]", "is not a text")
        return tuple(found)

    def table(self, name: str) -> dict[str, str]:
        """Return an object of strings; empty where there is none."""
        value = self.raw.get(name)
        # as in `text`, one look where all is well
        if type(value) is dict and set(map(type, value.values())) <= {str}:
            return value
        if value is None:
            return {}
        inside = self.group(name)
        return {key: inside.text(key) for key in inside.raw}

    def items(self, name: str) -> list[Any]:
        """Return a list of anything; empty where there is none."""
        value = self.raw.get(name)
        if type(value) is list:
            return value
        if value is None:
            return []
        raise self._no("a list", name)

    def group(self, name: str) -> "Fields":
        """Return an object that must be there."""
        value = self.raw.get(name)
        if type(value) is not dict:
            raise self._no("an object", name)
        return Fields(value, self.source, parent=self, name=name)

    def group_or_none(self, name: str) -> "Fields | None":
        """Return an object, or None where there is none."""
        return self.group(name) if self.has(name) else None

    def groups(self, name: str) -> Iterator["Fields"]:
        """Yield the objects of a list, one at a time: what is wrong with the first is told first.

        There is none where the list is missing.
        """
        found = self.raw.get(name)
        for place, raw in enumerate(found if type(found) is Pieces else self.items(name)):
            if type(raw) is not dict:
                raise self.wrong(f"{name}[{place}]", "is not an object")
            yield Fields(raw, self.source, parent=self, name=f"{name}[{place}]")

    def members(self, name: str) -> dict[str, "Fields"]:
        """Return an object of objects by their names; empty where there is none."""
        if not self.has(name):
            return {}
        inside = self.group(name)
        return {key: inside.group(key) for key in inside.raw}
