"""In JSON of our own, each name stands once in its object, and a text is no name."""

import json

import pytest

from perfci.errors import FormatError
from perfci.readers.json_text import unambiguous_json_of
from perfci.readers.source import Source


def source(text: str) -> Source:
    return Source(name="a.json", data=text.encode())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a":1,"a":1}', "a"),
        ('{"a" : 1, "a"\t\r\n: 2}', "a"),
        ('{"a":1,"\\u0061":2}', "a"),
        *((f'{{"a":1,"a"{blank}:2}}', "a") for blank in " \t\r\n"),
        ('{"a":[1,{"b":[[{"c":1,"d":2,"c":3}]]}]}', "a[1].b[0][0].c"),
        ('{"a":[{"b":1},2,{"b":1,"b":{"c":1}}]}', "a[2].b"),
        ('{"a":"\\":","b":{"":1,"":2}}', 'b.""'),
    ],
)
def test_a_name_that_stands_twice_is_refused(text: str, place: str) -> None:
    with pytest.raises(FormatError) as caught:
        unambiguous_json_of(source(text))
    assert caught.value.message == f"a.json: {place} stands there twice"


@pytest.mark.parametrize(
    "value",
    [
        {"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 1}]},
        {'a":': '":', ":": '": "a": ', '"': "a"},
        [[], {}, [{"a": []}]],
    ],
)
def test_a_name_in_another_object_or_in_a_text_is_none_of_these(value: object) -> None:
    assert unambiguous_json_of(source(json.dumps(value))).value == value
