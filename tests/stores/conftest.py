"""The stores that tests of crowds, pipelines and copies share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.stores.places import Place, place
from tests.stores.s3.real_servers import seaweedfs

SetUp = Callable[[str], Place]


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a real S3 server; skip where there is none."""
    with seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as url:
        yield url


@pytest.fixture
def set_up(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SetUp]:
    """Set up stores of any kinds, by name, and take them down in the end."""
    with ExitStack() as stack:

        def server() -> str:
            url: str = request.getfixturevalue("seaweed")
            return url

        def run(kind: str) -> Place:
            return stack.enter_context(place(kind, tmp_path / kind, server))

        yield run
