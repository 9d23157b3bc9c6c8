"""JSON Lines of series, or one JSON array of them: `{"name", "unit", "direction", "points"}`.

Each point is `{"commit", "time", "value"}`, its time in milliseconds since 1970 or ISO 8601.
"""

import json
import math
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.model.text import printable
from perfci.readers.histories.parsing import finite_number, text_of
from perfci.readers.timelines.drafts import LIMIT, Draft, Drafts
from perfci.readers.timelines.moments import since_1970, spelled

EXPECTED = (
    'expected is {"name": "parse", "unit": "ms", "direction": "lower", "points": '
    '[{"commit": "1a2b3c4", "time": 1764163740000, "value": 41.2}]}, one a line or in one array'
)
_BLANK = re.compile(r"[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")


def read_records(text: str, source: str, drafts: Drafts) -> None:
    """Add all series of a file.

    Args:
        text: the file.
        source: its name, for messages.
        drafts: what they are added to.

    Raises:
        FormatError: one of the records is damaged; it says which, and nothing is to be used.
    """
    if text.count("{") > LIMIT:
        raise FormatError(
            f"{source} holds more than {LIMIT:,} values; perfci looks at no more at a time",
            hint="split it by series",
        )
    times: dict[object, datetime] = {}
    number = 0
    for number, (line, record) in enumerate(_documents(text, source), start=1):
        _read(record, f"{source}, line {line} (record {number})", drafts, times)
    if not number:
        raise FormatError(f"{source} holds no series", hint=EXPECTED)


def _documents(text: str, source: str) -> Iterator[tuple[int, Any]]:
    """Yield every record with the number of its line."""
    decode = json.JSONDecoder().raw_decode
    at = _after(_BLANK, text, 0)
    array = text[at : at + 1] == "["
    at = _after(_BLANK, text, at + 1) if array else at
    line, counted = 1, 0
    while at < len(text) and not (array and text[at] == "]"):
        line, counted = line + text.count("\n", counted, at), at
        try:
            record, end = decode(text, at)
        except json.JSONDecodeError as error:
            raise _damaged(source, error.lineno, error.msg) from None
        except RecursionError:
            raise _damaged(source, line, "it is nested too deeply") from None
        except ValueError:  # a whole number of thousands of digits
            raise _damaged(source, line, "it holds a number out of range") from None
        yield line, record
        at = _after(_BLANK, text, end)
        if array and text[at : at + 1] == ",":
            at = _after(_COMMA, text, at)
            if text[at : at + 1] == "]":
                raise _damaged(source, text.count("\n", 0, at) + 1, "a comma too many")
        elif array and text[at : at + 1] != "]":
            what = "something else than a comma" if at < len(text) else "the array is cut off"
            raise _damaged(source, text.count("\n", 0, at) + 1, what)
    rest = _after(_BLANK, text, at + 1) if array else at
    if rest < len(text):
        raise _damaged(source, text.count("\n", 0, rest) + 1, "something follows the array")


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _damaged(source: str, line: int, what: str) -> FormatError:
    return FormatError(
        f"{source}, line {line}: no valid JSON: {what}",
        hint=f"The file is cut off or damaged, and nothing of it is used; {EXPECTED}",
    )


def _read(record: Any, where: str, drafts: Drafts, times: dict[object, datetime]) -> None:
    if type(record) is not dict:
        raise _refused(where, "no object")
    if text_of(record, "schema").startswith("perfci."):
        raise FormatError(
            f"{where} is a file of perfci's own, and no history",
            hint="`perfci history` without a file reads the store; `perfci compare` takes two runs",
        )
    name, unit, points = record.get("name"), record.get("unit", ""), record.get("points")
    if type(name) is not str:
        raise _refused(where, "name is no text" if "name" in record else "name is missing")
    where = f"{where}, {printable(name)[:80]!r}"
    if type(points) is not list:
        raise _refused(where, "points is no list" if "points" in record else "points is missing")
    if unit is not None and type(unit) is not str:
        raise _refused(where, "unit is no text")
    draft = drafts.begin(name, unit or "", _direction(record.get("direction"), where))
    for place, point in enumerate(points):
        _add(draft, point, (where, place), (drafts, times))


def _direction(said: Any, where: str) -> Better | None:
    if said is None or said == "":
        return None
    if type(said) is str and said.lower() in set(Better):
        return Better(said.lower())
    raise _refused(where, f"direction is {printable(str(said))[:40]!r}, not lower or higher")


def _add(
    draft: Draft,
    point: Any,
    place: tuple[str, int],
    into: tuple[Drafts, dict[object, datetime]],
) -> None:
    where, index = place
    drafts, times = into
    if type(point) is not dict:
        raise _refused(where, f"points[{index}] is no object")
    number = finite_number(point.get("value"))
    said = point.get("time")
    time = None
    if said is not None:
        time = times.get(said) if type(said) in {int, float, str} else None
        if time is None:
            time = _time(said)
            if time is None:
                what = printable(str(said)[:60])
                raise _refused(
                    where,
                    f"points[{index}].time is {what!r}, no time in milliseconds since 1970 "
                    "(before the year 9999) or of ISO 8601",
                )
            times[said] = time
    commit = point.get("commit")
    if commit is not None and type(commit) is not str:
        raise _refused(where, f"points[{index}].commit is no text")
    if number is None or not math.isfinite(number * draft.factor):
        drafts.left.add("the value is no finite number", f"points[{index}] of {draft.name[:80]}")
        return
    drafts.add(draft, commit or "", time, number)


def _time(said: Any) -> datetime | None:
    if type(said) is str:
        return spelled(said)
    number = finite_number(said)
    return None if number is None else since_1970(number, 1e3)


def _refused(where: str, what: str) -> FormatError:
    return FormatError(f"{where}: {what}", hint=f"Nothing of the file is used; {EXPECTED}")
