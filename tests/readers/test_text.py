"""The text of a file is parted into lines the same way, however long it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.readers.source import Source
from perfci.readers.text import blocks, decoded, lines, number, parts

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


STAMP = "2026-11-26T10:00:00.1234567Z "
PIECES = [
    "a",
    "\n",
    "\r",
    "\r\n",
    "\x1b[31m",
    "\x1b",
    "\x1b]0;a\nb\x07",
    "\ufeff",
    "\x00",
    "é",
    "\u2028",
]
PIECES += [STAMP, f"\n{STAMP}", "a" * 960, "a\n" * (BLOCK // 2)]


@pytest.mark.parametrize("text", ["1_5", "٣", "1,23", "0x10", ""])
def test_what_only_a_language_would_take_is_no_number(text: str) -> None:
    assert (number("1,234.5"), number("1\u202f234"), number(" -1.5e+3 ")) == (1234.5, 1234, -1500)
    with pytest.raises(ValueError, match=r"number|float"):
        number(text)


@given(st.lists(st.sampled_from(PIECES)), st.sampled_from(["utf-8", "utf-16", "latin-1"]))
def test_the_parts_of_a_file_are_all_of_its_text(pieces: list[str], encoding: str) -> None:
    data = "".join(pieces).encode(encoding, "replace")
    assert "\n".join(parts(Source(name="x", data=data))) == decoded(data)
