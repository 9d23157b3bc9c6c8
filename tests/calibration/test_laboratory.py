"""The laboratory: what it records with real processes, what it makes of a recording."""

import os
import runpy
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil
import pytest

from benchmarks.noise import collect, on_recordings
from benchmarks.noise.__main__ import main
from benchmarks.noise.draw import draw
from benchmarks.noise.recorded import read, write
from benchmarks.noise.replay import replay
from benchmarks.noise.rivals import RIVALS, judge
from benchmarks.noise.sides import PERCENT, benchmark, make_sides
from perfci.measure.ledger import Ledger
from perfci.model.measurement import Clock, Launch, Side, Stage
from perfci.ports import LaunchReport
from perfci.schema.packed import unpack
from tests.calibration.left_behind import left_behind

HOUSE = Path(__file__).parents[2]
NAMES = ("loop", "json", "sort")
LAUNCHES = 50


def synthetic_file(path: Path, without: tuple[str, int] | None = None) -> Path:
    """Write a recording whose truth is exact."""
    chance = np.random.default_rng(5)
    pairs = [(name, percent) for name in NAMES for percent in PERCENT]
    items = [benchmark(*pair) for pair in pairs if pair != without]
    ledger = Ledger(benchmarks=items, sensitivity=lambda _: 0.05, past=lambda _: ())
    for number in range(1, LAUNCHES + 1):
        for item in items:
            grows = 1 + int(dict(item.id.params)["percent"]) / 100
            level = 0.001 * np.exp(0.05 * chance.standard_normal())
            launches = {}
            for side, factor in ((Side.BASE, 1.0), (Side.HEAD, grows)):
                own = level * factor * np.exp(0.015 * chance.standard_normal())
                values = tuple((own * np.exp(0.02 * chance.standard_normal(10))).tolist())
                clocks = dict.fromkeys((Clock.WALL, Clock.CPU, Clock.NET), values)
                made = Launch(
                    number=number,
                    stage=Stage.SCREEN,
                    position=ledger.count,
                    clocks=clocks,
                    delay=(1e-6,) * 10,
                )
                launches[side] = {"latency": made}
            ledger.add(item.id, LaunchReport(launches=launches))
    write(path, ledger, 1, datetime(2026, 1, 1, tzinfo=UTC), 100.0)
    return path


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic_file(tmp_path_factory.mktemp("noise") / "made.json.gz")


def test_a_recording_holds_every_launch_in_order(recording: Path) -> None:
    recorded = read(recording)
    assert {size: tuple(by_name) for size, by_name in recorded.streams.items()} == dict.fromkeys(
        PERCENT, NAMES
    )
    stream = recorded.streams[25]["json"]
    assert [pair.head.number for pair in stream] == list(range(1, LAUNCHES + 1))
    assert recorded.seconds == pytest.approx(100 / (LAUNCHES * len(NAMES) * len(PERCENT)))
    told = [
        np.median(it.head.clocks[Clock.NET]) / np.median(it.base.clocks[Clock.NET]) for it in stream
    ]
    assert np.median(told) == pytest.approx(1.25, abs=0.02)


def test_suites_replayed_through_the_rule_are_judged_by_their_truth(recording: Path) -> None:
    streams = read(recording).streams
    unchanged = replay(streams, draw(2, len(NAMES), LAUNCHES, 0, 1))
    assert (unchanged.suites, unchanged.false_suites) == (2, 0)
    assert 4.0 <= unchanged.cost(0.0) <= 6.0
    slower = replay(streams, draw(1, len(NAMES), LAUNCHES, 25, 1))
    assert slower.outcomes[0.25].total() == 25
    assert slower.found(0.25) == 1.0
    assert slower.found(0.0) == 0.0


def test_every_peer_judges_the_same_suites(recording: Path) -> None:
    streams, draws = read(recording).streams, draw(2, len(NAMES), LAUNCHES, 25, 1)
    for rival in RIVALS:
        tally = judge(streams, draws, rival, wall=True)
        assert tally.outcomes[0.25].total() == 50
        assert tally.outcomes[0.0].total() == 150
        assert (tally.found(0.25) > 0.9) is (rival.name != "ratio 200%")


def test_the_same_seed_draws_the_same_suites() -> None:
    one, same, other = draw(3, 8, 60, 5, 1), draw(3, 8, 60, 5, 1), draw(3, 8, 60, 5, 2)
    assert (one.start == same.start).all()
    assert (one.start != other.start).any()
    assert not one.swapped[one.percent > 0].any()
    assert one.swapped[one.percent == 0].any()


@pytest.mark.slow
def test_the_table_has_a_line_for_every_rule_and_target(recording: Path) -> None:
    text = "\n".join(on_recordings.tell(read(recording), 1, 1))
    for rival in RIVALS:
        assert text.count(rival.name) >= 2
    assert "fixed design of" in text
    assert text.count("met   ") + text.count("MISSED") == 9


def test_a_file_that_is_no_recording_is_refused(
    tmp_path: Path, recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = unpack(recording.read_bytes(), "it").replace(b"percent=", b"size=")
    for number, data in enumerate((b"{}", foreign, recording.read_bytes()[:1000])):
        bad = tmp_path / f"bad-{number}.json.gz"
        bad.write_bytes(data)
        assert main([str(bad)]) == 2
        assert f"{bad.name} cannot be read" in capsys.readouterr().err
    assert main([str(tmp_path / "none.json.gz")]) == 2


def test_a_workload_without_launches_of_every_slowdown_is_left_out(tmp_path: Path) -> None:
    partial = synthetic_file(tmp_path / "partial.json.gz", without=("json", 10))
    assert tuple(read(partial).streams[0]) == ("loop", "sort")


@pytest.mark.parametrize(("side", "units"), [(Side.BASE, 100), (Side.HEAD, 125)])
def test_head_alone_does_the_named_per_cent_more(tmp_path: Path, side: Side, units: int) -> None:
    root = make_sides(tmp_path).roots[side]
    module = runpy.run_path(str(root / "workloads.py"))
    done: list[int] = []
    module["WORK"]["loop"] = done.append
    module["work"]("loop", 25)
    assert done == [units]
    script = (root / "count.sh").read_text() + "echo $units"
    told = subprocess.run(["/bin/sh", "-c", script, "sh", "25"], capture_output=True, check=True)
    assert int(told.stdout) == units


def collected(path: Path, *options: str) -> int:
    return collect.main(["--output", str(path), *options])


@pytest.mark.slow
def test_the_collector_records_fresh_processes_of_both_sides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "folder" / "noise.json.gz"
    assert collected(path, "--only", "sort", "command", "--rounds", "1", "--load", "1") == 0
    streams = read(path).streams
    assert {size: sorted(by_name) for size, by_name in streams.items()} == {
        size: ["command", "sort"] for size in PERCENT
    }
    for by_name in streams.values():
        for (pair,) in by_name.values():
            assert pair.base.size == pair.head.size >= 1
            assert {Clock.WALL, Clock.CPU} <= set(pair.head.clocks)
    told = capsys.readouterr().out
    assert "round   1 of 1" in told
    assert "10 launches in" in told


def test_the_time_that_is_up_ends_a_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "noise.json.gz"
    assert collected(path, "--only", "command", "--minutes", "0") == 1
    assert not path.exists()
    assert "nothing was measured" in capsys.readouterr().err


@pytest.mark.slow
def test_a_recording_that_is_stopped_keeps_what_was_measured_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    path, scratch = tmp_path / "noise.json.gz", tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.noise.collect", "--only", "sort"),
            *("--load", "1", "--rounds", "999", "--output", str(path)),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(HOUSE), "TMPDIR": str(scratch)},
    ) as collector:
        assert collector.stdout is not None
        assert "round   1 of 999" in collector.stdout.readline()
        below = psutil.Process(collector.pid).children(recursive=True)
        collector.terminate()
        said = collector.stdout.read()
    assert collector.returncode == 0
    assert "what was measured is kept" in said
    assert len(read(path).streams[0]["sort"]) >= 1
    assert len(below) >= 2
    assert left_behind(below) == []
    assert list(scratch.iterdir()) == []


def ended(arguments: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(HOUSE)},
        cwd=folder,
        check=False,
    )


def test_the_rules_own_work_is_told_with_time_and_memory(tmp_path: Path) -> None:
    told = ended(["benchmarks.noise.cost", "30"], tmp_path)
    assert told.stderr == ""
    assert "the rule's own work for 30 benchmarks" in told.stdout
    assert "s of processor time" in told.stdout
