"""Values that are no measurements never pass, whatever file they come in."""

import copy
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfci.__main__ import main
from tests.command.conftest import App, Run, environment

Json = dict[str, Any]
KEY = "codec/parse:memory_usage"
GOOD = [
    [100.0, 101.0],
    [101.0, 100.0],
    [100.0, 99.0],
    [100.0, 100.0],
    [99.5, 100.0],
    [100.0, 100.5],
]
TWICE = [[200.0, 201.0]] * 6
"""Half as fast as GOOD, so that the wrong side of a doubt would be red, or green."""


def measured(launches: Any = GOOD, **more: Any) -> Json:
    found = {"key": KEY, "unit": "B", "direction": "lower", "launches": copy.deepcopy(launches)}
    return found | more


def run(*head: Json, base: list[Json] | None = None, **more: Any) -> Json:
    machine = {"cpu": "x", "cores": 2, "kernel": "Linux 6.8"}
    document: Json = {"schema": "perfci.run/1", "mode": "paired", "environment": machine}
    document |= {"measurements": list(head), "base": {"measurements": base}}
    return document | more


def both(head: Any = GOOD, base: Any = GOOD) -> Json:
    return run(measured(head), base=[measured(base)])


def with_value(value: object, side: str) -> Json:
    bad = copy.deepcopy(GOOD)
    bad[1] = [value, 100.0]  # type: ignore[list-item]
    return both(**{side: bad})


class Door:
    """The command in this process: a process of its own for every value would take minutes."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.err = ""
        self.findings: list[Json] = []

    def __call__(self, *arguments: str) -> int:
        self._capsys.readouterr()
        code = main([*arguments, "--json"])
        out, self.err = self._capsys.readouterr()
        self.findings = json.loads(out)["findings"] if out else []
        assert code in {0, 1, 2}
        assert "internal error" not in self.err
        return code

    def gate(self, document: Json | str) -> int:
        """Judge one run; return the exit code."""
        text = document if isinstance(document, str) else json.dumps(document)
        Path("run.json").write_text(text)
        return self("gate", "run.json")


@pytest.fixture
def door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Door]:
    """Return the command in an empty project, with the variables of a plain session."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.environ", environment())
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield Door(capsys)
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_what_is_sound_is_judged(door: Door) -> None:
    assert door.gate(both()) == 0
    assert [item["outcome"] for item in door.findings] == ["unchanged"]


@pytest.mark.parametrize("side", ["head", "base"])
@pytest.mark.parametrize("value", [-1.0, 0, 1e308, -1e308])
def test_a_value_that_no_ratio_can_be_made_of_fails_by_launch_side_and_value(
    door: Door, value: float, side: str
) -> None:
    assert door.gate(with_value(value, side)) == 2
    (finding,) = door.findings
    assert finding["outcome"] == "failed"
    assert f"aunch 2 of {side} holds {value:g}" in finding["reason"]

    files = {"head": both(), "base": both(), side: with_value(value, "head")}
    for name, document in files.items():
        Path(f"{name}.json").write_text(json.dumps(document))
    assert door("compare", "base.json", "head.json") == 2
    (finding,) = door.findings
    assert finding["outcome"] == "failed"
    assert f"aunch 2 of {side} holds {value:g}" in finding["reason"]


@pytest.mark.parametrize("side", ["head", "base"])
@pytest.mark.parametrize("value", ["1", "NaN", None, True, [], {}, 10**400])
def test_what_is_no_number_is_refused_with_its_path(door: Door, value: object, side: str) -> None:
    assert door.gate(with_value(value, side)) == 2
    where = "measurements[0].launches[1][0] is "
    assert f"run.json: {'base.' if side == 'base' else ''}{where}" in door.err


@pytest.mark.parametrize(
    "word", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "0x10", "\u0661"]
)
def test_a_number_that_json_does_not_know_is_refused(door: Door, word: str) -> None:
    assert door.gate(json.dumps(both()).replace("99.5", word, 1)) == 2
    assert "run.json" in door.err
    assert "make it again" in door.err


def numbered(*numbers: int, **more: Any) -> Json:
    rounds = [{"number": it, "position": at} | more for at, it in enumerate(numbers)]
    return {"rounds": rounds}


REFUSED = [
    (both([*GOOD[:3], []]), "measurements[0].launches[3] has no values"),
    (both([[]]), "measurements[0].launches[0] has no values"),
    (both([]), "measurements[0].launches holds not one launch"),
    (both(GOOD, []), "base.measurements[0].launches holds not one launch"),
    (both([100.0, 101.0]), "measurements[0].launches[0] is not a list of numbers"),
    (
        run(measured(), measured(TWICE), base=[measured()]),
        f"measurements[1] is of {KEY}, and so is measurements[0]",
    ),
    (
        run(measured(), base=[measured(), measured(TWICE)]),
        f"base.measurements[1] is of {KEY}, and so is measurements[0]",
    ),
    (
        run(measured(**numbered(1, 2, 3, 2, 5, 6)), base=[measured()]),
        "measurements[0].rounds[3].number is 2, which an earlier launch is called, too",
    ),
    (
        run(measured(**numbered(0, 1, 2, 3, 4, 5)), base=[measured()]),
        "measurements[0].rounds[0].number is less than 1",
    ),
    (run(measured(), base=None), "base.measurements is missing, though mode is paired"),
    (
        run(measured(TWICE), base=[measured()], mode="record"),
        "base.measurements is there, though mode is record",
    ),
    (run(measured(), base=[measured()], rounds=0), "rounds is less than 1"),
    (run(measured(), base=[measured()], rounds=-3), "rounds is less than 1"),
    (run(measured(iterations=0), base=[measured()]), "measurements[0].iterations is less than 1"),
    (run(measured(sensitivity=0), base=[measured()]), "measurements[0].sensitivity is not in"),
    (run(measured(sensitivity=5), base=[measured()]), "measurements[0].sensitivity is not in"),
    (
        run(measured(rounds=[{"number": 1, "position": 0}]), base=[measured()]),
        "measurements[0].rounds has 1 entries for 6 launches",
    ),
    (
        run(measured(**numbered(1, 2, 3, 4, 5, 6, cpu=[1.0])), base=[measured()]),
        "measurements[0].launches[0] has no values, or not as many in each clock",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("document", "says"), REFUSED, ids=[says[:60] for _, says in REFUSED])
def test_a_run_that_contradicts_itself_is_refused_with_the_path(
    door: Door, document: Json, says: str
) -> None:
    assert door.gate(document) == 2
    assert f"run.json: {says}" in door.err
    assert door.findings == []


UNDECIDED = [
    (both([[100.0]], [[100.0]]), "with 1 launch a side a worsening of"),
    (both([[200.0]], [[100.0]]), "with 1 launch a side a worsening of"),
    (both(TWICE[:2], GOOD[:2]), "with 2 launches a side a worsening of"),
    (both(GOOD[:2]), "with 2 launches a side a worsening of"),
    (
        run(measured(**numbered(4, 5, 6, 7, 8, 9)), base=[measured()]),
        "with 3 launches a side a worsening of",
    ),
    (run(measured(GOOD[:2]), base=[measured(GOOD[:2])], rounds=2), "fewer than 3 launches"),
]


@pytest.mark.parametrize(("document", "says"), UNDECIDED, ids=range(len(UNDECIDED)))
def test_too_little_to_decide_is_inconclusive_with_the_reason(
    door: Door, document: Json, says: str
) -> None:
    assert door.gate(document) == 0
    (finding,) = door.findings
    assert finding["outcome"] == "inconclusive"
    assert says in finding["reason"]
    assert door.gate(document | {"measurements": []}) == 2, "nothing measured is no pass"


def test_one_launch_in_each_of_two_files_is_weak_evidence_for_anything(door: Door) -> None:
    Path("base.json").write_text(json.dumps(run(measured([[100.0]]), mode="files")))
    Path("head.json").write_text(json.dumps(run(measured([[108.0]]), mode="files")))
    assert door("compare", "base.json", "head.json") == 0
    (finding,) = door.findings
    assert (finding["outcome"], finding["weak"]) == ("inconclusive", True)
    assert "one launch on a side does not show how far launches spread" in finding["reason"]


def test_launches_that_were_read_by_different_clocks_fail(door: Door) -> None:
    timed = {"key": "codec/parse:latency", "unit": "s"}
    head, base = measured(clock="cpu") | timed, measured(clock="wall") | timed
    assert door.gate(run(head, base=[base])) == 2
    assert "not all read by one clock" in door.findings[0]["reason"]


def test_sides_in_different_units_fail(door: Door) -> None:
    assert door.gate(run(measured(unit="kB"), base=[measured()])) == 2
    assert "The units differ: B in base, kB in head" in door.findings[0]["reason"]


def test_a_side_with_more_values_a_launch_and_gaps_between_numbers_is_compared(door: Door) -> None:
    gaps = numbered(1, 3, 4, 8, 9, 12)
    head = measured([[first] for first, _ in GOOD], **gaps)
    assert door.gate(run(head, base=[measured(**gaps)])) == 0
    assert [item["outcome"] for item in door.findings] == ["unchanged"]
    worse = measured([[first] for first, _ in TWICE], **gaps)
    assert door.gate(run(worse, base=[measured(**gaps)])) == 0
    assert [item["outcome"] for item in door.findings] == ["inconclusive"], "never confirmed"


@pytest.mark.slow
def test_a_dry_run_tells_its_doubts_on_standard_error_and_measures_nothing(
    app: App, perfci: Run
) -> None:
    app.settings(
        "benchmarks:\n  - {name: quick, run: [touch, measured]}\n"
        "gate:\n  rules:\n    - {match: '*', threshold: 500%}\n    - {match: '*', threshold: 5%}\n"
    )
    answer = perfci("run", "--dry-run")
    assert answer.code == 0, answer
    assert "the rule '*' (perfci.yml, line 5) blocks from 500 % on" in answer.err
    assert "the rule '*' (perfci.yml, line 6) is never used" in answer.err
    assert "warning" not in answer.out
    assert not (app.root / "measured").exists()


def test_what_is_expected_and_not_configured_is_refused_before_it_is_measured(
    app: App, perfci: Run
) -> None:
    app.settings("benchmarks:\n  - {name: quick, run: [touch, measured]}\nexpect: [default/quik]\n")
    answer = perfci("run")
    assert answer.code == 2, answer
    assert "'default/quik' is expected, but no configured benchmark is called so" in answer.err
    assert "(perfci.yml, line 3); did you mean default/quick?" in answer.err
    assert not (app.root / "measured").exists()


@pytest.mark.slow
def test_a_callable_that_turns_the_clock_is_timed_all_the_same(app: App, perfci: Run) -> None:
    app.write(
        "library.py",
        "import time\n\n\ndef work():\n    time.perf_counter_ns = lambda: -5\n"
        "    time.perf_counter = lambda: float('nan')\n    return sum(range(2000))\n",
    )
    app.settings("benchmarks:\n  - {name: work, python: 'library:work'}\n")
    answer = perfci("run", "--rounds", "2")
    assert answer.code == 0, answer
    document = json.loads((app.root / "perfci-results/run.json").read_text())
    values = [it for launch in document["measurements"][0]["launches"] for it in launch]
    assert values
    assert all(0.0 < value < 1.0 for value in values)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["https:", "git:https:", "gitlab:https:", "s3:"])
def test_a_login_in_a_stores_address_is_refused_and_not_repeated(
    app: App, perfci: Run, kind: str
) -> None:
    app.settings("benchmarks: [{name: a, run: 'true'}]\n")
    answer = perfci("run", "--store", f"{kind}//user:hunter2hunter2@example.org/x")
    assert answer.code == 2, answer
    assert "credentials come from the environment" in answer.err
    assert "hunter2" not in answer.out + answer.err
