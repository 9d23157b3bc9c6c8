"""The gate on a library that nobody here wrote: silent on a comment, red on a slower function."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.command.conftest import App, Run, perfci

__all__ = ["perfci"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BENCHMARKS = """\
from toolz import itertoolz

WORDS = [str(number % 97) for number in range(3000)]


def bench_frequencies():
    return itertoolz.frequencies(WORDS)


def bench_groupby():
    return itertoolz.groupby(len, WORDS)


def bench_sliding_window():
    return list(itertoolz.sliding_window(3, WORDS))


def bench_partition():
    return list(itertoolz.partition_all(7, WORDS))
"""

SLOWER = """

_frequencies = frequencies


def frequencies(seq):
    seq = list(seq)
    _frequencies(seq[: len(seq) // 4])
    return _frequencies(seq)
"""


@pytest.fixture
def library(tmp_path: Path) -> App:
    """Return a repository that holds a released version of toolz with four benchmarks."""
    fetched = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"),
            *("--dest", str(tmp_path), "toolz==1.0.0"),
        ],
        check=False,
        capture_output=True,
    )
    archives = list(tmp_path.glob("toolz-*.tar.gz"))
    if not archives:
        # without a network there is nothing to measure; CI has one
        pytest.skip(f"no source distribution to be had: {fetched.stderr[-200:]!r}")
    app = App(tmp_path / "app")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(app.root, filter="data")
    (unpacked,) = (path for path in app.root.iterdir() if path.name.startswith("toolz-"))
    for path in unpacked.iterdir():
        path.rename(app.root / path.name)
    app.write("benchmarks/bench_toolz.py", BENCHMARKS)
    app.settings(
        "benchmarks:\n"
        + "".join(
            f"  - {{name: {name}, python: 'benchmarks/bench_toolz.py:bench_{name}'}}\n"
            for name in ("frequencies", "groupby", "sliding_window", "partition")
        )
    )
    app.commit("a released version")
    return app


def outcomes(app: App) -> dict[str, str]:
    result = json.loads((app.root / "perfci-results" / "result.json").read_text())
    return {item["benchmark"]: item["outcome"] for item in result["findings"]}


def test_a_comment_passes_and_a_quarter_more_work_fails(library: App, perfci: Run) -> None:
    module = library.root / "toolz" / "itertoolz.py"
    module.write_text("# a comment, and nothing else\n" + module.read_text())
    library.commit("a comment")
    answer = perfci("run", "--base", "HEAD~1", "--mode", "paired")
    assert answer.code == 0, answer
    assert "regressed" not in outcomes(library).values()

    module.write_text(module.read_text() + SLOWER)
    library.commit("slower")
    answer = perfci("run", "--base", "HEAD~1", "--mode", "paired")
    assert answer.code == 1, answer
    assert outcomes(library)["frequencies"] == "regressed"
    assert [name for name, came in outcomes(library).items() if came == "regressed"] == [
        "frequencies"
    ]
