"""benchmark.js beyond what its files show: damage, failures, and ways to write it."""

import json

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

TEXT = (FIXTURES / "benchmark_js/text.txt").read_bytes()
SUITE = json.loads((FIXTURES / "benchmark_js/suite.json").read_bytes())
KEY = "default/RegExp#test:throughput"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + TEXT,
        TEXT.replace("±".encode(), b"+-"),
        TEXT.replace("±".encode(), b"\xb1"),
        TEXT.replace(b"26,979,186", b"\x1b[1m26,979,186\x1b[0m"),
        b"npm run bench\n\n" + TEXT + b"done in 3 s\n",
    ],
    ids=["CRLF", "BOM", "ASCII", "Latin-1", "colours", "logs around"],
)
def test_text_is_read_whatever_a_terminal_made_of_it(data: bytes) -> None:
    assert told(read(data, "benchmark-js"))["series"][KEY][-1] == 26979200.0


def test_a_damaged_line_is_named() -> None:
    with pytest.raises(FormatError, match="line 2: '26,97x' is no number"):
        read(b"log\nRegExp#test x 26,97x ops/sec\n", "benchmark-js")


@pytest.mark.parametrize(
    "document",
    [SUITE, [SUITE["0"]], {"results": [SUITE["0"]]}],
    ids=["suite", "list", "results"],
)
def test_samples_are_found_however_a_script_wrapped_them(document: object) -> None:
    series = told(read(json.dumps(document).encode(), "benchmark-js-json"))["series"]
    assert series["default/RegExp#test:latency"] == ["s", "lower", 1, 5, 3.80253e-08]


@pytest.mark.parametrize(
    ("thrown", "reason"),
    [
        ({"error": {"message": "out of memory"}, "hz": 0}, "out of memory"),
        ({"error": {}, "mean": 0}, "it threw an error or was aborted"),
        ({"aborted": True, "mean": 0}, "it threw an error or was aborted"),
    ],
)
def test_one_that_threw_is_a_failed_benchmark(thrown: dict[str, object], reason: str) -> None:
    data = json.dumps([{"name": "a", **thrown}]).encode()
    assert told(read(data, "benchmark-js-json"))["failed"] == {"default/a": reason}


@pytest.mark.parametrize(("count", "iterations"), [(7, 7), (1, 1), (None, 1), (3.0, 3)])
def test_executions_inside_one_sample_are_kept(count: object, iterations: int) -> None:
    data = json.dumps([{"name": "a", "count": count, "stats": {"sample": [1, 2]}}]).encode()
    (series,) = read(data, "benchmark-js-json").run.measurements
    assert series.iterations == iterations


def test_a_benchmark_without_statistics_is_damage() -> None:
    with pytest.raises(FormatError, match=r"results\[0\]\.mean is missing"):
        read(b'{"results": [{"name": "a", "hz": 5}]}', "benchmark-js-json")
    with pytest.raises(FormatError, match="holds no benchmarks"):
        read(b'{"results": []}', "benchmark-js-json")
