"""Runs perfci's gate as a user does, on changes whose truth is known, and counts what it says.

    python -m benchmarks.noise.live [--gates N] [--load N] [--seed N]
    python -m benchmarks.noise.live --unchanged M --times N

The first form judges changes of a small repository with the laboratory's nine workloads: in half
of them only a comment is new, in the others two workloads do 5, 10 or 25 % more. The second runs
a suite of M unchanged benchmarks N times. Ctrl-C ends it early; what was done is told. Ends with 1
where anything unchanged was called worse, a true 10 or 25 % was not found (that of the workload
which is bound by memory aside), or a gate gave no verdict.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from benchmarks.noise.live_gate import HEAD, Gate, environment, run_gate
from benchmarks.noise.live_plan import Change, Item, changes, items, unchanged
from benchmarks.noise.live_repository import Repository
from benchmarks.noise.live_tally import is_as_wanted, tell
from benchmarks.noise.load import background_load
from benchmarks.noise.sides import WORKLOADS

KEPT = ("run.json", "result.json", "stdout", "stderr")
"""Files of a gate that was wrong in anything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gates and print the table; return the exit code."""
    options = _options(arguments)
    version = _version(options.python)
    if not version:
        print(f"{options.python} has no perfci: pip install . there, or --python", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options.unchanged:
        suite, plan = items(options.unchanged, options.only), unchanged(options.times)
    else:
        suite = items(len(options.only), options.only)
        plan = changes(options.gates, options.only, options.seed)
    with _log(options.log) as log:
        session = Session(log=log, python=options.python, seed=options.seed, keep=options.keep)
        session.say(
            f"{version}, {len(plan)} gates of {len(suite)} benchmarks, seed {options.seed}, "
            f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n"
        )
        try:
            with background_load(options.load, options.seed):
                session.run(suite, plan)
        except KeyboardInterrupt:
            session.say("interrupted: what was done is told")
        if not session.gates:
            session.say("no gate was run to its end")
            return 2
        session.say("")
        for line in tell(session.gates):
            session.say(line)
    return 0 if is_as_wanted(session.gates) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.noise.live",
        description=(__doc__ or "").partition("\n")[0],
    )
    parser.add_argument("--gates", type=_count, default=60, help="changes that are judged [60]")
    parser.add_argument("--unchanged", type=_count, help="benchmarks of an unchanged suite")
    parser.add_argument("--times", type=_count, default=20, help="runs of that suite [20]")
    parser.add_argument("--only", nargs="+", choices=WORKLOADS, default=WORKLOADS)
    parser.add_argument("--load", type=int, default=0, help="busy processes beside it [0]")
    parser.add_argument("--seed", type=int, default=1, help="of all chance [1]")
    parser.add_argument("--python", default=sys.executable, help="that has perfci [this one]")
    parser.add_argument("--log", type=Path, help="file that gets all lines, too")
    parser.add_argument(
        "--keep",
        type=Path,
        default=Path("perfci-results/live"),
        help="folder for the recordings of gates that were wrong [perfci-results/live]",
    )
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


@dataclass(slots=True, kw_only=True)
class Session:
    """The gates of one call."""

    log: TextIO | None
    python: str
    seed: int
    keep: Path
    gates: list[Gate] = field(default_factory=list)

    def run(self, suite: Sequence[Item], plan: Sequence[Change]) -> None:
        """Run one gate after the other, each with a line."""
        self.say(HEAD)
        with tempfile.TemporaryDirectory(prefix="live-") as name:
            folder = Path(name)
            repository = Repository.make(folder / "repository", suite)
            for change in plan:
                output = folder / f"gate-{change.number}"
                output.mkdir()
                gate = run_gate(
                    repository,
                    change,
                    python=self.python,
                    seed=self.seed * 1000 + change.number,
                    output=output,
                )
                self.gates.append(gate)
                self.say(str(gate))
                if not gate.is_right:
                    self._keep(output)
                shutil.rmtree(output)

    def say(self, line: str) -> None:
        """Print a line, and write it to the log."""
        print(line, flush=True)
        if self.log:
            print(line, file=self.log, flush=True)

    def _keep(self, output: Path) -> None:
        there = self.keep / f"seed-{self.seed}-{output.name}"
        there.mkdir(parents=True, exist_ok=True)
        for name in KEPT:
            if (output / name).exists():
                shutil.copy(output / name, there / name)


@contextmanager
def _log(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        yield file


def _version(python: str) -> str:
    """Return what `perfci --version` says; empty where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [python, "-m", "perfci", "--version"],
                cwd=folder,
                env=environment(Path(folder)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError:
            return ""
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main())
