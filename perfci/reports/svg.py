"""Drawing by hand: elements with presentation attributes only, the same bytes for the same data.

No `style=`, so that a policy that forbids inline styles leaves the picture whole. The colours
written here are readable on white and on black; a style sheet may refine them by class.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

COLOURS: Mapping[str, str] = {
    "bad": "#d3453b",
    "good": "#2a9d62",
    "doubt": "#a9791c",
    "head": "#4a7fe0",
    "base": "#7a8494",
    "rule": "#8f98a5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Values to horizontal places."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Return the place of a value; what lies outside stands at the edge."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def ticks(self, most: int = 6) -> list[float]:
        """Return round values on the axis, at most `most`."""
        return round_values(self.low, self.high, most)


def axis(values: Iterable[float], *, left: float, right: float, pad: float = 0.06) -> Axis:
    """Span an axis over the finite values, with a margin at both ends."""
    known = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    room = (high - low) * pad or abs(high) * pad or 1.0
    return Axis(low=low - room, high=high + room, left=left, right=right)


def round_values(low: float, high: float, most: int) -> list[float]:
    """Return the multiples of 1, 2 or 5 times a power of ten that lie in a span."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def number(value: float) -> str:
    """Return a coordinate with at most one digit after the point."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


Attributes = Mapping[str, float | str]


def element(name: str, attributes: Attributes, inside: str = "") -> str:
    """Return an element.

    Args:
        name: of the element.
        attributes: numbers are written as coordinates, text is escaped.
        inside: finished markup.
    """
    written = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def _value(value: float | str) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def fill(colour: str) -> Attributes:
    """Return what fills a shape with one of the colours."""
    return {"fill": COLOURS[colour], "class": f"f-{colour}"}


def stroke(colour: str) -> Attributes:
    """Return what draws a line in one of the colours."""
    return {"fill": "none", "stroke": COLOURS[colour], "class": f"s-{colour}"}


def line(
    start: tuple[float, float], end: tuple[float, float], look: Attributes, width: float = 1.0
) -> str:
    """Return a straight line."""
    (x1, y1), (x2, y2) = start, end
    places: Attributes = {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke-width": width}
    return element("line", {**places, **look})


def dots(
    places: Sequence[tuple[float, float]], colour: str, size: float, opacity: float = 0.75
) -> str:
    """Return round dots as one path: a tenth of the bytes of as many circles."""
    if not places:
        return ""
    path = "".join(f"M{number(x)} {number(y)}h0" for x, y in places)
    shape: Attributes = {"d": path, "stroke-width": size, "stroke-linecap": "round"}
    return element("path", {**shape, **stroke(colour), "stroke-opacity": str(opacity)})


def text(words: str, x: float, y: float, anchor: str = "middle", *, faint: bool = False) -> str:
    """Return a label in the colour of the text around the picture."""
    place: dict[str, float | str] = {"x": x, "y": y, "text-anchor": anchor}
    if faint:
        place["fill-opacity"] = "0.75"
    return element("text", place, escape(words))


def picture(width: float, height: float, title: str, parts: Iterable[str], *, alone: bool) -> str:
    """Return a whole picture.

    Args:
        width: in its own units; one unit is a pixel where there is room.
        height: the same.
        title: what it shows, in a sentence: read aloud, and shown on hovering.
        parts: finished elements, from the back to the front.
        alone: True for a file of its own: with a white ground, as nothing is behind it.
    """
    size: Attributes = {"width": width, "height": height}
    ground = element("rect", {**size, "fill": "#ffffff"}) if alone else ""
    own: Attributes = {"xmlns": "http://www.w3.org/2000/svg"} if alone else {}
    look: Attributes = {
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "role": "img",
        "fill": "currentColor",
        "font-family": "system-ui, sans-serif",
        "font-size": 12,
    }
    inside = element("title", {}, escape(title)) + ground + "".join(parts)
    return element("svg", {**own, **size, **look}, inside)
