"""Commands: every execution is a fresh process, base and head in turn."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from perfci.model.benchmark import Benchmark, Command
from perfci.model.measurement import Side
from perfci.ports import LaunchOrder, LaunchReport, Places
from perfci.runners.coins import coins
from perfci.runners.executables import find, why_not_found
from perfci.runners.failures import Subject, failure
from perfci.runners.samples import Sample, metrics, net
from perfci.runners.spawning import Ended, Spawner, Start
from perfci.runners.two_sides import Territory, refuse_shared_modules, refuse_shared_programs
from perfci.runners.variables import variables

if TYPE_CHECKING:
    from perfci.model.identity import BenchmarkId

_PAIRS = 10
"""Executions a side in one launch of a short command."""
_ENOUGH = 0.1
"""Seconds of executions a side that make a launch; statistics.md E5b 11."""
_NOTER = Path(__file__).with_name("imports_seen.py")


class CommandRunner:
    """Measures commands.

    Wall and CPU time, the wait for a processor, and peak memory are read from every execution.

    Args:
        places: where the sides lie; commands start in their roots.
        environ: perfci's own variables.
        scratch: folder for the output of programs and the like; its owner removes it.
    """

    def __init__(self, places: Places, environ: Mapping[str, str], scratch: Path) -> None:
        self._places = places
        self._environ = environ
        self._scratch = scratch
        self._output = scratch / "command-output"
        self._spawner = Spawner()
        self._pairs: dict[BenchmarkId, int] = {}

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Run the command once or more on each side; see `Runner.prepare`."""
        slowest = 0.0
        for side in sides:
            subject = Subject(benchmark=benchmark, side=side, paired=len(sides) > 1)
            territory = Territory.of(self._places, side) if subject.paired else None
            environ = variables(self._environ, seed=0)
            if territory:
                work = _command(benchmark)
                refuse_shared_programs(work, territory, environ, str(benchmark.id))
                environ = self._noting(environ)
            runs = [self._execute(subject, environ) for _ in range(max(1, benchmark.warmup))]
            slowest = max(slowest, runs[-1].wall)
            if territory:
                refuse_shared_modules(self._noted(), territory, str(benchmark.id))
        self._pairs[benchmark.id] = min(_PAIRS, int(_ENOUGH / slowest) + 1)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Execute the command some times on each side in turn; see `Runner.launch`."""
        pairs = self._pairs[order.benchmark.id]
        environ = variables(self._environ, order.seed)
        paired = len(order.sides) > 1
        subjects = [
            Subject(benchmark=order.benchmark, side=side, paired=paired) for side in order.sides
        ]
        ended: dict[Side, list[Ended]] = {side: [] for side in order.sides}
        sleep(order.benchmark.cooldown)
        for base_first in coins(order.seed, pairs):
            for subject in subjects if base_first else reversed(subjects):
                ended[subject.side].append(self._execute(subject, environ))
        return LaunchReport(
            launches={
                side: metrics(
                    order,
                    list(map(_sample, all_)),
                    [it.peak for it in all_],
                    floor=max(it.floor for it in all_),
                )
                for side, all_ in ended.items()
            }
        )

    def close(self) -> None:
        """End whatever still runs; safe to call twice."""
        self._spawner.close()

    def _execute(self, subject: Subject, environ: Mapping[str, str]) -> Ended:
        root = self._places.roots[subject.side]
        argv = _command(subject.benchmark).argv
        program = find(argv[0], root, environ)
        if program is None:
            reason, hint = why_not_found(argv[0], root, environ)
            raise subject.error("cannot be started", after=f": {reason}", hint=hint, absent=True)
        ended = self._spawner.run(
            Start(
                executable=program,
                argv=argv,
                cwd=root,
                environ=environ,
                output=self._output,
                timeout=subject.benchmark.timeout,
                tree=any(it.name == "memory_usage" for it in subject.benchmark.metrics),
            )
        )
        error = failure(ended, subject, self._output)
        if error:
            raise error
        return ended

    def _noting(self, environ: dict[str, str]) -> dict[str, str]:
        """Make Python programs note what they import; see `imports_seen`."""
        folder = self._scratch / "imports"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(_NOTER, folder / "sitecustomize.py")
        (folder / "seen").write_bytes(b"")
        path = ":".join(filter(None, (str(folder), environ.get("PYTHONPATH"))))
        return environ | {"PYTHONPATH": path, "PERFCI_IMPORTS": str(folder / "seen")}

    def _noted(self) -> Iterator[tuple[str, str]]:
        folder = self._scratch / "imports"
        lines = (folder / "seen").read_text(errors="surrogateescape").split("\n")
        # every program imports the same: look at each file once
        for line in sorted(set(lines)):
            name, _, file = line.partition("\t")
            if file and Path(file).parent != folder:
                yield name, file


def _command(benchmark: Benchmark) -> Command:
    assert isinstance(benchmark.work, Command)  # noqa: S101 - wiring names the runner by the work
    return benchmark.work


def _sample(ended: Ended) -> Sample:
    waited = ended.delay
    return Sample(
        wall=ended.wall,
        cpu=ended.cpu,
        net=None if waited is None else net(ended.wall, ended.cpu, waited),
        delay=waited,
        whole=ended.whole,
    )
