"""The event's file: whatever the variable names, the answer comes at once and fits in memory."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.platforms.detect import detect
from perfci.platforms.event_file import read_event

JOB = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": "a" * 40}


def told(path: Path | str) -> str:
    """Return what is said of an event that cannot be read; the job goes on without it."""
    found = detect({**JOB, "GITHUB_EVENT_PATH": str(path)}, read_event)
    assert found.context.commit == "a" * 40
    (problem,) = found.problems
    assert len(problem) < 600
    return problem


def test_an_object_is_read(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text('{"number": 12}')
    assert read_event(str(tmp_path / "event.json")) == {"number": 12}


def pipe(place: Path) -> None:
    os.mkfifo(place)


def sparse(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(1 << 30)


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "absent": (lambda _: None, "No such file"),
    "folder": (Path.mkdir, "Is a directory"),
    "pipe": (pipe, "no regular file"),
    "endless": (lambda it: it.symlink_to("/dev/zero"), "no regular file"),
    "nothing": (lambda it: it.symlink_to("/dev/null"), "no regular file"),
    "gigabyte": (sparse, "larger than 32 MB"),
    "empty": (Path.touch, "EOF while parsing a value at line 1"),
    "no text": (lambda it: it.write_bytes(b"\xff\xfe{"), "expected value at line 1 column 1"),
    "no object": (lambda it: it.write_text("[]"), "no JSON object"),
    "deep": (lambda it: it.write_text("[" * 200_000), "recursion"),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_event_is_told_and_no_harm(tmp_path: Path, kind: str) -> None:
    make, why = ODD[kind]
    make(tmp_path / "event.json")
    assert why in told(tmp_path / "event.json")


def test_a_path_of_any_length_is_shown_short() -> None:
    assert "File name too long" in told("x" * 60_000)
