"""Fewer points for a picture, without hiding an extreme."""

from collections.abc import Iterable, Sequence

Places = Sequence[tuple[float, float]]


def thinned(places: Places, *, width: float) -> list[tuple[float, float]]:
    """Keep of each column of a picture the first, the lowest, the highest and the last point.

    A line through what is kept covers the same pixels as one through all.

    Args:
        places: horizontal and vertical, from left to right.
        width: of a column.
    """
    if len(places) <= 2:
        return list(places)
    kept: list[tuple[float, float]] = []
    for column in _columns(places, width):
        if len(column) <= 4:
            kept += column
            continue
        inside = range(len(column))
        chosen = {
            0,
            min(inside, key=lambda at: column[at][1]),
            max(inside, key=lambda at: column[at][1]),
            len(column) - 1,
        }
        kept += [column[at] for at in sorted(chosen)]
    return kept


def envelope(lines: Iterable[Places], *, width: float) -> list[tuple[float, float, float]]:
    """Return the lowest and the highest point of many lines in each column that has one.

    Returns:
        The middle of the column, the lowest and the highest place, from left to right.
    """
    found: dict[int, tuple[float, float]] = {}
    for places in lines:
        for across, up in places:
            column = int(across // width)
            low, high = found.get(column, (up, up))
            found[column] = (min(low, up), max(high, up))
    return [((at + 0.5) * width, *found[at]) for at in sorted(found)]


def _columns(places: Places, width: float) -> Iterable[list[tuple[float, float]]]:
    column: list[tuple[float, float]] = []
    at = None
    for place in places:
        here = int(place[0] // width)
        if here != at and column:
            yield column
            column = []
        at = here
        column.append(place)
    yield column
