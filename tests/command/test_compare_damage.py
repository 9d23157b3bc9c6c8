"""Files that something happened to: what can be read is read, the rest is told with its place."""

import gzip
import os
from pathlib import Path

import pytest

from tests.command.conftest import Answer
from tests.command.given import hyperfine, hyperfine_csv, one_after_another, peaked

GOOD = hyperfine(parse=(1.0, 1.1, 1.2))
TABLE = hyperfine_csv(parse=1.5)


def compared(folder: Path, *data: bytes) -> list[Answer]:
    """Compare each of some files with itself."""
    names = []
    for number, each in enumerate(data):
        (folder / f"{number}.dat").write_bytes(each)
        names.append(f"{number}.dat")
    return one_after_another(folder, *(["compare", name, name] for name in names))


def test_what_surrounds_results_is_let_pass(tmp_path: Path) -> None:
    answers = compared(
        tmp_path,
        f"$ make bench\n{GOOD}\ndone in 3 s\n".encode(),
        b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("parse", "\x1b[32mparse\x1b[0m").encode(),
        TABLE.encode("utf-16"),
        hyperfine_csv(parse="1,234.5").encode(),
        gzip.compress(GOOD.encode()),
    )
    for answer in answers:
        assert answer.code == 0, answer
        assert "default/parse " in answer.out
    assert "1234 -> 1234 s" in answers[5].out


def test_damage_is_told_with_its_place_and_ends_in_2(tmp_path: Path) -> None:
    cases = {
        GOOD[:-30].encode(): "0.dat is not valid JSON: EOF while parsing a value at line 12",
        GOOD.replace("1.1", '"x"').encode(): "results[0].times[1] is the text 'x', not a number",
        hyperfine_csv(parse="soon").encode(): "2.dat, line 2: 'soon' is no number",
        GOOD.replace("1.1", "[" * 100_000).encode(): "recursion limit exceeded at line 7",
        gzip.compress(GOOD.encode())[:-9]: "gzip data ends too early",
        b"": "it is empty",
        b'{"results": [\n{"command": "x"}]}': "something of hyperfine",
        b"\x89PNG\0\0\0\x01": "it looks like a binary file",
    }
    answers = compared(tmp_path, *cases)
    for answer, words in zip(answers, cases.values(), strict=True):
        assert answer.code == 2, answer
        assert words in answer.err
        assert "Traceback" not in answer.err
        assert "next:" in answer.err


def test_a_value_that_is_no_number_fails_its_benchmark_and_a_name_may_come_twice(
    tmp_path: Path,
) -> None:
    row = TABLE.splitlines()[1]
    texts = (GOOD.replace("1.1", "NaN"), GOOD.replace("1.1", "Infinity"), f"{TABLE}{row}\n")
    *failed, twice = compared(tmp_path, *(each.encode() for each in texts))
    for answer in failed:
        assert answer.code == 2
        assert "default/parse" in answer.out
        assert "failed" in answer.out
    assert twice.code == 0
    assert "default/parse #2" in twice.out
    assert "come more than once" in twice.out


def test_what_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "large.json").open("wb") as file:
        file.write(b'{"results": [')
        file.truncate(500 << 20)
    bomb = gzip.compress(b'{"results": [' + b" " * (100 << 20))
    (tmp_path / "bomb.gz").write_bytes(bomb)
    (tmp_path / "good.json").write_text(GOOD)
    (large, packed), peak = peaked(
        tmp_path, ["compare", "large.json", "good.json"], ["compare", "bomb.gz", "good.json"]
    )
    assert large.code == packed.code == 2
    assert "large.json is larger than 256 MiB" in large.err
    assert "unpacks to more than 100 times its size" in packed.err
    assert peak < 200_000


@pytest.mark.parametrize("verb", ["compare", "ingest"])
def test_what_is_no_file_is_told(verb: str, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(GOOD)
    second = ["good.json"] if verb == "compare" else []
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(GOOD.encode())
    with os.fdopen(reader, "rb") as piped:
        gone, device, long, read = one_after_another(
            tmp_path,
            [verb, "gone.json", *second],
            [verb, "/dev/null", *second],
            [verb, "x" * 5000, *second],
            [verb, "/dev/stdin", *second],
            stdin=piped,
        )
    assert gone.code == device.code == long.code == 2
    assert "gone.json cannot be read: No such file or directory" in gone.err
    assert "it is empty" in device.err
    assert "File name too long" in long.err
    assert read.code == 0
    assert "default/parse" in read.out
