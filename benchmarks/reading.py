"""What it costs to read and compare files: 10,000 benchmarks x 60 values a side.

    python benchmarks/reading.py [--rounds N] [--peers PYTHON|make] [--benchstat BINARY]

Writes files as tools do, then does each of these in a fresh process, one after the other in every
round, and prints medians: seconds of processor time, the peak of memory, and the ratio to the
floor or peer beside it.

* json: both files through Python's own `json.loads`, which checks and builds nothing: a floor.
* compare pytest-benchmark, compare pyperf, compare run.json, compare go: `perfci compare` of two
  files, with all of Python and numpy. In the last the 60 values are 60 repetitions, in the others
  they are of one process.
* pytest-benchmark compare, pyperf compare_to: what these tools themselves make of the same files,
  where a Python is given that has them, or `make` makes one. The first shows columns beside each
  other and tests nothing; it is given the one column that costs it least.
* benchstat: the same two files of go through Go's own tool, a compiled program, where the path of
  its binary is given (`go install golang.org/x/perf/cmd/benchstat@latest`).
* loads ..., read ...: one file of some 50 MB in a tool's own layout through `json.loads`, and from
  the disk through perfci's reader to a recording; both without the start of Python.

Targets: 2 s and 150 MiB for a comparison on a quiet machine; 1.5 for reading over `json.loads`;
0.35 for a comparison over a peer's.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import tool_files  # noqa: E402

Run = Callable[[], tuple[float, float]]
"""Seconds of processor time, and MiB; 0 where memory was not looked at."""
BENCHMARKS, VALUES = 10_000, 60
LARGE: dict[str, Callable[[Path, int], None]] = {
    "pytest-benchmark": lambda path, seed: tool_files.pytest_benchmark(path, seed, 10_000, 92),
    "pyperf": lambda path, seed: tool_files.pyperf(path, seed, 9_000, 20, 3),
    "Google Benchmark": lambda path, seed: tool_files.google_benchmark(path, seed, 2_300, 60),
    "hyperfine": lambda path, seed: tool_files.hyperfine(path, seed, 17_000, 60),
    "JMH": lambda path, seed: tool_files.jmh(path, seed, 13_800, 5, 10),
    "vitest": lambda path, seed: tool_files.vitest(path, seed, 1_400, 1_000),
}
"""Of tools that write JSON: what writes a file of some 50 MB."""
_PEAK = (
    "\nimport resource, time\n"
    "print(time.process_time(), dict(line.split(':') for line in open('/proc/self/status'))"
    "['VmHWM'].split()[0])"
)
_COMPARE = (
    "import contextlib, io, sys\n"
    "from perfci.__main__ import main\n"
    "with contextlib.redirect_stdout(io.StringIO()):\n"
    "    assert main(['compare', *sys.argv[1:]]) in (0, 1)"
)
_LOADS = (
    "import json, sys\n"
    "for name in sys.argv[1:]:\n"
    "    with open(name, 'rb') as file: json.loads(file.read())"
)
_INSIDE = """\
import gc, sys, time
from perfci.cli.results import read_results
import json
gc.disable()
data = open(sys.argv[2], 'rb').read()
start = time.process_time()
json.loads(data) if sys.argv[1] == 'loads' else read_results([sys.argv[2]], None).recording()
spent = time.process_time() - start
status = dict(line.split(':') for line in open('/proc/self/status'))
print(spent, status['VmHWM'].split()[0])
"""


def python(code: str, *arguments: str) -> Run:
    """Return what runs some code in a fresh process: seconds of processor time, and MiB."""

    def run() -> tuple[float, float]:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        seconds, peak = done.stdout.split()
        return float(seconds), int(peak) / 1024

    return run


def program(*command: str) -> Run:
    """Return what runs a program: seconds of its processor time; memory is not looked at."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, 0)"
    )
    return python(code, *command)


def main() -> None:
    """Make the files, measure, and print."""
    parser = argparse.ArgumentParser(description="Measure reading and comparing.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", metavar="PYTHON|make", default="")
    parser.add_argument("--benchstat", metavar="BINARY", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        peers = _made_python(here / "peers") if given.peers == "make" else given.peers
        cases = _cases(here, peers, given.benchstat)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
        for _ in range(given.rounds):
            for name, (run, _) in cases.items():
                found[name].append(run())
    print(f"{'':26}{'processor':>12}{'peak':>10}   ratio")
    for name, (_, floor) in cases.items():
        seconds, peak = (statistics.median(it) for it in zip(*found[name], strict=True))
        over = [a[0] / b[0] for a, b in zip(found[name], found.get(floor, []), strict=False)]
        ratio = f"{statistics.median(over):6.2f} x {floor}" if over else ""
        memory = f"{peak:6.0f} MiB" if peak else f"{'':10}"
        print(f"{name:26}{seconds:10.2f} s{memory}   {ratio}".rstrip())


def _cases(here: Path, peers: str, benchstat: str) -> dict[str, tuple[Run, str]]:
    """Write the files, and return what is measured, each with what it is held against."""
    for seed, side in enumerate(("base", "head")):
        tool_files.pytest_benchmark(here / f"{side}.json", seed, BENCHMARKS, VALUES)
        tool_files.pyperf(here / f"{side}-pyperf.json", seed, BENCHMARKS, 1, VALUES)
        tool_files.go(here / f"{side}.txt", seed, BENCHMARKS, VALUES)
        _run_json(here / f"{side}.json", here / f"{side}-run.json")
    tests, perfs, runs, texts = (
        (str(here / f"base{end}"), str(here / f"head{end}"))
        for end in (".json", "-pyperf.json", "-run.json", ".txt")
    )
    beside: dict[str, Run] = {}
    if peers:
        tool = str(Path(peers).with_name("pytest-benchmark"))
        beside["pytest-benchmark compare"] = program(tool, "compare", *tests, "--columns=median")
        beside["pyperf compare_to"] = program(peers, "-m", "pyperf", "compare_to", *perfs)
    if benchstat:
        beside["benchstat go"] = program(benchstat, *texts)
    own = {
        "compare pytest-benchmark": (tests, "pytest-benchmark compare", "json pytest-benchmark"),
        "compare pyperf": (perfs, "pyperf compare_to", ""),
        "compare run.json": (runs, "", "json run.json"),
        "compare go": (texts, "benchstat go", ""),
    }
    return {
        "json pytest-benchmark": (python(_LOADS + _PEAK, *tests), ""),
        "json run.json": (python(_LOADS + _PEAK, *runs), ""),
        **{name: (run, "") for name, run in beside.items()},
        **{
            name: (python(_COMPARE + _PEAK, *files), peer if peer in beside else floor)
            for name, (files, peer, floor) in own.items()
        },
        **_large(here),
    }


def _large(here: Path) -> dict[str, tuple[Run, str]]:
    cases: dict[str, tuple[Run, str]] = {}
    for number, (tool, write) in enumerate(LARGE.items()):
        path = here / f"large-{number}.json"
        write(path, number)
        cases[f"loads {tool}"] = (python(_INSIDE, "loads", str(path)), "")
        cases[f"read {tool}"] = (python(_INSIDE, "read", str(path)), f"loads {tool}")
    return cases


def _made_python(folder: Path) -> str:
    """Make an environment with the peers; empty where they cannot be installed."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    argv = [python, "-m", "pip", "install", "--quiet", "pytest-benchmark", "pyperf"]
    return python if subprocess.run(argv, check=False).returncode == 0 else ""


def _run_json(source: Path, target: Path) -> None:
    code = (
        "import shutil, sys\n"
        "from perfci.__main__ import main\n"
        "assert main(['ingest', sys.argv[1], '-o', sys.argv[2]]) == 0\n"
    )
    folder = target.with_suffix("")
    command = [sys.executable, "-c", code, str(source), str(folder)]
    subprocess.run(command, check=True, cwd=source.parent, capture_output=True)
    (folder / "run.json").replace(target)


if __name__ == "__main__":
    main()
