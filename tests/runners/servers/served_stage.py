"""What the tests of served work share: sides with a server in them, and runners over them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark, Service
from perfci.model.measurement import Side
from perfci.model.work import Http
from perfci.ports import LaunchReport, Places
from perfci.runners.http.client import HttpClient
from perfci.runners.servers.asking import Client
from perfci.runners.servers.runner import ServedRunner
from perfci.wiring.process import SystemClock
from tests.runners.stage import ALONE, ENVIRON, alone, bench, scratch_of
from tests.runners.stage import side_by_side as two_sides

PROGRAM = Path(__file__).with_name("origin.py")
URL = "http://127.0.0.1:{port}/"
# what a service writes here tells which processes there were
ORIGIN = Service(
    argv=("/bin/sh", "-c", "echo $$ >> pids; exec python3 -S origin.py {port}"), shell=True
)
HTTP = HttpClient(SystemClock())
Make = Callable[..., ServedRunner]


@contextmanager
def runners(folder: Path) -> Iterator[Make]:
    """Make runners, and close them twice."""
    made: list[ServedRunner] = []

    def runner(places: Places, client: Client = HTTP, **environ: str) -> ServedRunner:
        made.append(ServedRunner(places, ENVIRON | environ, scratch_of(folder), client))
        return made[-1]

    yield runner
    for each in made:
        each.close()
        each.close()


def failing(runner: ServedRunner, benchmark: Benchmark, *sides: Side) -> MeasurementError:
    """Return the error that preparing a benchmark ends in."""
    with pytest.raises(MeasurementError) as caught:
        runner.prepare(benchmark, sides or ALONE)
    return caught.value


def side_by_side(folder: Path) -> Places:
    places = two_sides(folder)
    for root in places.roots.values():
        shutil.copyfile(PROGRAM, root / "origin.py")
    return places


def by_itself(folder: Path) -> Places:
    places = alone(folder)
    shutil.copyfile(PROGRAM, folder / "origin.py")
    return places


def http(
    path: str = "",
    *metrics: str,
    service: Service | None = ORIGIN,
    url: str = URL,
    **options: object,
) -> Benchmark:
    work = Http(url=url + path, duration=0.2, timeout=5.0)
    return replace(bench(replace(work, **options), *metrics), service=service)  # type: ignore[arg-type]


def pids(places: Places) -> list[int]:
    files = [root / "pids" for root in places.roots.values()]
    return [int(line) for file in files if file.exists() for line in file.read_text().split()]


def value(report: LaunchReport, side: Side, metric: str) -> float:
    (values,) = report.launches[side][metric].clocks.values()
    return values[0]
