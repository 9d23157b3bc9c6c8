"""Records interleaved launches of nine workloads whose true slowdown is known.

    python -m benchmarks.noise.collect [--rounds N] [--minutes M] [--load N] [--output FILE]

Every launch is measured by perfci's own runners: fresh processes of base and head, their samples
in turn. In each round every workload has one launch a slowdown (0, 2, 5, 10, 25 %), in a fresh
random order. Ctrl-C ends the recording early; what was measured is kept.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.noise.load import background_load
from benchmarks.noise.recorded import RECORDING, write
from benchmarks.noise.sides import COMMAND, PERCENT, WORKLOADS, benchmark, make_sides
from perfci.errors import MeasurementError
from perfci.measure.ledger import Ledger
from perfci.measure.schedule import seed_of
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side, Stage
from perfci.ports import LaunchOrder, Runner
from perfci.runners.callables.runner import FunctionRunner
from perfci.runners.commands.runner import CommandRunner

BOTH = (Side.BASE, Side.HEAD)


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, and write the file; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.noise.collect",
        description=(__doc__ or "").partition("\n")[0],
    )
    parser.add_argument("--rounds", type=int, default=60, help="launches of each [60]")
    parser.add_argument("--minutes", type=float, default=20.0, help="most that it takes [20]")
    parser.add_argument("--load", type=int, default=0, help="busy processes beside it [0]")
    parser.add_argument("--seed", type=int, default=1, help="of all chance [1]")
    parser.add_argument("--only", nargs="+", choices=WORKLOADS, default=WORKLOADS)
    parser.add_argument("--output", type=Path, default=RECORDING, help=f"[{RECORDING}]")
    options = parser.parse_args(arguments)
    session = Session(
        benchmarks=[benchmark(name, percent) for name in options.only for percent in PERCENT],
        seed=options.seed,
        until=time.monotonic() + options.minutes * 60,
    )
    started_at = datetime.now(UTC)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="noise-") as folder,
            background_load(options.load, options.seed),
            _runners(Path(folder)) as runners,
        ):
            session.record(runners, options.rounds)
    except KeyboardInterrupt:
        print("interrupted: what was measured is kept", flush=True)
    if not session.ledger.count:
        print("nothing was measured, nothing is written", file=sys.stderr)
        return 1
    size = write(options.output, session.ledger, options.seed, started_at, session.seconds)
    print(f"{session.ledger.count} launches in {options.output} ({size / 1000:.0f} kB)")
    return 0


@contextmanager
def _runners(folder: Path) -> Iterator[dict[bool, Runner]]:
    """Open perfci's runners: of the command (True), and of callables (False)."""
    places, scratch, environ = make_sides(folder), folder / "scratch", dict(os.environ)
    scratch.mkdir()
    with (
        closing(CommandRunner(places, environ, scratch)) as command,
        closing(FunctionRunner(places, environ, scratch, sys.executable)) as function,
    ):
        yield {True: command, False: function}


@dataclass(slots=True, kw_only=True)
class Session:
    """One recording while it grows."""

    benchmarks: list[Benchmark]
    seed: int
    until: float
    """On the monotonic clock: no launch begins later."""
    ledger: Ledger = field(init=False)
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Open an empty ledger."""
        self.ledger = Ledger(
            benchmarks=self.benchmarks, sensitivity=lambda _: 0.05, past=lambda _: ()
        )

    @property
    def seconds(self) -> float:
        """Return how long the recording has taken so far."""
        return time.monotonic() - self.started

    def record(self, runners: dict[bool, Runner], rounds: int) -> None:
        """Measure round by round; a benchmark that fails is told and left out from then on."""
        for item in self.benchmarks:
            try:
                _runner(runners, item).prepare(item, BOTH)
            except MeasurementError as error:
                self._leave_out(item, error)
        self.started = time.monotonic()
        chance = np.random.default_rng(self.seed)
        for turn in range(1, rounds + 1):
            items = self.ledger.open()
            for at in chance.permutation(len(items)):
                if time.monotonic() > self.until:
                    print(f"the time is up in round {turn} of {rounds}", flush=True)
                    return
                self._launch(runners, items[at])
            left = self.seconds / turn * (rounds - turn)
            load = os.getloadavg()[0]
            print(
                f"round {turn:3} of {rounds}   {self.seconds:5.0f} s gone, "
                f"about {left:4.0f} s left   load {load:.1f}",
                flush=True,
            )

    def _launch(self, runners: dict[bool, Runner], item: Benchmark) -> None:
        number = self.ledger.next_number(item.id)
        order = LaunchOrder(
            benchmark=item,
            sides=BOTH,
            number=number,
            stage=Stage.SCREEN,
            position=self.ledger.count,
            seed=seed_of(self.seed, item.id, number),
        )
        try:
            self.ledger.add(item.id, _runner(runners, item).launch(order))
        except MeasurementError as error:
            self._leave_out(item, error)

    def _leave_out(self, item: Benchmark, error: MeasurementError) -> None:
        self.ledger.fail(item, error)
        print(f"{item.id} is left out: {error.message}", file=sys.stderr, flush=True)


def _runner(runners: dict[bool, Runner], item: Benchmark) -> Runner:
    return runners[item.id.name == COMMAND]


if __name__ == "__main__":
    sys.exit(main())
