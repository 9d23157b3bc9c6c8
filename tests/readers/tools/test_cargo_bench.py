"""cargo bench: what fails, what is damaged, and units of other harnesses."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told

FINE = "test fine ... bench:       1,234 ns/iter (+/- 5) = 8 MB/s\n"


def test_colours_and_line_ends_of_windows_change_nothing() -> None:
    text = FINE.replace("fine", "\x1b[32mfine\x1b[0m").replace("\n", "\r\n")
    found = told(read(text.encode("utf-8-sig"), "cargo-bench"))
    assert found["series"] == {"default/fine:latency": ["s", "lower", 1, 1, 1.234e-6]}


def test_a_result_below_what_the_benchmark_printed_is_its_own() -> None:
    text = "test loud ... hello\nbench:   7 us/iter (+/- 1)\n"
    assert told(read(text.encode(), "cargo-bench"))["series"]["default/loud:latency"][4] == 7e-6


@pytest.mark.parametrize(
    ("as_", "text", "reason"),
    [
        ("cargo-bench", "test x ... FAILED\n", "it failed"),
        ("cargo-bench", "test x ... bench:  NaN ns/iter (+/- 1)\n", "its latency has the value"),
        ("cargo-bench", "test x ... ", "the output ends before its result"),
        (
            "cargo-bench-json",
            '{"type":"test","event":"started","name":"x"}\n{"type":"ben',
            "the output ends before its result",
        ),
        ("cargo-bench-json", '{"type":"test","event":"timeout","name":"x"}\n', "timeout"),
    ],
)
def test_what_has_no_result_has_failed(as_: str, text: str, reason: str) -> None:
    failed = told(read(text.encode(), as_))["failed"]
    assert failed["default/x"].startswith(reason)


@pytest.mark.parametrize(
    ("as_", "text", "message"),
    [
        (
            "cargo-bench",
            "\ntest x ... bench:  1,2,3 ns/iter (+/- 1)\n",
            "line 2: '1,2,3' is no num",
        ),
        ("cargo-bench", "running 0 tests\n", "holds no benchmarks"),
        ("cargo-bench-json", '{"type":"bench","name":"x"}\n', "line 1: median is missing"),
        ("cargo-bench-json", '{"type":"suite"}\n', "holds no benchmarks"),
    ],
)
def test_a_damaged_file_names_the_place(as_: str, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(text.encode(), as_)


def test_ignored_benchmarks_are_told() -> None:
    text = FINE + "test off ... ignored\n"
    assert (
        "1 of the benchmarks and tests were ignored"
        in read(text.encode(), "cargo-bench").run.warnings
    )
