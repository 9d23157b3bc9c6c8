"""How many objects and lists a document may hold is counted to the last, wherever they stand."""

import pytest

from perfci.errors import FormatError
from perfci.schema.packed import CONTAINERS, DENSITY, unpack


@pytest.mark.parametrize("mark", [b"{", b"[", b"[{"])
@pytest.mark.parametrize("before", [0, 2**16, 10**6])
def test_one_more_than_there_may_be_is_refused(mark: bytes, before: int) -> None:
    size = 2 * CONTAINERS + before
    most = CONTAINERS + size // DENSITY
    marks = (mark * most)[:most]
    fits = (b" " * before + marks).ljust(size)
    assert unpack(fits, "fits") is fits
    with pytest.raises(FormatError, match="more objects and lists than any document"):
        unpack(fits[:-1] + b"{", "many")
