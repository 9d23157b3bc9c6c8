"""Prints the laboratory's tables, and whether perfci's rule reaches its targets.

    python -m benchmarks.noise [RECORDING ...] [--suites N] [--seed N]
    python -m benchmarks.noise --short --seed N

Without a recording, the one that `python -m benchmarks.noise.collect` writes is taken, if it is
there. Ends with 1 where the rule missed a target on synthetic noise.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.noise import on_recordings, targets
from benchmarks.noise.cost import measure_cost
from benchmarks.noise.on_synthetic import Synthetic
from benchmarks.noise.recorded import RECORDING, read
from benchmarks.noise.table import LEGEND
from perfci.errors import PerfciError

SHORT = 10
"""Suites in the short form: under two minutes of processor time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print everything; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.noise",
        description=(__doc__ or "").partition("\n")[0],
    )
    parser.add_argument("recordings", nargs="*", type=Path, help=f"[{RECORDING}]")
    parser.add_argument("--short", action="store_true", help="synthetic noise alone, few suites")
    parser.add_argument("--suites", type=int, help="suites of each kind [200; short: 10]")
    parser.add_argument("--seed", type=int, default=1, help="of all chance [1]")
    parser.add_argument(
        "--without", nargs="+", default=[], metavar="WORKLOAD", help="recorded ones to leave out"
    )
    options = parser.parse_args(arguments)
    suites = options.suites or (SHORT if options.short else 200)
    print(LEGEND)
    recordings = options.recordings or ([RECORDING] if RECORDING.exists() else [])
    for path in () if options.short else recordings:
        left_out = f", without {', '.join(options.without)}" if options.without else ""
        _say(f"RECORDED: {path.name}{left_out}")
        try:
            recorded = read(path, without=options.without)
        except (OSError, PerfciError) as error:
            print(f"{path} cannot be read: {error}", file=sys.stderr)
            return 2
        for line in on_recordings.tell(recorded, suites, options.seed):
            print(line, flush=True)
    if not (options.short or recordings):
        _say("RECORDED: nothing yet; python -m benchmarks.noise.collect records on this machine")
    _say("SYNTHETIC, as its truth is exact")
    synthetic = Synthetic(suites=suites, seed=options.seed)
    for line in synthetic.tell():
        print(line, flush=True)
    if not options.short:
        synthetic.compare_with_fixed()
    reached = list(synthetic.targets())
    _say("TARGETS, over all synthetic noise")
    # the cost depends on what else the machine does: told, but no reason to fail
    print(*reached, *targets.of_cost(measure_cost(1000)), sep="\n")
    return 0 if all(target.met for target in reached) else 1


def _say(title: str) -> None:
    print(f"\n{title}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
