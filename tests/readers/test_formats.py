"""Which files are perfci's, and what the others look like."""

import gzip

import pytest

from perfci.errors import FormatError
from perfci.readers.formats import FORMATS, detect, read
from perfci.schema import result, run, stored
from tests.schema.samples import evaluation, kept, recording

RUN = run.dump(recording())


@pytest.mark.parametrize(
    "data",
    [RUN, gzip.compress(RUN, mtime=0), stored.dump(kept()), b"\n  " + RUN],
    ids=["plain", "gzip", "stored", "indented"],
)
def test_a_run_is_read_however_it_is_wrapped(data: bytes) -> None:
    assert detect(data, "run.json").name == "perfci"
    assert read(data, "run.json") == recording()


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\x1f\x8bnonsense", "gzip that does not unpack"),
        (b'{"machine_info": {}, "benchmarks": []}', "pytest-benchmark"),
        (b'{"context": {}, "benchmarks": []}', "Google Benchmark"),
        (b'{"results": [{"command": "true"}]}', "hyperfine"),
        (b'{"anything": 1}', "JSON of some other program"),
        (b"[]", "JSON of some other program"),
        (b'<?xml version="1.0"?><a/>', "XML"),
        (b"goos: linux\nBenchmarkX-8 100 12 ns/op", "go test -bench"),
        (b"BenchmarkX-8   100   12 ns/op", "go test -bench"),
        (b"\x89PNG\0\0\0\x01", "a binary file"),
        (b"hello", "plain text"),
    ],
)
def test_another_file_is_named_by_its_looks(data: bytes, looks: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(data, "odd.dat")
    assert caught.value.message.startswith("odd.dat is in no format that perfci reads")
    assert looks in caught.value.message
    assert "perfci" in caught.value.hint


def test_a_result_in_place_of_a_run_points_at_the_run() -> None:
    with pytest.raises(FormatError, match="holds no raw values") as caught:
        detect(result.dump(evaluation()), "result.json")
    assert "run.json" in caught.value.hint


def test_a_damaged_run_is_told_as_damaged_not_as_foreign() -> None:
    with pytest.raises(FormatError, match="not valid JSON at line 1"):
        read(RUN[:-10], "run.json")


def test_every_format_says_no_to_what_is_not_its_own() -> None:
    for known in FORMATS:
        assert not known.sniff(b"")
        assert not known.sniff(b'{"benchmarks": "perfci.run/1"}')
        assert known.describes
