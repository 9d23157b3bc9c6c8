"""Every store keeps the contract."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from perfci.ports import Store
from perfci.stores.open import open_store
from tests.stores.contract import INCREMENTS, WORKERS, StoreContract, increment
from tests.stores.memory import MemoryStore

ROOT = Path(__file__).parents[2]

RIVAL = """
import sys
from pathlib import Path
from perfci.stores.open import open_store
from tests.stores.contract import increment
sys.stdin.readline()
increment(open_store("file:kept", Path(sys.argv[1])), int(sys.argv[2]))
"""


class TestFileStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return open_store("file:kept", tmp_path)

    @pytest.fixture
    def compete(self, tmp_path: Path) -> Callable[[], None]:
        def start() -> None:
            argv = [sys.executable, "-c", RIVAL, str(tmp_path), str(INCREMENTS)]
            rivals = [
                subprocess.Popen(argv, stdin=subprocess.PIPE, cwd=ROOT) for _ in range(WORKERS)
            ]
            for rival in rivals:  # all have started before the first may begin
                assert rival.stdin is not None
                rival.stdin.close()
            assert [rival.wait(120) for rival in rivals] == [0] * WORKERS

        return start


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()

    @pytest.fixture
    def compete(self, store: Store) -> Callable[[], None]:
        def start() -> None:
            with ThreadPoolExecutor(WORKERS) as pool:
                for done in [pool.submit(increment, store, INCREMENTS) for _ in range(WORKERS)]:
                    done.result()

        return start
