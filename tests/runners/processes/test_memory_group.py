"""The kernel's own account of memory, where this machine lets one be made."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfci.runners.processes import memory_group
from perfci.runners.processes.memory_group import MemoryGroup
from perfci.runners.processes.spawning import Ended, Spawner, Start
from tests.runners.stage import ENVIRON

SIXTY = 60 * 2**20
Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    spawner = Spawner()

    def python(code: str, *, memory: bool) -> Ended:
        return spawner.run(
            Start(
                executable=sys.executable,
                argv=(sys.executable, "-S", "-c", code),
                cwd=tmp_path,
                environ=ENVIRON,
                output=tmp_path / "output",
                timeout=60,
                tree=True,
                memory=memory,
            )
        )

    yield python
    spawner.close()


@pytest.fixture
def _accounts() -> None:
    """Skip where no accounting group can be made."""
    for home in memory_group._homes():
        for parent in (Path(home), Path(home).parent):
            group = parent / f"probe-{os.getpid()}"
            try:
                group.mkdir()
            except OSError:
                continue
            counts = any((group / peak).exists() for peak, _ in memory_group._PEAKS)
            group.rmdir()
            if counts:
                return
    pytest.skip("no cgroup with a memory controller can be made here")


@pytest.mark.usefixtures("_accounts")
def test_memory_that_no_process_has_mapped_counts_where_the_kernel_is_asked(run: Run) -> None:
    code = (
        "import os\nhandle = os.memfd_create('held')\n"
        "for _ in range(60): os.write(handle, b'x' * 2**20)"
    )

    assert run(code, memory=False).peak < SIXTY
    assert run(code, memory=True).peak >= SIXTY


@pytest.mark.usefixtures("_accounts")
def test_files_that_stay_in_the_cache_are_no_memory_of_the_program(run: Run) -> None:
    code = "with open('big', 'wb') as file:\n for _ in range(60): file.write(b'x' * 2**20)"

    assert run(code, memory=True).peak < SIXTY


@pytest.mark.usefixtures("_accounts")
def test_every_execution_has_a_group_that_is_gone_afterwards(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        run("print(open('/proc/self/cgroup').read())", memory=True)
        paths = [line.split(":")[-1] for line in (tmp_path / "output").read_text().split()]
        groups = [path for path in paths if "/perfci-" in path]
        roots = [Path(home) for home in memory_group._homes()]
        folders = [parent for root in roots for parent in (root, root.parent)]

        assert groups
        assert not [
            folder / Path(group).name
            for group in groups
            for folder in folders
            if (folder / Path(group).name).exists()
        ]


def test_a_folder_that_is_no_group_is_left_alone(tmp_path: Path) -> None:
    assert MemoryGroup._entered(str(tmp_path), str(tmp_path / "group")) is None
    assert MemoryGroup._entered("/no/such", "/no/such/group") is None
    assert not list(tmp_path.iterdir())
