"""Where a benchmark is defined."""

from dataclasses import replace

import pytest

from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.work import Command, Function, Work
from perfci.reports.definitions import Place, definitions_of
from tests.reports.builders import LATENCY

CODE = """\
import os

def helper(): ...

class Codec:
    def encode(self): ...

async def fetch(size): ...

alias = fetch
"""
FILES = {"perfci.yml": "benchmarks:\n", "sub/perfci.yml": "", "bench/codec.py": CODE}


def benchmark(work: Work, source: str = "perfci.yml, line 12") -> Benchmark:
    found = BenchmarkId(suite="s", name="b")
    return Benchmark(id=found, work=work, metrics=(LATENCY,), timeout=1, warmup=0, source=source)


def place(item: Benchmark, *, config: str = "perfci.yml", folder: str = "") -> Place | None:
    return definitions_of([item], config=config, folder=folder, read=FILES.get).of(item.id)


@pytest.mark.parametrize(
    ("name", "line"),
    [("helper", 3), ("Codec.encode", 6), ("fetch", 8), ("alias", 10), ("made_later", 1), (".*", 1)],
)
def test_a_callable_is_defined_in_its_own_file(name: str, line: int) -> None:
    found = place(benchmark(Function(target=f"bench/codec.py:{name}")))
    assert found == Place(path="bench/codec.py", line=line)


def test_a_path_is_the_repositorys_whatever_the_projects_folder() -> None:
    target = Function(target="../bench/./codec.py:fetch")
    assert place(benchmark(target), folder="sub") == Place(path="bench/codec.py", line=8)


@pytest.mark.parametrize(
    "target", ["gone.py:f", "/bench/codec.py:f", "../bench/codec.py:f", "pkg.mod:f"]
)
def test_what_is_not_in_the_repository_is_defined_by_its_entry(target: str) -> None:
    assert place(benchmark(Function(target=target))) == Place(path="perfci.yml", line=12)


def test_a_command_is_defined_by_its_entry() -> None:
    command = benchmark(Command(argv=("true",)))
    assert place(command) == Place(path="perfci.yml", line=12)
    assert place(command, config="sub/perfci.yml") == Place(path="sub/perfci.yml", line=12)


@pytest.mark.parametrize("source", ["INPUT_RUN", "", "--set", "other.yml, line 3", "x, line 9"])
def test_what_no_line_of_the_settings_says_has_no_place(source: str) -> None:
    assert place(benchmark(Command(argv=("true",)), source)) is None


def test_settings_that_head_does_not_have_are_no_place() -> None:
    command = benchmark(Command(argv=("true",)))
    assert place(command, config="") is None
    assert place(replace(command, source="new.yml, line 1"), config="new.yml") is None
