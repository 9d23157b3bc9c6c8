"""One project on a store that can be spoilt."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.stores.refused.site import Site, site

SetUp = Callable[[str], Site]


@pytest.fixture
def set_up(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SetUp]:
    """Set up a project on a store of a kind, and take it down in the end."""
    with ExitStack() as stack:

        def server() -> str:
            url: str = request.getfixturevalue("seaweed")
            return url

        yield lambda kind: stack.enter_context(site(kind, tmp_path / "site", server))
