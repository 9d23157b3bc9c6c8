"""A name that stands twice in one object is refused: readers differ in which of the two holds."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.schema import acceptance, result, run, stored
from perfci.schema.doubled import doubled
from perfci.schema.packed import unpack
from perfci.schema.pieces import opened
from tests.schema.samples import accepted, evaluation, kept, recording

SMALL = run.dump(recording())
DOCUMENTS: dict[str, tuple[Any, bytes]] = {
    "run": (run.load, SMALL),
    "result": (result.load, result.dump(evaluation())),
    "stored": (stored.load, unpack(stored.dump(kept()), "")),
    "acceptance": (acceptance.load, acceptance.dump(accepted())),
}


def refusal(data: bytes, load: Any = run.load) -> str:
    with pytest.raises(FormatError) as caught:
        load(data, "FILE")
    assert "make it again" in caught.value.hint
    return caught.value.message


def before(name: bytes, other: bytes, data: bytes = SMALL) -> bytes:
    """Return a document with something put before the first field of a name."""
    assert name in data
    return data.replace(name, other + b"," + name, 1)


@pytest.mark.parametrize(
    ("name", "other", "place"),
    [
        (b'"launches":[', b'"launches":[[9.0]]', "measurements[0].launches"),
        (b'"key":', b'"key":"a/b:c"', "measurements[0].key"),
        (b'"benchmark":', b'"benchmark":"other"', "measurements[0].benchmark"),
        (b'"size":"16MB"', b'"size":"1"', "measurements[0].parameters.size"),
        (b'"stage":', b'"stage":"confirm"', "measurements[0].rounds[0].stage"),
        (b'"cores":', b'"cores":1', "environment.cores"),
        (b'"measurements":[', b'"measurements":[]', "measurements"),
        (b'"base":{', b'"base":null', "base"),
        (b'"schema":', b'"schema":"perfci.run/1"', "schema"),
        (b'"seed":', b'"other":{"a":[{"b":1,"b":1}]}', "other.a[0].b"),
        (b'"seed":', b'"other":[1,{"b":1,"b":1}]', "other[1].b"),
    ],
)
def test_a_doubled_name_is_refused_with_its_place(name: bytes, other: bytes, place: str) -> None:
    data = before(name, other)
    assert refusal(data) == f"FILE: {place} stands there twice"
    whole = data.replace(b',"measurements":[{', b', "measurements": [ {')
    assert opened(whole) is None
    assert refusal(whole) == f"FILE: {place} stands there twice"


@pytest.mark.parametrize(
    ("spelled", "beside"),
    [
        (b'"\\u006caunches"', b"0"),
        (b'"launches" \t\r\n', b"0"),
        # as many colons are lost by a doubled name as an escape makes of none
        (b'"launches"', b'"\\u003a"'),
        (b'"launches"', b'"\\u003A"'),
    ],
)
def test_no_spelling_hides_a_doubled_name(spelled: bytes, beside: bytes) -> None:
    data = before(b'"launches":[', b'"beside":' + beside + b"," + spelled + b":[]")
    assert refusal(data) == "FILE: measurements[0].launches stands there twice"


def test_the_first_of_several_doubled_names_is_told() -> None:
    data = before(b'"id":', b'"id":""', before(b'"seed":', b'"seed":8'))
    assert refusal(data) == "FILE: seed stands there twice"


def test_a_doubled_name_is_told_before_any_wrong_field() -> None:
    data = before(b'"warmups":', b'"warmups":1', SMALL.replace(b'"seed":7', b'"seed":"x"'))
    assert refusal(data) == "FILE: measurements[0].warmups stands there twice"


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_other_documents_refuse_doubled_names_at_their_root_and_in_their_objects(kind: str) -> None:
    load, data = DOCUMENTS[kind]
    compact = json.dumps(json.loads(data), separators=(",", ":")).encode()
    load(compact, "FILE")
    root = compact.replace(b"{", b'{"schema":1,', 1)
    assert refusal(root, load) == "FILE: schema stands there twice"
    inside = compact.replace(b'":{', b'":{"twice":1,"twice":1,', 1)
    assert refusal(inside, load).endswith(".twice stands there twice")


@pytest.mark.parametrize(
    "text", ['":', '{"a":1,"a":2}', "a:b::c", "\x1b[1m:", "\u2028:", "\\u003a"]
)
def test_texts_that_look_like_names_are_none(text: str) -> None:
    odd: Any = [[], {}, [1, text, {text: [text]}], None, 1.5, [1.5, {"a": text}]]
    document = {"other": odd} | json.loads(SMALL)
    document["warnings"] = [text]
    document["measurements"][0]["details"] = [text]
    document["measurements"][0]["definition"] = text
    data = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    assert opened(data) is not None
    assert run.load(data, "FILE").run.warnings == (text,)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a":1,"a":2}', "a"),
        ('{"a":{"b":1,"b":{}},"c":{}}', "a.b"),
        ('[[1],{"a":1,"b":1,"a":2}]', "[1].a"),
        ('{"a:b":1,"a:b":2}', "a:b"),
        ('{"a":"x:y","a":"z"}', "a"),
        ('{"a":"z","a":"x:y"}', "a"),
        ('{"":1,"":2}', '""'),
        ('{"a":[1.5,{"b":1,"b":2}]}', "a[1].b"),
        ('{"a":{"b":1},"b":{"a":1},"c":[{"a":"c:"},{"a":":"}]}', ""),
        ('{"a:":[":",1.5,":"],"b":[1.5,":"]}', ""),
        ("[]", ""),
    ],
)
def test_each_doubled_name_is_found_among_few(text: str, place: str) -> None:
    assert doubled(text.encode(), json.loads(text)) == place


def test_a_doubled_name_is_shown_without_what_a_terminal_obeys() -> None:
    message = refusal(before(b'"seed":', b'"\\u001b[1m":1,"\\u001b[1m":2'))
    assert message == 'FILE: "" stands there twice'
    long = b'"' + b"x" * 5000 + b'":1'
    assert len(refusal(before(b'"seed":', long + b"," + long))) < 300
    deep = long.replace(b":1", b":{") * 150 + b'"a":1,"a":2' + b"}" * 150
    assert refusal(before(b'"seed":', deep)).endswith("x.a stands there twice")
    assert len(refusal(before(b'"seed":', deep))) < 400
