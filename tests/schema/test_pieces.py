"""A run is decoded in pieces, and what comes of it is what its whole text says, or a refusal."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.identity import BenchmarkId
from perfci.model.run import Recording
from perfci.schema import run, stored
from perfci.schema.packed import unpack
from perfci.schema.pieces import Pieces, opened
from tests.schema.samples import kept, launch, measured, recording

SERIES = 300
HOLE = 7146332917


def large() -> Recording:
    """Return a recording of which each side takes several pieces."""
    one = measured(launch(1), launch(2))
    ids = (BenchmarkId(suite="codec", name=f'}},{{"key":{place}') for place in range(SERIES))
    side = replace(one, measurements=tuple(replace(one.measurements[0], id=id_) for id_ in ids))
    return replace(recording(side), base_run=side)


LARGE = run.dump(large())


def refusal(data: bytes) -> str:
    with pytest.raises(FormatError) as caught:
        run.load(data, "run.json")
    return caught.value.message


def blanked(data: bytes) -> bytes:
    """Return the same document, as nobody cuts it."""
    whole = json.dumps(json.loads(data)).encode()
    assert opened(whole) is None
    return whole


def changed(old: bytes, new: bytes, data: bytes = LARGE, *, last: bool = False) -> bytes:
    assert old in data
    return new.join(data.rsplit(old, 1)) if last else data.replace(old, new, 1)


def test_what_is_cut_is_what_the_whole_says() -> None:
    assert run.load(LARGE, "run.json") == run.load(blanked(LARGE), "run.json") == large()


def test_both_sides_of_what_perfci_writes_are_cut() -> None:
    for data in (LARGE, unpack(stored.dump(kept()), "")):
        root = opened(data)
        assert root is not None
        head = root.get("run", root)
        for side in (head, head["base"]):
            assert type(side["measurements"]) is Pieces
        told = json.loads(data)
        told = told.get("run", told)
        assert [*head["measurements"]] == told["measurements"]
        assert [*head["base"]["measurements"]] == told["base"]["measurements"]


def test_the_place_of_a_damaged_field_is_told_from_the_start() -> None:
    first = changed(b'"unit":"s"', b'"unit":5')
    assert refusal(first) == "run.json: measurements[0].unit is not a text"
    last = changed(b'"unit":"s"', b'"unit":5', last=True)
    assert refusal(last) == f"run.json: base.measurements[{SERIES - 1}].unit is not a text"


def test_text_that_is_no_json_is_told_before_a_damaged_field() -> None:
    wrong = changed(b'"unit":"s"', b'"unit":5')
    data = changed(b'"warmups":0', b'"warmups":oops', wrong, last=True)
    assert refusal(data).startswith("run.json is not valid JSON at line 1, column ")


@pytest.mark.parametrize("between", [b"],[", b"]],[[", b"]]],[[[", b"]]]],[[[[", b",,", b"", b" "])
def test_pieces_that_are_not_values_are_no_run(between: bytes) -> None:
    assert "is not valid JSON" in refusal(changed(b'},{"key":', b"}" + between + b'{"key":'))


def ending(more: bytes, data: bytes = LARGE) -> bytes:
    """Return a document with more at the end of its root."""
    return data.removesuffix(b"}\n") + b"," + more + b"}\n"


@pytest.mark.parametrize("name", [b'"measurements"', b'"\\u006deasurements"'])
def test_two_lists_of_one_name_are_refused_and_both_are_read(name: bytes) -> None:
    empty = ending(name + b":[]")
    assert refusal(empty) == "run.json: measurements stands there twice"
    broken = changed(b'"warmups":0', b'"warmups":oops', empty)
    assert "is not valid JSON" in refusal(broken)


@pytest.mark.parametrize("spelled", ["%d", "%d.0", "7.146332917e9", '"%d"'])
def test_a_number_like_the_one_for_the_pieces_is_not_taken_for_them(spelled: str) -> None:
    number = spelled.replace("%d", str(HOLE)).encode()
    later = ending(b'"measurements":[' + number + b"]")
    assert refusal(later) == "run.json: measurements stands there twice"
    beside = changed(b'"seed":7,', b'"seed":7,"other":[' + number + b"],")
    assert run.load(beside, "run.json") == large()


def test_a_piece_is_nested_no_deeper_than_its_document_may_be() -> None:
    small = run.dump(recording())
    refused = []
    for depth in range(180, 210):
        deep = b'"other":' + b"[" * depth + b"]" * depth + b',"warmups":0'
        cut = changed(b'"warmups":0', deep, small)
        whole = cut.replace(b',"measurements":[{', b', "measurements": [ {')
        assert (opened(cut) is None, opened(whole) is None) == (False, True)
        for data in (cut, whole):
            with suppress(FormatError):
                run.load(data, "run.json")
                continue
            refused.append(depth)
    assert refused
    assert refused == [depth for depth in range(refused[0], 210) for _ in range(2)]


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_in_json_is_none_in_a_piece(value: bytes) -> None:
    beside = b'"other":' + value + b',"warmups":0'
    assert "is not valid JSON" in refusal(changed(b'"warmups":0', beside, last=True))


def test_two_of_one_series_in_two_pieces_are_refused() -> None:
    document: Any = json.loads(LARGE)
    document["measurements"][-1] = document["measurements"][0]
    data = json.dumps(document, separators=(",", ":")).encode()
    assert opened(data) is not None
    message = refusal(data)
    assert f"measurements[{SERIES - 1}] is of " in message
    assert message.endswith("and so is measurements[0]")
