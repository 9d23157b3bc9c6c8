"""Benchmarks with an `image` run in containers of their own, beside perfci and beside its image.

`.ci/container` builds perfci's image, names it in PERFCI_TEST_IMAGE and runs this. The image that
has no Python is made from it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Clock, Launch, Side
from perfci.model.work import Command
from perfci.ports import LaunchReport, Places
from perfci.runners.callables.runner import FunctionRunner
from perfci.runners.commands.runner import CommandRunner
from perfci.runners.container.owner import LABEL, owner
from perfci.runners.container.siblings import Siblings
from tests.runners import stage

pytestmark = pytest.mark.container

# a shell, two programs, and what they are linked with
_TINY = "tar -chf - /bin/sh /bin/sleep /usr/bin/env /lib/*/libc.so.6 /lib*/ld-*so*"
_LOOP = "i=0; while [ $i -lt {} ]; do i=$((i+1)); done\n"
_SETTINGS = """\
benchmarks:
  - name: loop
    run: sh work.sh
    image: {image}
"""


def docker(*arguments: str, check: bool = True) -> str:
    done = subprocess.run(["docker", *arguments], check=check, capture_output=True, text=True)
    return done.stdout.strip() + done.stderr.strip()


def ours() -> list[str]:
    return docker("ps", "--all", "--quiet", "--filter", f"label={LABEL}").split()


@pytest.fixture(scope="module")
def image() -> str:
    name = os.environ.get("PERFCI_TEST_IMAGE")
    if not name:
        # an image takes minutes to build: .ci/run does it once, for all tests of it
        pytest.skip("PERFCI_TEST_IMAGE names no image to test; .ci/container builds one")
    return name


@pytest.fixture(scope="module")
def bare(image: str) -> Iterator[str]:
    """An image without Python."""
    name = f"perfci-bare:{os.getpid()}"
    packing = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "/bin/sh", image]
    with subprocess.Popen([*packing, "-c", _TINY], stdout=subprocess.PIPE) as packed:
        subprocess.run(
            ["docker", "import", "-", name], stdin=packed.stdout, check=True, capture_output=True
        )
    yield name
    docker("image", "rm", "--force", name)


@pytest.fixture
def environ() -> dict[str, str]:
    named = {name: os.environ[name] for name in ("DOCKER_HOST",) if name in os.environ}
    return {**stage.ENVIRON, **named, "CI": "true", "TOKEN": "secret"}


class Bench:
    """Runners over one folder."""

    def __init__(self, places: Places, environ: dict[str, str], folder: Path) -> None:
        self.places = places
        self.siblings = Siblings(places, environ, pytest.fail)
        scratch = stage.scratch_of(folder)
        self.commands = CommandRunner(places, environ, scratch, self.siblings)
        self.functions = FunctionRunner(places, environ, scratch, None, self.siblings)

    def run(self, benchmark: Benchmark) -> LaunchReport:
        self.commands.prepare(benchmark, stage.ALONE)
        return self.commands.launch(stage.order(benchmark))

    def close(self) -> None:
        self.commands.close()
        self.functions.close()
        self.siblings.close()


@pytest.fixture
def bench(tmp_path: Path, environ: dict[str, str]) -> Iterator[Bench]:
    bench = Bench(stage.alone(tmp_path / "root"), environ, tmp_path)
    yield bench
    bench.close()
    assert ours() == []


def in_image(image: str, text: str, *metrics: str) -> Benchmark:
    return replace(stage.bench(stage.shell(text), *metrics), image=image)


def value(launch: Launch, clock: Clock) -> float:
    return median(launch.clocks[clock])


def test_a_command_is_measured_where_there_is_no_python(bench: Bench, bare: str) -> None:
    report = bench.run(in_image(bare, f"sleep 0.2; {_LOOP.format(100_000)}", "latency"))

    latency = report.launches[Side.HEAD]["latency"]
    cpu = value(report.launches[Side.HEAD]["cpu_time"], Clock.CPU)
    assert 0.01 < cpu < 5
    assert 0.2 + cpu / 2 < value(latency, Clock.WALL) < 20
    assert 0.2 < value(latency, Clock.NET) <= value(latency, Clock.WALL)


def test_memory_is_that_of_the_program(bench: Bench, image: str) -> None:
    text = "python3 -c 'held = bytes(range(200)) * 300_000'"

    report = bench.run(in_image(image, text, "memory_usage"))

    assert 60e6 < value(report.launches[Side.HEAD]["memory_usage"], Clock.VALUE) < 110e6


def test_programs_see_the_tree_and_their_image_and_no_secret(bench: Bench, bare: str) -> None:
    root = bench.places.roots[Side.HEAD]
    (root / "here").mkdir()
    text = (
        'test "$PWD" = "$HERE/here" && test -z "$TOKEN$DOCKER_HOST$LD_LIBRARY_PATH"'
        ' && test "$CI" = true && test -n "$HOME" && echo kept > ../written'
    )
    benchmark = replace(in_image(bare, text), cwd="here", env=(("HERE", str(root)),))

    bench.run(benchmark)

    assert (root / "written").read_text() == "kept\n"


def test_what_a_program_prints_is_told_where_it_fails(bench: Bench, bare: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        bench.run(in_image(bare, "echo no such codec; exit 3"))

    assert "exited with 3" in caught.value.message
    assert caught.value.output == "no such codec"


def test_a_program_that_is_not_in_the_image(bench: Bench, bare: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        bench.run(replace(stage.bench(Command(argv=("node", "x.js"))), image=bare))

    assert "node in the image" in caught.value.message


def test_a_program_that_hangs_is_ended(bench: Bench, bare: str) -> None:
    with pytest.raises(MeasurementError, match=r"did not end within 0\.5 s"):
        bench.run(stage.patient(in_image(bare, "sleep 600 & sleep 601"), 0.5))

    (left,) = ours()
    assert "sleep" not in docker("top", left, "-eo", "pid,args")


def test_a_container_that_is_killed_is_told_and_replaced(bench: Bench, bare: str) -> None:
    benchmark = in_image(bare, "true")
    bench.run(benchmark)
    docker("kill", *ours())

    with pytest.raises(MeasurementError) as caught:
        bench.commands.launch(stage.order(benchmark))

    assert f"the container of {bare}" in caught.value.message
    assert bench.run(benchmark).launches


def test_an_image_without_python_has_none_for_callables(bench: Bench, bare: str) -> None:
    benchmark = replace(stage.bench(stage.function("bench.py:work")), image=bare)

    with pytest.raises(MeasurementError) as caught:
        bench.functions.prepare(benchmark, stage.ALONE)

    assert "has no Python" in caught.value.message
    assert "interpreter" in caught.value.hint


def test_a_callable_is_run_by_the_python_of_the_image(
    tmp_path: Path, environ: dict[str, str], image: str
) -> None:
    places = stage.side_by_side(tmp_path)
    for steps, root in zip((20_000, 40_000), places.roots.values(), strict=True):
        # head's file of the benchmark, and each side's own library
        (root / "library.py").write_text(f"def work():\n    return sum(range({steps}))\n")
    (places.definitions / "bench.py").write_text("from library import work\n")
    bench = Bench(places, environ, tmp_path)
    benchmark = replace(
        stage.bench(stage.function("bench.py:work"), "latency", "memory_usage"), image=image
    )
    try:
        bench.functions.prepare(benchmark, stage.BOTH)
        report = bench.functions.launch(stage.order(benchmark, stage.BOTH))
        pairs = [report.launches[side] for side in stage.BOTH]
        base, head = (value(each["latency"], Clock.CPU) for each in pairs)
        assert 1.7 < head / base < 2.3
        assert all(value(each["memory_usage"], Clock.VALUE) > 4e6 for each in pairs)
        assert len(ours()) == 2
    finally:
        bench.close()
    assert ours() == []


@pytest.fixture
def engine_socket() -> Path:
    scheme, _, path = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").partition("://")
    if scheme != "unix":
        # what is tested is the socket that is mounted: there is none on another machine
        pytest.skip("DOCKER_HOST names an engine that need not see this machine's files")
    return Path(path)


@pytest.fixture
def repository(tmp_path: Path, bare: str) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    settings = ["-c", "user.name=toy", "-c", "user.email=toy@example.org"]
    git = ["git", "-C", str(root), *settings]
    subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], check=True)
    (root / "perfci.yml").write_text(_SETTINGS.format(image=bare))
    for steps in (20_000, 40_000):
        (root / "work.sh").write_text(_LOOP.format(steps))
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "--quiet", "--message", "change"], check=True)
    return root


def perfci(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "perfci", "run", *arguments]


def test_beside_perfci_a_slowdown_is_found(
    repository: Path, environ: dict[str, str], engine_socket: Path
) -> None:
    done = subprocess.run(
        perfci("--base", "HEAD~1", "--mode", "paired"),
        cwd=repository,
        env={**environ, "PYTHONPATH": str(Path.cwd())},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "regressed" in done.stdout
    assert "copying" not in done.stderr
    assert ours() == []


@pytest.mark.parametrize("user", ["0:0", "12345:12345"])
def test_beside_the_image_of_perfci_a_slowdown_is_found(
    repository: Path, image: str, user: str, engine_socket: Path
) -> None:
    place = ["run", "--rm", "--network", "none", "-v", f"{repository}:{repository}"]
    docker(*place, "--entrypoint", "/bin/chown", image, "-R", user, str(repository))
    done = subprocess.run(
        [
            *("docker", *place, "-w", str(repository), "-u", user, "-e", "HOME=/tmp"),
            *("--group-add", str(engine_socket.stat().st_gid)),
            *("-v", f"{engine_socket}:/var/run/docker.sock", image),
            *("run", "--base", "HEAD~1", "--mode", "paired"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    docker(*place, "--entrypoint", "/bin/chown", image, "-R", str(os.getuid()), str(repository))

    assert done.returncode == 1, done.stdout + done.stderr
    assert "regressed" in done.stdout
    # its worktrees are in its own /tmp, which no other container sees
    assert "copying each side into its containers" in done.stderr
    assert ours() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_ended_perfci_leaves_no_container(
    repository: Path, environ: dict[str, str], number: signal.Signals
) -> None:
    (repository / "work.sh").write_text("sleep 600\n")
    run = subprocess.Popen(
        perfci(),
        cwd=repository,
        env={**environ, "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: any("sleep 600" in docker("top", each, check=False) for each in ours()))
        run.send_signal(number)
        run.wait()
        _until(lambda: not ours())
    finally:
        run.kill()
        run.wait()


def test_what_a_killed_run_left_is_removed_by_the_next(bench: Bench, bare: str) -> None:
    with subprocess.Popen(["sleep", "600"]) as process:
        alive = owner(process.pid)
        process.kill()
    others = [f"{LABEL}={label}" for label in (alive, owner())]
    gone, kept = (docker("create", "--label", each, bare, "sleep", "600") for each in others)
    try:
        bench.run(in_image(bare, "true"))

        assert gone[:12] not in ours()
        assert kept[:12] in ours()
    finally:
        docker("rm", "--force", gone, kept, check=False)


def _until(condition: object) -> None:
    assert callable(condition)
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it did not come to that within 30 s")
