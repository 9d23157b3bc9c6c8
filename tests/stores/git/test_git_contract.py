"""The git store keeps the contract of every store."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stores.contract import INCREMENTS, WORKERS, StoreContract, increment
from tests.stores.git.conftest import Open


class TestGitStore(StoreContract):
    @pytest.fixture
    def compete(self, another: Open) -> Callable[[], None]:
        def start() -> None:
            with ThreadPoolExecutor(WORKERS) as pool:
                rivals = [pool.submit(increment, another(), INCREMENTS) for _ in range(WORKERS)]
            assert [rival.result() for rival in rivals] == [None] * WORKERS

        return start

    test_eight_rivals_lose_no_increment = pytest.mark.slow(
        StoreContract.test_eight_rivals_lose_no_increment
    )


def test_three_rivals_lose_no_increment(another: Open) -> None:
    with ThreadPoolExecutor(3) as pool:
        for rival in [pool.submit(increment, another(), 4) for _ in range(3)]:
            rival.result()

    blob = another().get("v1/app/branches/main/history.json")

    assert blob is not None
    assert blob.data == b"12"
