"""hyperfine's JSON, also as other programs write it again."""

import json

from perfci.readers.formats import detect
from perfci.readers.source import Source
from tests.readers.tools.reading import FIXTURES


def test_a_file_of_one_line_is_recognised() -> None:
    document = json.loads((FIXTURES / "hyperfine/json.json").read_text())
    source = Source(name="x", data=json.dumps(document, separators=(",", ":")).encode())
    assert detect(source).name == "hyperfine"
