"""What measuring a command costs and misses, beside a bare C loop and `hyperfine -N`.

    python benchmarks/commands.py [ROUNDS]

Prints four tables: elapsed time of short programs, interleaved round by round in one run; the peak
of memory of a program that knows its own, started while this process holds 200 MB; CPU time of a
program with and without 20 others that keep every processor busy; and what watching a process tree
costs. Needs `cc`, and for the first table `hyperfine`; what is missing is said and left out.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from perfci.runners.processes.spawning import Ended, LocalChannel, Spawner, Start

RUNS = 20
"""Executions of one program by one harness in one round."""
LOAD = 20
ENVIRON = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
HERE = Path(__file__).parent


class Bench:
    """A spawner, a folder for its files, and the C programs of `benchmarks/programs`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.channel = LocalChannel()
        self.spawner = Spawner(lambda: self.channel)

    def program(self, name: str) -> str:
        """Compile a program; return its path."""
        path = self.folder / name
        source = HERE / "programs" / f"{name}.c"
        subprocess.run(["cc", "-O1", "-o", str(path), str(source)], check=True)
        return str(path)

    def run(self, *argv: str) -> Ended:
        """Measure one execution as the runner of commands does."""
        return self.spawner.run(
            Start(
                executable=argv[0],
                argv=argv,
                cwd=self.folder,
                environ=ENVIRON,
                output=self.folder / "output",
                timeout=60,
                tree=True,
            )
        )

    def spawner_ran(self) -> float:
        """Return the CPU seconds that the spawner itself has used."""
        return int(Path(f"/proc/{self.channel.pid}/schedstat").read_text().split()[0]) / 1e9


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep all processors busy for a while, at most two minutes."""
    loop = ["timeout", "120", "sh", "-c", "while :; do :; done"]
    others = [subprocess.Popen(loop, start_new_session=True) for _ in range(processes)]
    try:
        yield
    finally:
        for other in others:
            other.terminate()
            other.wait()


def elapsed(bench: Bench, rounds: int) -> None:
    """Compare elapsed times with those of a bare C loop and of hyperfine."""
    spin, until, floor = (bench.program(name) for name in ("spin", "until", "floor"))
    programs = {
        "/bin/true": ["/bin/true"],
        "10 ms CPU": [spin, _calls(bench, spin, 10e-3)],
        "10 ms wall": [until, "10"],
    }
    harnesses: dict[str, Callable[[Sequence[str]], list[float]]] = {
        "C loop": lambda argv: _by_floor(floor, argv),
        "perfci": lambda argv: [bench.run(*argv).wall for _ in range(RUNS)],
    }
    if shutil.which("hyperfine"):
        harnesses["hyperfine -N"] = lambda argv: _by_hyperfine(bench.folder, argv)
    else:
        print("hyperfine is not installed: nothing to compare with but the bare C loop")
    print(
        f"\nelapsed time, {rounds} rounds of {RUNS} executions; p10 is what a busy machine spares"
    )
    print(f"{'program':12}{'harness':14}{'ms':>8}{'/ C loop':>11}{'/ hyperfine':>13}{'ms':>10}")
    print(f"{'':26}{'p50':>8}{'p50   p10':>14}{'p50   p10':>14}{'p10':>6}")
    for name, argv in programs.items():
        taken: dict[str, list[list[float]]] = {harness: [] for harness in harnesses}
        order = list(harnesses)
        for _ in range(rounds):
            order = order[1:] + order[:1]
            for harness in order:
                taken[harness].append(harnesses[harness](argv))
        for harness, seconds in taken.items():
            p50, p10 = (_quantile(seconds, of) * 1e3 for of in (50, 10))
            ratios = "".join(
                f"{_ratio(seconds, taken[other], 50):8.3f}{_ratio(seconds, taken[other], 10):6.3f}"
                for other in ("C loop", "hyperfine -N")
                if other in taken
            )
            print(f"{name:12}{harness:14}{p50:8.3f}{ratios}{p10:8.3f}")


def _quantile(rounds: Sequence[Sequence[float]], percent: int) -> float:
    seconds = sorted(each for one in rounds for each in one)
    return seconds[len(seconds) * percent // 100]


def _calls(bench: Bench, spin: str, seconds: float) -> str:
    """Return how much computing takes so long."""
    trial = 20_000_000
    fastest = min(bench.run(spin, str(trial)).cpu for _ in range(10))
    return str(int(trial * seconds / fastest))


def _ratio(ones: Sequence[list[float]], others: Sequence[list[float]], percent: int) -> float:
    return _quantile(ones, percent) / _quantile(others, percent)


def _by_floor(floor: str, argv: Sequence[str]) -> list[float]:
    told = subprocess.run(
        [floor, str(RUNS), *argv], env=ENVIRON, capture_output=True, check=True, text=True
    )
    return [int(line) / 1e9 for line in told.stdout.split()]


def _by_hyperfine(folder: Path, argv: Sequence[str]) -> list[float]:
    file = folder / "hyperfine.json"
    options = ["-N", "--style", "none", "--runs", str(RUNS), "--export-json", str(file)]
    command = ["hyperfine", *options, " ".join(argv)]
    subprocess.run(command, env=ENVIRON, check=True, capture_output=True)
    return [float(each) for each in json.loads(file.read_text())["results"][0]["times"]]


def memory(bench: Bench) -> None:
    """Compare the peak of memory with what a program knows of itself."""
    hold = bench.program("hold")
    ballast = bytearray(200_000_000)
    print(f"\npeak of memory, read while this process holds {len(ballast) / 1e6:.0f} MB")
    print(
        f"{'allocated MiB':>14}{'true MiB':>10}{'read MiB':>10}{'error MiB':>11}{'floor MiB':>11}"
    )
    for size in ("1", "8", "20", "51", "200"):
        ended = bench.run(hold, size)
        truth = int((bench.folder / "output").read_text()) / 1024
        read, floor = ended.peak / 2**20, ended.floor / 2**20
        print(f"{size:>14}{truth:10.2f}{read:10.2f}{read - max(truth, floor):11.2f}{floor:11.2f}")


def processor(bench: Bench) -> None:
    """Compare CPU time on a busy machine with that on a quieter one."""
    spin = bench.program("spin")
    calls = _calls(bench, spin, 50e-3)
    quiet = [bench.run(spin, calls) for _ in range(RUNS)]
    with busy(LOAD):
        time.sleep(1.0)
        loaded = [bench.run(spin, calls) for _ in range(RUNS)]
        quiet_too = os.getloadavg()[0]
    quiet += [bench.run(spin, calls) for _ in range(RUNS)]
    print(f"\na program of 50 ms with {LOAD} others that never rest (load average {quiet_too:.0f})")
    print(f"{'clock':8}{'quieter ms':>12}{'busy ms':>10}{'ratio':>8}")
    clocks: dict[str, Callable[[Ended], float]] = {
        "cpu": lambda it: it.cpu,
        "net": lambda it: min(it.wall, max(it.cpu, it.wall - (it.delay or 0.0))),
        "wall": lambda it: it.wall,
    }
    for clock, read in clocks.items():
        before, after = (statistics.median(map(read, each)) for each in (quiet, loaded))
        print(f"{clock:8}{before * 1e3:12.2f}{after * 1e3:10.2f}{after / before:8.3f}")


def watching(bench: Bench) -> None:
    """Tell what the spawner itself uses while it watches."""
    python = f"{sys.executable} -S -c"
    threads = (
        "import threading, time\n"
        "for _ in range(31): threading.Thread(target=time.sleep, args=(3,)).start()\n"
        "time.sleep(3)"
    )
    trees = {
        "1 process": "exec sleep 3",
        "2 processes": "sleep 3; true",
        "10 processes": "for i in 1 2 3 4 5 6 7 8 9; do sleep 3 & done; wait",
        "100 processes": "i=0; while [ $((i+=1)) -le 99 ]; do sleep 3 & done; wait",
        "32 threads": f"exec {python} '{threads}'",
        "5 new ones a ms": "i=0; while [ $((i+=1)) -le 1500 ]; do /bin/true; done",
    }
    print("\nCPU of the spawner while it watches a tree")
    print(f"{'tree':18}{'seconds':>9}{'of a core':>11}")
    for name, text in trees.items():
        before = bench.spawner_ran()
        ended = bench.run("/bin/sh", "-c", text)
        share = (bench.spawner_ran() - before) / ended.wall
        print(f"{name:18}{ended.wall:9.2f}{share:11.2%}")


def main() -> None:
    """Print all tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    if not shutil.which("cc"):
        print("cc is not installed: there is nothing known to measure")
        return
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            elapsed(bench, rounds)
            memory(bench)
            processor(bench)
            watching(bench)
        finally:
            bench.spawner.close()


if __name__ == "__main__":
    main()
