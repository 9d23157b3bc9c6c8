"""A run's text, whose measurements are decoded a few at a time: together they take twice its room.

The text is cut where perfci, which writes it without a blank, has one measurement end and the next
begin. What else looks so would be cut in the wrong place, so nothing is taken on trust: every piece
must be whole values, and the rest, with a number for all pieces, a whole document.
"""

from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json

from perfci.schema.doubled import doubled

_FIRST = b',"measurements":[{"key":'
_NEXT = b'},{"key":'
_BASE = b'}],"base":'
_SIZE = 2**15
"""Bytes of a piece, at least, but for the last: it stays in the processor's cache."""
_HOLE = 7146332917
"""Stands for the pieces of head, the next number for those of base: an integer is spelled in one
way only, so that one that is decoded where it was not in the text before is the one put there."""
_DOUBLED = "a name stands twice in one object"


class Pieces:
    """The values of a JSON list, decoded as they are asked for.

    Args:
        data: with the list in it.
        start: of its first value.
        stop: behind its last.
    """

    __slots__ = ("_data", "start", "stop")

    def __init__(self, data: bytes, start: int, stop: int) -> None:
        self._data = data
        self.start = start
        self.stop = stop

    def __iter__(self) -> Iterator[Any]:
        """Yield the values.

        Raises:
            ValueError: a piece is something else than values, or has a name twice in one object.
        """
        start = self.start
        while start < self.stop:
            cut = self._data.find(_NEXT, start + _SIZE, self.stop) + 1 or self.stop
            # nested deeper than in any document, for there is a limit; and a piece that closes its
            # list, to open another, does not leave one list in each
            text = b"[[[[%b]]]]" % self._data[start:cut]
            [[[values]]] = from_json(text, allow_inf_nan=False)
            if doubled(text, values):
                raise ValueError(_DOUBLED)
            yield from values
            start = cut + 1


def opened(data: bytes) -> dict[str, Any] | None:
    """Return a run or a stored run with `Pieces` for its measurements; None if it has no such.

    Raises:
        ValueError: what is around the pieces is not JSON, or has a name twice in one object.
    """
    holes = dict(enumerate(_pieces(data), start=_HOLE))
    if not holes:
        return None
    rest, at = b"", 0
    for number, pieces in holes.items():
        rest += b"%b%d" % (data[at : pieces.start], number)
        at = pieces.stop
    rest += data[at:]
    if any(rest.count(b"%d" % number) > 1 for number in holes):
        return None
    root = from_json(rest, allow_inf_nan=False)
    if doubled(rest, root):
        raise ValueError(_DOUBLED)
    run = root.get("run", root) if type(root) is dict else None
    for side in (run, run.get("base") if type(run) is dict else None):
        if type(side) is dict:
            match side.get("measurements"):
                case [int(number)] if number in holes:
                    side["measurements"] = holes.pop(number)
    return None if holes else root


def _pieces(data: bytes) -> list[Pieces]:
    """Return where head's measurements may be, and behind them base's."""
    middle = data.rfind(_BASE) + 1
    found = []
    for begin, stop in ((0, middle), (middle, data.rfind(b"}]") + 1)):
        start = data.find(_FIRST, begin, stop)
        if start >= 0:
            found.append(Pieces(data, data.index(b"{", start), stop))
    return found
