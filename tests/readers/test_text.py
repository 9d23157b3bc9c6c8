"""The text of a file is parted into lines the same way, however long it is."""

import pytest

from perfci.readers.source import Source
from perfci.readers.text import blocks, lines

BLOCK = 1 << 16
"""Characters after which a block ends with its line."""


@pytest.mark.parametrize("length", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])
@pytest.mark.parametrize("rest", ["", "\n", "\n\n", "\nb", "\nb\n", "\n\u2028\x85\x1c\n\nb"])
def test_only_line_feeds_end_lines_also_between_blocks(length: int, rest: str) -> None:
    text = "a" * length + rest
    found = list(lines(Source(name="x", data=text.encode())))
    assert found == list(enumerate(text.split("\n"), start=1))


def test_blocks_are_whole_lines_and_no_longer_than_they_need_to_be() -> None:
    text = "".join(f"line {at}\n" for at in range(20_000))
    found = list(blocks(text))
    assert "\n".join(found) == text
    assert len(found) == len(text) // BLOCK + 1
    assert {block.rpartition("\n")[2][:5] for block in found[:-1]} == {"line "}
