"""The formats of result files that perfci reads, and which of them a file is in."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.schema import run, stored
from perfci.schema.packed import beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: its name, a sniffer that says "not mine" rather than guess, and its reader."""

    name: str
    describes: str
    """For `perfci formats`: what writes such files."""
    sniff: Callable[[bytes], bool]
    """Takes the file's first 4 KiB, unpacked."""
    parse: Callable[[bytes, str], Recording]
    """Takes the whole file, plain or gzip, and its name; raises FormatError."""


def _schema(data: bytes) -> bytes:
    """Return the name of perfci's document that the file is, or nothing."""
    found = re.search(rb'"schema"\s*:\s*"(perfci\.[a-z]+)/', data)
    return found[1] if found and data.lstrip().startswith(b"{") else b""


def _is_perfci(data: bytes) -> bool:
    return _schema(data) in {b"perfci.run", b"perfci.stored"}


def _parse_perfci(data: bytes, source: str) -> Recording:
    if _schema(beginning(data)) == b"perfci.stored":
        return stored.load(data, source).recording
    return run.load(data, source)


FORMATS = (
    Format(
        name="perfci",
        describes="run.json of perfci itself, also as stored: runs/*.json.gz",
        sniff=_is_perfci,
        parse=_parse_perfci,
    ),
)
"""Every format, in the order in which they are tried."""

_OTHERS = (
    (rb'^\{.*"schema"\s*:\s*"perfci\.result/', "perfci's result.json, which holds no raw values"),
    (rb'^\{.*"schema"\s*:\s*"perfci\.', "another of perfci's documents"),
    (rb'^\{.*"machine_info"\s*:', "pytest-benchmark's JSON"),
    (rb'^\{.*"context"\s*:.*"benchmarks"\s*:', "Google Benchmark's JSON"),
    (rb'^\{.*"results"\s*:.*"command"\s*:', "hyperfine's JSON"),
    (rb"^[\[{]", "JSON of some other program"),
    (rb"^<", "XML or HTML"),
    (rb"^(goos|goarch|pkg|cpu): |^Benchmark\S+\s+\d+\s", "output of `go test -bench`"),
    (rb"^\x00|\x00.*\x00", "a binary file"),
)


def detect(data: bytes, source: str) -> Format:
    """Return the format of a file.

    Args:
        data: the file, plain or gzip.
        source: its name, for messages.

    Raises:
        FormatError: none of ours; says what it looks like.
    """
    head = beginning(data)
    for known in FORMATS:
        if known.sniff(head):
            return known
    names = ", ".join(known.name for known in FORMATS)
    hint = f"This perfci reads: {names}."
    if _schema(head) == b"perfci.result":
        hint = "Give the run.json that lies beside it."
    raise FormatError(f"{source} is in no format that perfci reads: it {_looks(head)}", hint=hint)


def read(data: bytes, source: str) -> Recording:
    """Return what a result file of any known format holds.

    Raises:
        FormatError: unknown, damaged, or of a newer perfci.
    """
    return detect(data, source).parse(data, source)


def _looks(head: bytes) -> str:
    if not head.strip():
        return "is empty, or gzip that does not unpack"
    for pattern, what in _OTHERS:
        if re.search(pattern, head.lstrip(), re.DOTALL):
            return f"looks like {what}"
    return "looks like plain text"
