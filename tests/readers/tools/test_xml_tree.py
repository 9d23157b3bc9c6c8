"""XML of other programs: lines in messages, and nothing that expands."""

import pytest

from perfci.errors import FormatError
from perfci.readers.source import Source
from perfci.readers.xml_tree import Element, xml_of


def tree(data: bytes) -> Element:
    return xml_of(Source(name="x.xml", data=data))


def test_elements_know_their_attributes_texts_and_lines() -> None:
    root = tree(b'<?xml version="1.0"?>\n<a>\n <b v="1,234">one<c/>two</b>\n</a>')
    inside = root.first("b")
    assert inside is not None
    assert (inside.line, inside.text, inside.number("v")) == (3, "onetwo", 1234.0)
    assert [child.tag for child in inside] == ["c"]
    assert (inside.get("w"), root.first("d")) == ("", None)


@pytest.mark.parametrize(
    "data",
    [
        b'log of <something>\n<?xml version="1.0" encoding="latin-9"?><a/>',
        b"a < b\n  <a/>\nand more <than> that",
        b"\xef\xbb\xbf<a>\x00\x1b[31m \x07</a>",
        "<a/>".encode("utf-16"),
    ],
    ids=["above", "around", "controls", "utf-16"],
)
def test_what_stands_around_a_document_or_was_printed_into_it_is_let_pass(data: bytes) -> None:
    assert tree(data).tag == "a"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "holds no XML"),
        (b"\n\n<a>\n<b></a>", "not valid XML at line 4: mismatched tag"),
        (b"log\n<a>\n", "not valid XML at line 3: no element found"),
        (b"<a>&lol;</a>", "undefined entity"),
        (b'<!DOCTYPE a [<!ENTITY lol "x">]><a>&lol;</a>', "line 1: it has a DOCTYPE"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "http://x">\n<a/>', "line 2: it has a DOCTY"),
        (b"<a>" * 1000, "line 1: <a> is more than 200 levels deep"),
        (b'<a v="1" v="2"/>', "duplicate attribute"),
    ],
)
def test_damage_is_named_by_its_line(data: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        tree(data)
