"""What a name that is none may have been meant to be."""

import difflib
from collections.abc import Iterable

_MOST = 2000
"""Names that are looked at: each is compared letter by letter."""


def nearest(text: str, names: Iterable[str], *, alike: float = 0.4) -> str:
    """Return the name that is most like one that is none: `; did you mean codec/parse?`.

    Args:
        text: what is no name.
        names: what there is.
        alike: how much of the two has to be the same, 0 to 1.
    """
    close = difflib.get_close_matches(text, sorted(names)[:_MOST], n=1, cutoff=alike)
    return f"; did you mean {close[0]}?" if close else ""
