"""No file, however damaged, brings a reader to anything but its own error or a sound answer."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfci.readers.formats import FORMATS
from tests.readers.fuzzing import one, read, seeds

CHANCES = st.integers(0, 2**32)
CALM = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def check(chance: int) -> None:
    item, sources = one(Random(chance))
    read(item, *sources)


@settings(CALM, max_examples=1_000)
@given(CHANCES)
def test_a_damaged_file_is_refused_or_read_soundly(chance: int) -> None:
    check(chance)


@pytest.mark.slow
@settings(CALM, max_examples=20_000)
@given(CHANCES)
def test_many_damaged_files_are_refused_or_read_soundly(chance: int) -> None:
    check(chance)


def test_every_reader_says_no_to_nothing_and_to_noise() -> None:
    (source, _), *_ = seeds()
    for item in FORMATS.values():
        for data in (
            b"",
            b"[]",
            b"{}",
            b"null",
            b"\0\xff",
            b"x",
            b"<a/>",
            b"1,2\n3,4",
            b"[" * 9999,
        ):
            assert read(item, type(source)(name="x", data=data)) is None
