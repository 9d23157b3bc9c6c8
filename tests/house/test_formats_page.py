"""The page on formats lists what is read, and what it says of each is so."""

import re
from pathlib import Path

from perfci.readers.formats import FORMATS

PAGE = (Path(__file__).parents[2] / "docs/formats.md").read_text()


def test_every_format_has_its_row_with_what_its_files_can_prove() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| .* \| (\w+) \| .+ \|$", PAGE, re.MULTILINE)
    listed = [(name, proves) for name, proves in rows if name in FORMATS]
    assert dict(listed) == {name: item.proves for name, item in FORMATS.items()}
    assert [name for name, _ in listed] == sorted(FORMATS)
