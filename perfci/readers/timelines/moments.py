"""Times as files write them: numbers since 1970, ISO 8601, and what is near to it."""

import re
from datetime import UTC, datetime, timedelta, timezone

from perfci.readers.histories.parsing import tellable, time_of

_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
_SPELLED = re.compile(
    r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(?:Z|UTC|([+-])(\d{2}):?(\d{2}))?"
)
_PER_SECOND = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6))


def since_1970(number: float, per_second: float) -> datetime | None:
    """Return a moment from a number; None outside of the years 1970 to 9998.

    Args:
        number: finite.
        per_second: what a second has of its unit: 1000.0 for milliseconds.
    """
    seconds = number / per_second
    return datetime.fromtimestamp(seconds, tz=UTC) if 0 <= seconds < _LATEST else None


def per_second(largest: float) -> float:
    """Tell seconds from milli-, micro- and nanoseconds by the largest number of a column."""
    return next((factor for limit, factor in _PER_SECOND if largest < limit), 1e9)


def spelled(text: str) -> datetime | None:
    """Return an aware time from text: `2026-11-26T13:29:00Z`, `2026.11.26 3:00 +0100`.

    Without an offset it is UTC; None where it is no time of the years 2 to 9998.
    """
    text = text.strip()[:64]
    found = time_of(text)
    if found is None:
        parts = _SPELLED.fullmatch(text)
        if parts is None:
            return None
        year, month, day, hour, minute, second = (int(each or 0) for each in parts.groups()[:6])
        offset = timedelta(hours=int(parts[8] or 0), minutes=int(parts[9] or 0))
        try:
            zone = timezone(-offset if parts[7] == "-" else offset)
            found = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        except ValueError:
            return None
    return found.astimezone(UTC) if tellable(found) else None
