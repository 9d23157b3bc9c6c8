"""Runners of served work, for every test here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runners.servers.served_stage import Make, runners


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with runners(tmp_path) as make:
        yield make
