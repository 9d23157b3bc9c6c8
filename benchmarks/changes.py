"""What the search for change points finds, against known ones, and what it costs; beside Otava.

    python benchmarks/changes.py [FILE] [--otava PYTHON|make] [--no-online]

FILE holds series with labels (gzipped JSON: a list of records with `name`, `kind`, `variant`,
`repo`, `points` and `labels`); without it, `../shared/data/history-dev.json.gz` beside the
repository. Printed for each half of the repositories and for all: F1 within 2 and within 5 points
over semi-synthetic series (drifting ones left out), F1 within 5 over hand-labelled ones (`-` where
there are no labels), false alarms per 100 commits of quiet ones, and the share found of steps of 5,
10, 20 and 50 %; then what it costs; then the same run again after every commit; then false trends
in quiet and in shuffled real series, where every trend is a false one.

perfci's settings were chosen on the series of the default file, with all their figures in view: no
half is unseen data.

Otava (`pip install apache-otava`) is asked by the Python given, or, with `make`, by one in a
temporary environment of its own. It shows its defaults and the best of a few settings, best by F1
within 5 over all series. Times are of processor time, both in turn on the same 20 series.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.changes_score import Case, Row, Values, load, online, row  # noqa: E402
from perfci.model.metric import Better  # noqa: E402
from perfci.model.timeline import Course, Spot, Timeline  # noqa: E402
from perfci.stats.course import follow, follow_all  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "history-dev.json.gz"
SETTINGS = [
    {"window": window, "p": p, "least": least}
    for window, p, least in (
        (50, 0.001, 0.0),
        (50, 0.001, 0.02),
        (50, 0.0001, 0.02),
        (50, 0.00001, 0.05),
        (100, 0.0001, 0.02),
    )
]
"""Of Otava: its defaults first."""
HALVES = (("half 1", 0), ("half 2", 1), ("all", None))
ROUNDS = 5


def timeline(values: Values) -> Timeline:
    """Return a series without names and times."""
    spots = tuple(Spot(commit="", time=None, value=value) for value in values)
    return Timeline(name="", unit="", better=Better.LOWER, spots=spots)


def indices(course: Course) -> list[int]:
    """Return where its levels begin."""
    return [change.index for change in course.changes]


def find(values: Values) -> list[int]:
    """Return perfci's change points."""
    return indices(follow(timeline(values)))


class Otava:
    """The peer, answering from a process of its own."""

    def __init__(self, python: str) -> None:
        script = str(ROOT / "benchmarks" / "changes_otava.py")
        pipe = subprocess.PIPE
        self._child = subprocess.Popen([python, script], stdin=pipe, stdout=pipe, text=True)

    def ask(
        self, series: Sequence[Values], settings: dict[str, float]
    ) -> tuple[list[list[int]], float]:
        """Return its change points of each series, and the seconds it took."""
        pipe, answers = self._child.stdin, self._child.stdout
        if pipe is None or answers is None:
            raise SystemExit("Otava's process has no pipes")
        pipe.write(json.dumps({"series": series, **settings}) + "\n")
        pipe.flush()
        line = answers.readline()
        if not line:
            raise SystemExit("Otava's process ended; its own message stands above")
        answer = json.loads(line)
        return answer["found"], answer["seconds"]

    def close(self) -> None:
        """End the process."""
        self._child.kill()
        self._child.communicate()


def made_python(folder: str) -> str | None:
    """Make an environment with Otava; None where it cannot be installed."""
    venv.create(folder, with_pip=True)
    python = str(Path(folder) / "bin" / "python")
    argv = [python, "-m", "pip", "install", "--quiet", "apache-otava"]
    return python if subprocess.run(argv, check=False).returncode == 0 else None


def long_series(cases: Sequence[Case]) -> Iterator[tuple[str, list[Values]]]:
    """Yield 20 series of 500 points each: real ones, and made ones with two steps."""
    real = [one.values[:500] for one in cases if one.kind == "real" and len(one.values) >= 500]
    if real:
        yield "real", [real[at % len(real)] for at in range(20)]
    rng = np.random.default_rng(1)
    made = np.exp(rng.normal(0.0, 0.03, (20, 500)))
    made[:, 150:] *= 1.1
    made[:, 400:] *= 0.8
    yield "made", made.tolist()


def costs(cases: Sequence[Case], peer: Otava | None) -> None:
    """Print processor seconds for 1,000 series of 500 points, measured in turn."""
    for name, series in long_series(cases):
        lines = [timeline(one) for one in series]
        own, other = [], []
        for _ in range(ROUNDS):
            start = time.process_time()
            follow_all(lines)
            own.append((time.process_time() - start) * 1000 / len(series))
            if peer:
                other.append(peer.ask(series, SETTINGS[0])[1] * 1000 / len(series))
        text = f"1,000 {name} series of 500 points: perfci {statistics.median(own):.2f} s"
        if other:
            ratio = statistics.median(b / a for a, b in zip(own, other, strict=True))
            text += f", Otava {statistics.median(other):.1f} s, {ratio:.1f} times as much"
        print(text)


def show(name: str, half: str, found: Row) -> None:
    """Print one line of the table."""
    shares = " ".join(f"{share:.2f}" for share in found.recalls)
    hand = "-" if found.hand is None else f"{found.hand:.3f}"
    print(
        f"{name:34}  {half:9}  {found.f1_near:6.3f}  {found.f1:6.3f}  {hand:>6}"
        f"  {found.alarms:6.3f}  {shares}"
    )


def of_half(cases: Sequence[Case], half: int | None) -> list[Case]:
    """Return the cases of a half; all for None."""
    return [one for one in cases if half is None or one.half == half]


def table(cases: Sequence[Case], peer: Otava | None) -> None:
    """Print what was found."""
    print(
        f"{'':34}  {'':9}  {'F1 +-2':>6}  {'F1 +-5':>6}  {'hand':>6}  {'alarms':>6}"
        "  found of 5, 10, 20, 50 %"
    )
    courses = follow_all(timeline(one.values) for one in cases)
    own = {one.name: indices(course) for one, course in zip(cases, courses, strict=True)}
    for half, number in HALVES:
        show("perfci", half, row(of_half(cases, number), own))
    if not peer:
        print("Otava is not compared with: give --otava PYTHON of one that has it, or --otava make")
        return
    tried = []
    for settings in SETTINGS:
        found, _ = peer.ask([one.values for one in cases], settings)
        by_name = dict(zip([one.name for one in cases], found, strict=True))
        tried.append((settings, by_name))
    best = max(tried, key=lambda one: row(cases, one[1]).f1)
    for name, (settings, by_name) in (("Otava", tried[0]), ("Otava, best", best)):
        label = f"{name} ({settings['window']}, {settings['p']:g}, {settings['least']:g})"
        for half, number in HALVES:
            show(label, half, row(of_half(cases, number), by_name))


def after_each_commit(cases: Sequence[Case]) -> None:
    """Print what a run after every commit would have told."""
    for half, number in HALVES:
        found = online(of_half(cases, number), find)
        soon = sum(delay <= 10 for delay in found.delays) / max(len(found.delays), 1)
        print(
            f"after each commit, {half:9}: {soon:.2f} of {len(found.delays)} steps of 20 % within"
            f" 10 commits, median delay {statistics.median(found.delays):.1f},"
            f" {found.alarms:.3f} alarms per 100"
        )


def false_trends(cases: Sequence[Case]) -> None:
    """Print how many trends are told where there is none."""
    rng = np.random.default_rng(1)
    quiet = [one.values for one in cases if one.variant == "quiet"]
    real = [list(rng.permutation(one.values)) for one in cases if one.kind == "real"]
    for name, series in (("quiet", quiet), ("shuffled real", real)):
        told = sum(follow(timeline(one)).trend is not None for one in series)
        print(f"false trends: {told} in {len(series)} {name} series")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Score the search for change points.")
    parser.add_argument("file", nargs="?", type=Path, default=DATA)
    parser.add_argument("--otava", metavar="PYTHON|make")
    parser.add_argument("--no-online", action="store_true")
    given = parser.parse_args()
    if not given.file.is_file():
        raise SystemExit(f"there are no labelled series at {given.file}: give a file of them")
    cases = load(given.file)
    with ExitStack() as stack:
        python = given.otava
        if python == "make":
            python = made_python(stack.enter_context(tempfile.TemporaryDirectory()))
        peer = Otava(python) if python else None
        if peer:
            stack.callback(peer.close)
        table(cases, peer)
        costs(cases, peer)
    if not given.no_online:
        after_each_commit(cases)
    false_trends(cases)


if __name__ == "__main__":
    main()
