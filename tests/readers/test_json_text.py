"""A file has one document of results, whatever else was printed into it."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.readers.json_text import json_of
from perfci.readers.source import Source

ONE: Any = {"results": [{"times": [1.0]}]}
OTHER: Any = {"results": [{"times": [2.0]}], "more": 1}
LOG = '{"level": "info", "results": 0}'


def read(text: str, *names: str) -> Any:
    return json_of(Source(name="x.json", data=text.encode()), *names).value


@pytest.mark.parametrize("between", ["", "\n", "\n[INFO] again\n", f"\n{LOG}\n"])
@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (ONE, OTHER, ("results",)),
        ([{"a": 1}], [{"a": 2}], ()),
        ({"a": 1, "b": "x"}, {"a": 2, "b": "y"}, ()),
        ({"parse": {"latency": {}}}, {"join": {"latency": {}}}, ()),
    ],
)
def test_a_second_document_is_refused_with_its_line(
    one: Any, other: Any, names: tuple[str, ...], between: str
) -> None:
    before = json.dumps(one, indent=1) + between
    line = before.count("\n") + 1
    with pytest.raises(FormatError, match=rf"x\.json, line {line}: here a second document"):
        read(f"{before}{json.dumps(other)}\n", *names)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("log", [LOG, "[INFO] done", "{", "[1, 2]", "[]"])
@pytest.mark.parametrize("one", [ONE, [{"a": 1}], {"parse": {"latency": {}}}, {"a": [{"a": 1}]}])
def test_a_log_around_a_document_is_let_pass(one: Any, log: str, indent: int | None) -> None:
    names = ("results",) if one is ONE else ()
    text = json.dumps(one, indent=indent)
    assert read(f"{text}\n{log}\n", *names) == one
    assert read(f"# begin\n{text}\n{log}\n{log}\n", *names) == one
