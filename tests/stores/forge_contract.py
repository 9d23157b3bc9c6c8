"""What the stores promise that cannot replace by compare-and-swap."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from perfci.ports import Store
from tests.stores.contract import WORKERS, StoreContract

_RUNS = "v1/app/branches/main/runs/"


class ForgeContract(StoreContract):
    """The contract, but for the counter: rivals lose no run, and the index is made from those."""

    @pytest.fixture
    def compete(self) -> Callable[[], None]:
        return lambda: None

    def test_eight_rivals_lose_no_increment(
        self, store: Store, compete: Callable[[], None]
    ) -> None:
        names = [f"{_RUNS}{number:04}.json.gz" for number in range(40)]

        def write(part: int) -> bool:
            mine = names[part::WORKERS]
            return all(store.put(name, name.encode(), replaces=None) for name in mine)

        with ThreadPoolExecutor(WORKERS) as pool:
            assert all(pool.map(write, range(WORKERS)))
        assert store.list(_RUNS) == tuple(names)
