"""Quantities as people write and read them; inside perfci everything is in base units.

Base units: `s`, `B`, `1/s`, `ratio`, `count`, `score`. Prefixes exist only at the door.
"""

import math
import re
from dataclasses import dataclass

_NUMBER = r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*"
_DURATION = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0}
_DURATION |= {"h": 3600.0}
_SIZE = {"B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
_SIZE |= {"KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30, "TiB": 2.0**40}
_PERCENT = {"%": 0.01}
_RATE = {"/s": 1.0, "1/s": 1.0, "k/s": 1e3, "/min": 1 / 60}
_PLAIN = {"": 1.0}
SPELT = frozenset({"s", "B", "1/s", "ratio"})
"""Base units of which quantities are written with a unit."""
_LONGEST = 7 * 86400.0


def _parse(text: str, units: dict[str, float], example: str) -> float:
    found = re.fullmatch(_NUMBER + r"(\S*)\s*", text)
    if not found or found[2] not in units:
        known = ", ".join(units)
        message = f"{text!r} is not a number with a unit of {known}; write it like {example}"
        raise ValueError(message)
    value = float(found[1]) * units[found[2]]
    if not math.isfinite(value):
        message = f"{text!r} is out of range"
        raise ValueError(message)
    return value


def parse_duration(text: str) -> float:
    """Return seconds from `300s`, `10m`, `2ms`, `1h`.

    Raises:
        ValueError: not a number with a unit of time, or more than a week.
    """
    seconds = _parse(text, _DURATION, "10s or 5m")
    if seconds > _LONGEST:
        message = f"{text!r} is out of range: a week is the longest"
        raise ValueError(message)
    return seconds


def parse_percent(text: str) -> float:
    """Return a ratio from `5%`: 0.05.

    Raises:
        ValueError: not a number with a per cent sign.
    """
    return _parse(text, _PERCENT, "5%")


def parse_rate(text: str) -> float:
    """Return events a second from `200/s`.

    Raises:
        ValueError: not a number with a unit of frequency.
    """
    return _parse(text, _RATE, "200/s")


def parse_quantity(text: str) -> tuple[float, str]:
    """Return a value in its base unit, and that unit, from `2ms`, `512MB`, `3%` or `200/s`.

    A plain number is a count.

    Raises:
        ValueError: no known unit; the message lists them.
    """
    for units, base in (
        (_DURATION, "s"),
        (_SIZE, "B"),
        (_PERCENT, "ratio"),
        (_RATE, "1/s"),
        (_PLAIN, "count"),
    ):
        try:
            return _parse(text, units, ""), base
        except ValueError:
            continue
    known = ", ".join([*_DURATION, *_SIZE, *_PERCENT, *_RATE])
    message = (
        f"{text!r} is not a number with a unit of {known}, or without; write it like 2ms, 512MB, "
        "3% or, of counts, 100"
    )
    raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A prefix shared by the values of one column."""

    factor: float
    """Base units in one shown unit."""
    unit: str
    """As shown, e.g. `ms`."""

    def number(self, value: float) -> str:
        """Return the value in this scale with three significant digits and no exponent."""
        shown = value / self.factor
        if not math.isfinite(shown):
            return "?"
        if shown == 0:
            return "0"
        # the exponent after rounding: 9.996 has the digits of 10.0
        exponent = int(f"{shown:.2e}".partition("e")[2])
        return f"{shown:.{min(max(0, 2 - exponent), 9)}f}"

    def text(self, value: float) -> str:
        """Return the value with its unit: `41.2 ms`."""
        return f"{self.number(value)} {self.unit}".rstrip()


_SCALES = {
    "s": [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")],
    "B": [(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B")],
    "1/s": [(1e9, "G/s"), (1e6, "M/s"), (1e3, "k/s"), (1.0, "/s")],
    "ratio": [(0.01, "%")],
    "count": [(1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")],
}


def scale_for(unit: str, *values: float) -> Scale:
    """Choose one scale for a group of values, so that the largest reads as 1 to 999.

    An unknown unit is shown as it is.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    steps = _SCALES.get(unit, [(1.0, unit)])
    for factor, name in steps:
        # 999.5 of the smaller unit would print as 1000: it belongs to the larger one
        if largest >= factor * 0.9995:
            return Scale(factor=factor, unit=name)
    factor, name = steps[-1]
    return Scale(factor=factor, unit=name)


def whole_percent(ratio: float) -> float:
    """Round to whole per cent, halves away from zero: severities and thresholds go by this."""
    return math.copysign(math.floor(abs(ratio) * 100 + 0.5 + 1e-9) / 100, ratio)


def percent(ratio: float, *, signed: bool = True) -> str:
    """Return a ratio as per cent with three significant digits: `+61.2 %`, `-0.25 %`, `+1230 %`."""
    if not math.isfinite(ratio):
        return "?"
    shown = ratio * 100
    size = abs(shown)
    digits = 0 if size >= 99.95 else 1 if size >= 0.95 else 2
    text = f"{shown:+.{digits}f}" if signed else f"{shown:.{digits}f}"
    return f"{text} %"


def duration(seconds: float) -> str:
    """Return a span of time for people: `3 min 12 s`, `4.2 s`, `1 h 5 min`."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def limit(ratio: float) -> str:
    """Return a limit as its author would write it: `5 %`, `0.5 %`, `100 %`."""
    return f"{round(ratio * 100, 6):g} %"
