"""Shards that lie in files: named, globbed or below a folder; a spoilt one is a missing shard."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from perfci.__main__ import main
from perfci.model.run import Recording
from perfci.schema import run as document
from tests.command.sharded import NAMES, enter, shard


@pytest.fixture(scope="module")
def three() -> tuple[Recording, ...]:
    return tuple(shard(index) for index in (1, 2, 3))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, three: tuple[Recording, ...]) -> Path:
    """Go to where three artifacts were downloaded to."""
    for number, recording in enumerate(three, 1):
        folder = tmp_path / f"shards/perfci-shard-{number}"
        folder.mkdir(parents=True)
        (folder / "run.json").write_bytes(document.dump(recording))
    return enter(tmp_path, monkeypatch)


@pytest.fixture
def second(here: Path) -> Path:
    return here / "shards/perfci-shard-2/run.json"


def result(folder: Path) -> Any:
    return json.loads((folder / "perfci-results/result.json").read_text())


@pytest.mark.parametrize(
    "names",
    [
        ["shards"],
        ["shards/"],
        ["."],
        ["shards/*/run.json"],
        ["shards/perfci-shard-?"],
        ["shards/**/*.json"],
        ["shards/perfci-shard-1", "shards/perfci-shard-[23]/run.json"],
    ],
)
def test_folders_and_globs_stand_for_the_files_in_them(here: Path, names: list[str]) -> None:
    assert main(["gate", *names]) == 1
    summary = result(here)["summary"]
    assert (summary["total"], summary["failed"]) == (len(NAMES), 0)


def test_a_file_whose_name_looks_like_a_glob_is_that_file(here: Path, second: Path) -> None:
    second.rename(here / "[2].json")
    assert main(["gate", "shards", "[2].json"]) == 1
    assert result(here)["summary"]["failed"] == 0


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("results", "results cannot be read: No such file or directory"),
        ("results/*/run.json", "no file matches results/*/run.json"),
        ("empty", "there is no run.json in empty, or below it"),
    ],
)
def test_where_there_is_nothing_the_next_step_is_told(
    here: Path, name: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "empty").mkdir()
    assert main(["gate", name]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "next: " in told


def of_newer_perfci(whole: bytes) -> bytes:
    return whole.replace(b"perfci.run/1", b"perfci.run/99")


def of_another_kind(whole: bytes) -> bytes:
    return whole.replace(b"perfci.run/1", b"perfci.result/1")


def with_forged_shard(whole: bytes) -> bytes:
    return whole.replace(b'"count":3', b'"count":0')


SPOILT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "half": (lambda whole: whole[: len(whole) // 2], "is not valid JSON"),
    "empty": (lambda _: b"", "is empty"),
    "text": (lambda _: b"::error::@everyone\n" * 9, "looks like plain text"),
    "list": (lambda _: b"[]", "looks like JSON of some other program"),
    "nested": (lambda _: b'{"schema":"perfci.run/1","a":' + b"[" * 90_000, "run.json"),
    "newer": (of_newer_perfci, "newer"),
    "result": (of_another_kind, "result.json, which holds no raw values"),
    "forged": (with_forged_shard, "shard.count is less than 1"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_file_that_cannot_be_read_is_a_missing_shard_and_the_rest_is_told(
    here: Path,
    second: Path,
    three: tuple[Recording, ...],
    how: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil, why = SPOILT[how]
    second.write_bytes(spoil(second.read_bytes()))
    assert main(["gate", "shards"]) == 2
    told = capsys.readouterr().err
    assert "perfci-shard-2/run.json" in told
    assert why in told
    findings = result(here)["findings"]
    failed = [it for it in findings if it["outcome"] == "failed"]
    assert {it["benchmark"] for it in failed} == {it.id.name for it in three[1].run.measurements}
    assert "shard 2 of 3 is missing, and shards/perfci-shard-2/run.json cannot be read" in (
        failed[0]["reason"].replace("Shard", "shard")
    )
    assert len(findings) == len(NAMES)


@pytest.mark.slow
def test_one_that_is_too_large_is_a_missing_shard(
    here: Path, second: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with second.open("r+b") as file:
        file.truncate(257 << 20)
    assert main(["gate", "shards"]) == 2
    assert "run.json is larger than 256 MiB" in capsys.readouterr().err
    assert result(here)["summary"]["total"] == len(NAMES)


def test_a_spoilt_copy_of_what_is_there_is_told_and_changes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "shards/copy").mkdir()
    (here / "shards/copy/run.json").write_bytes(b"{")
    assert main(["gate", "shards"]) == 1
    assert "shards/copy/run.json is in no format" in capsys.readouterr().err
    assert result(here)["summary"]["failed"] == 0


def test_where_no_file_can_be_read_the_first_says_why(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in here.glob("shards/*/run.json"):
        file.write_bytes(b"")
    assert main(["gate", "shards"]) == 2
    assert "none of the 3 files given can be read; of the first: " in capsys.readouterr().err
    assert not (here / "perfci-results/result.json").exists()


def test_beside_whole_runs_a_spoilt_file_is_refused(
    here: Path, second: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.loads(second.read_text())
    del whole["shard"]
    (here / "whole.json").write_text(json.dumps(whole))
    (here / "torn.json").write_bytes(b"{")
    assert main(["gate", "whole.json", "torn.json"]) == 2
    assert "torn.json is in no format" in capsys.readouterr().err
    assert not (here / "perfci-results/result.json").exists()


def test_many_missing_shards_are_one_sentence(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "few").mkdir()
    (here / "few/run.json").write_bytes(document.dump(shard(9, 20, names=("a", "b", "c"))))
    assert main(["gate", "few"]) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if " missing" in line]
    assert len(told) == 2
    assert all(line.count("of 20 are missing: their jobs failed") == 1 for line in told)
    assert told[1].endswith("they had no benchmarks")
