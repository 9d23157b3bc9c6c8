"""A picture of ours as PNG: the same elements at the same places, drawn by matplotlib."""

import io
import re
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ONE_AT_A_TIME = Lock()
_PIXELS = 2.0
"""Dots for one unit of the picture: sharp on dense screens."""
_POINTS = 0.72
"""Points of matplotlib in one unit, at 100 units an inch."""
_TEXT = 0.88
"""The font that comes with matplotlib is wider than a browser's."""
_INK = "#1b2230"
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def png_of(svg: str) -> bytes:
    """Draw a picture that `perfci.reports.svg` made; the same bytes for the same picture.

    Args:
        svg: one that stands alone, with its name space.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    width, height = (float(root.get(name, "0")) for name in ("width", "height"))
    # nobody's matplotlibrc has a say in it; the settings are the whole process's, so one at a time
    with _ONE_AT_A_TIME, mpl.rc_context(mpl.rcParamsDefault):
        figure = Figure(figsize=(width / 100, height / 100), dpi=100 * _PIXELS)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        for order, each in enumerate(root):
            _draw(axes, each, order)
        written = io.BytesIO()
        figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _draw(axes: "Axes", each: ET.Element, order: int) -> None:
    match each.tag.rpartition("}")[2]:
        case "line":
            ends = [[_number(each, name) for name in pair] for pair in (("x1", "x2"), ("y1", "y2"))]
            axes.plot(*ends, zorder=order, solid_capstyle="butt", **_stroke(each))
        case "rect" if "%" not in each.get("width", ""):
            _box(axes, each, order)
        case "circle":
            _dots(axes, [(_number(each, "cx"), _number(each, "cy"))], each, order)
        case "path":
            _path(axes, each, order)
        case "text":
            _text(axes, each, order)
        case _:  # the title, and the ground: the figure is white
            pass


def _stroke(each: ET.Element) -> dict[str, Any]:
    dashes = [float(part) for part in each.get("stroke-dasharray", "").split()]
    width = _number(each, "stroke-width", 1.0)
    return {
        "color": each.get("stroke"),
        "linewidth": width * _POINTS,
        "alpha": _number(each, "stroke-opacity", 1.0),
        # matplotlib counts dashes in widths of the line
        "linestyle": (0, [part / width for part in dashes]) if dashes else "-",
    }


def _box(axes: "Axes", each: ET.Element, order: int) -> None:
    from matplotlib.patches import FancyBboxPatch

    x, y, width, height = (_number(each, name) for name in ("x", "y", "width", "height"))
    round_ = min(_number(each, "rx"), width / 2, height / 2)
    style = f"round,pad=0,rounding_size={round_}" if round_ else "square,pad=0"
    box = FancyBboxPatch((x, y), width, height, boxstyle=style, linewidth=0, zorder=order)
    box.set_facecolor(each.get("fill"))
    box.set_alpha(_number(each, "fill-opacity", 1.0))
    axes.add_patch(box)


def _dots(axes: "Axes", places: list[tuple[float, float]], each: ET.Element, order: int) -> None:
    filled = each.tag.endswith("circle")
    size = 2 * _number(each, "r") if filled else _number(each, "stroke-width")
    axes.plot(
        *zip(*places, strict=True),
        linestyle="none",
        marker="o",
        markersize=size * _POINTS,
        markeredgewidth=0,
        color=each.get("fill" if filled else "stroke"),
        alpha=_number(each, "fill-opacity" if filled else "stroke-opacity", 1.0),
        zorder=order,
    )


def _path(axes: "Axes", each: ET.Element, order: int) -> None:
    pieces = list(_pieces(each.get("d", "")))
    single = [piece[0] for piece in pieces if len(piece) == 1]
    if single:
        _dots(axes, single, each, order)
    for piece in (it for it in pieces if len(it) > 1):
        across, up = zip(*piece, strict=True)
        if each.get("stroke"):
            axes.plot(across, up, zorder=order, solid_joinstyle="round", **_stroke(each))
        else:
            opacity = _number(each, "fill-opacity", 1.0)
            axes.fill(across, up, color=each.get("fill"), alpha=opacity, linewidth=0, zorder=order)


def _pieces(path: str) -> Iterator[list[tuple[float, float]]]:
    """Yield the points of each line of a path; a dot is one point."""
    for part in path.split("M")[1:]:
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", part.removesuffix("h0"))]
        yield list(zip(numbers[::2], numbers[1::2], strict=True))


def _text(axes: "Axes", each: ET.Element, order: int) -> None:
    axes.text(
        _number(each, "x"),
        _number(each, "y"),
        _shown(each.text or ""),
        horizontalalignment=_ANCHORS[each.get("text-anchor", "start")],
        verticalalignment="baseline",
        fontsize=12 * _POINTS * _TEXT,
        color=_INK,
        alpha=_number(each, "fill-opacity", 1.0),
        zorder=order,
        parse_math=False,  # a name may hold dollars
    )


def _shown(text: str) -> str:
    """Replace what the font has no picture of: matplotlib would warn of each."""
    known = _glyphs()
    return "".join(char if ord(char) in known else "□" for char in text)


@cache
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def _number(each: ET.Element, name: str, usual: float = 0.0) -> float:
    return float(each.get(name, usual))
