"""Which files are in which format, and what is said of the others."""

import gzip
from dataclasses import replace

import pytest

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.readers.formats import FORMATS, detect
from perfci.readers.look import look
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.schema import result, run, stored
from tests.schema.samples import evaluation, kept, recording

RUN = run.dump(recording())


def read(data: bytes, name: str = "odd.dat") -> Recording | Reading:
    """Read a file in whatever format it is."""
    source = Source(name=name, data=data).unpacked()
    return detect(source).parse([source])


@pytest.mark.parametrize(
    "data",
    [RUN, gzip.compress(RUN, mtime=0), stored.dump(kept()), b"\n  " + RUN],
    ids=["plain", "gzip", "stored", "indented"],
)
def test_a_run_is_read_however_it_is_wrapped(data: bytes) -> None:
    assert read(data, "run.json") == recording()


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"", "it is empty"),
        (b"  \n", "it is empty"),
        (b'{"anything": 1}', "JSON of some other program"),
        (b"[]", "JSON of some other program"),
        (b'<?xml version="1.0"?><a/>', "XML"),
        (b"\x89PNG\0\0\0\x01", "a binary file"),
        (b"hello", "plain text"),
    ],
)
def test_another_file_is_told_by_its_looks(data: bytes, looks: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(data)
    assert caught.value.message.startswith("odd.dat is in no format that perfci reads")
    assert looks in caught.value.message
    assert "perfci formats" in caught.value.hint


def test_a_result_in_place_of_a_run_points_at_the_run() -> None:
    with pytest.raises(FormatError) as caught:
        read(result.dump(evaluation()), "result.json")
    assert "run.json" in caught.value.hint


def test_a_damaged_run_is_told_as_damaged_not_as_foreign() -> None:
    with pytest.raises(FormatError, match="not valid JSON at line 1"):
        read(RUN[:-10], "run.json")


def test_a_file_that_could_be_in_two_formats_is_in_none() -> None:
    one = FORMATS["hyperfine-csv"]
    both = {name: replace(one, name=name, marks=("^a", "b$")) for name in ("first", "second")}
    with pytest.raises(FormatError, match="more than one format: first or second") as caught:
        detect(Source(name="x", data=b"a b"), both)
    assert "--format first" in caught.value.hint
    assert detect(Source(name="x", data=b"a b"), {"first": both["first"]}) is both["first"]


def test_several_runs_of_perfci_are_not_read_as_one() -> None:
    source = Source(name="run.json", data=RUN)
    with pytest.raises(FormatError, match="several runs of perfci"):
        FORMATS["perfci"].parse([source, source])


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_no_to_what_is_not_its_own(name: str) -> None:
    known = FORMATS[name]
    assert known.name == name
    assert known.describes
    assert len(known.marks) > 1
    for data in ("", "{}", '{"benchmarks": "perfci.run/1"}', "hello\nworld"):
        assert not known.fits(data)


def test_what_a_format_is_recognised_by_holds_no_pages_of_blanks() -> None:
    seen = look(Source(name="x", data=b"a" + b" " * 60_000 + b"\n \n\n\t\nb\n"))
    assert seen.startswith("a ")
    assert seen.endswith(" \nb\n")
    assert len(seen) < 100
