"""A regression on a branch: red with every push, until somebody accepts it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from perfci.baselines import load_history, run_id
from perfci.ports import Store
from perfci.schema import stored
from perfci.stores.open import open_store
from tests.baselines.branch import ENCODE, PARSE, drawn, keep_one, keep_row
from tests.command.conftest import App, Run
from tests.stores.branch import FOLDER, job

SETTINGS = """\
benchmarks:
  - {name: hold, suite: memory, run: [python3, -I, -S, hold.py], metrics: [memory_usage]}
measure: {rounds: 3}
report: {html: false}
"""
ACCEPT = ("baseline", "accept", "memory/*", "--reason", "it holds more")


def holds(app: App, megabytes: int) -> None:
    """Let the benchmark take as much memory: a cost that no busy neighbour changes."""
    app.write("hold.py", f"x = bytes([1]) * {megabytes}_000_000\n")
    app.commit(f"{megabytes} MB")


def kept(app: App) -> Store:
    return open_store("file:.perfci", app.root)


def multiply(app: App, times: int) -> None:
    """Store the only run again, as if it had been measured so many times before."""
    folder = app.root / ".perfci/v1/app/branches/main"
    (path,) = (folder / "runs").iterdir()
    first = stored.load(path.read_bytes(), "")
    for number in range(1, times):
        moment = first.recording.run.started_at - timedelta(minutes=number)
        identity = run_id(moment, f"{number:08x}")
        run = replace(first.recording.run, id=identity, started_at=moment)
        again = replace(first, recording=replace(first.recording, run=run))
        (folder / "runs" / f"{identity}.json.gz").write_bytes(stored.dump(again))
    (folder / "history.json").unlink()


def outcome(app: App) -> str:
    result = json.loads((app.root / "perfci-results/result.json").read_text())
    (finding,) = result["findings"]
    assert result["mode"] == "history"
    found: str = finding["outcome"]
    return found


@pytest.mark.slow
def test_a_branch_is_red_until_it_is_accepted_and_then_a_second_jump_is_red(
    app: App, perfci: Run
) -> None:
    app.settings(SETTINGS)
    holds(app, 30)
    assert perfci("run").code == 0
    multiply(app, 6)

    holds(app, 60)
    red = perfci("run")
    assert red.code == 1, red
    assert "to accept it: perfci baseline accept memory/hold --reason" in red.out
    assert perfci("run").code == 1, "it stays red with every push"

    answer = perfci(*ACCEPT)
    assert answer.code == 0, answer
    assert "memory/hold:memory_usage" in answer.out
    assert "2 runs of " in answer.out
    assert "From the next run on, memory/hold:memory_usage is compared with 6" in answer.out
    (app.root / ".perfci/v1/app/branches/main/history.json").unlink()

    green = perfci("run")
    assert green.code == 0, green
    assert outcome(app) != "regressed"
    assert perfci("run").code == 0, "it stays green"

    holds(app, 120)
    assert perfci("run").code == 1
    assert outcome(app) == "regressed"
    again = perfci("baseline", "accept", "*", "--reason", "once more", "--json")
    (entry,) = json.loads(again.out)["accepted"]
    assert 60e6 < entry["before"] < 90e6
    assert 120e6 < entry["level"] < 150e6


@pytest.mark.slow
def test_what_an_entry_accepts_begins_a_new_level_too(app: App, perfci: Run) -> None:
    app.settings(SETTINGS)
    holds(app, 30)
    assert perfci("run").code == 0
    multiply(app, 6)
    entry = "gate: {accept: [{match: 'memory/*', reason: it holds more}]}\n"
    app.settings(SETTINGS + entry)
    holds(app, 60)
    assert perfci("run").code == 0
    assert outcome(app) == "regressed"

    app.settings(SETTINGS)
    app.commit("the entry is gone")
    answer = perfci("run")
    assert answer.code == 0, answer
    assert outcome(app) != "regressed"


@pytest.mark.slow
def test_a_worsening_right_after_an_accepted_one_is_red(app: App, perfci: Run) -> None:
    app.settings(SETTINGS)
    holds(app, 30)
    assert perfci("run").code == 0
    multiply(app, 6)
    app.settings(SETTINGS + "gate: {accept: [{match: 'memory/*', reason: it holds more}]}\n")
    holds(app, 60)
    assert perfci("run").code == 0

    # one run is stored at this level; those before it tell how little runs spread
    app.settings(SETTINGS)
    holds(app, 78)
    answer = perfci("run")
    assert answer.code == 1, answer
    assert outcome(app) == "regressed"


@pytest.fixture
def red(app: App) -> App:
    """Return a repository with a stored branch on which two series are regressed."""
    for number, letter in enumerate("ooorr", 1):
        keep_one(kept(app), number, {PARSE: drawn(letter), ENCODE: drawn(letter)})
    return app


def accept(perfci: Run, *arguments: str) -> Any:
    return perfci("baseline", "accept", *arguments, "--branch", "feature")


def accepted(app: App) -> set[str]:
    history, _ = load_history(kept(app), "app", "feature")
    return {key for run in history.runs for key, point in run.points.items() if point.accepted}


def test_only_what_matches_is_accepted(red: App, perfci: Run) -> None:
    answer = accept(perfci, "codec/parse", "--reason", "safer")
    assert answer.code == 0, answer
    assert accepted(red) == {PARSE}
    assert "1.00 s" in answer.out
    assert "+100 %" in answer.out
    assert "is compared with 2.00 s" in answer.out
    assert "Accepted on feature: safer" in answer.out
    assert f"kept in file:.perfci/{FOLDER}/acceptances/" in answer.out


def test_the_answer_for_programs_is_in_base_units(red: App, perfci: Run) -> None:
    answer = accept(perfci, "*", "--reason", "safer", "--json")
    document = json.loads(answer.out)
    assert document["reason"] == "safer"
    assert not document["dry_run"]
    entry, _ = document["accepted"]
    runs = [{"id": job(number).run.id, "commit": "e4f5"} for number in (4, 5)]
    environment = job(1).run.environment.fingerprint
    assert entry == {
        "key": ENCODE,
        "environment": environment,
        "unit": "s",
        "before": 1.0,
        "level": 2.0,
        "change": 1.0,
        "runs": runs,
    }


def test_a_dry_run_changes_nothing(red: App, perfci: Run) -> None:
    before = kept(red).list("")
    answer = accept(perfci, "*", "--reason", "safer", "--dry-run")
    assert answer.code == 0, answer
    assert "these 2 series would be compared with what was accepted" in answer.out
    assert "Nothing was changed" in answer.out
    assert kept(red).list("") == before
    assert accepted(red) == set()
    document = json.loads(accept(perfci, "*", "--reason", "x", "--dry-run", "--json").out)
    assert document["dry_run"]
    assert document["kept"] == ""


def test_a_glob_that_matches_nothing_accepts_nothing_and_names_what_is_regressed(
    red: App, perfci: Run
) -> None:
    answer = accept(perfci, "codec/parse", "codec/prase", "--reason", "safer")
    assert answer.code == 2
    assert "'codec/prase' matches nothing that is regressed" in answer.err
    assert f"regressed now: {ENCODE}, {PARSE}" in answer.err
    assert accepted(red) == set()


def test_where_nothing_is_regressed_there_is_nothing_to_accept(app: App, perfci: Run) -> None:
    empty = accept(perfci, "*", "--reason", "safer")
    assert empty.code == 2
    assert "no run of feature is stored in file:.perfci" in empty.err
    assert "--branch" in empty.err
    keep_row(kept(app), "oon")
    answer = accept(perfci, "*", "--reason", "safer")
    assert answer.code == 2
    assert "nothing is regressed in the newest stored runs of feature" in answer.err


@pytest.mark.parametrize("reason", [(), ("--reason", " \x1b[1m")])
def test_without_a_reason_nothing_is_accepted(
    red: App, perfci: Run, reason: tuple[str, ...]
) -> None:
    answer = accept(perfci, "*", *reason)
    assert answer.code == 2
    assert "--reason" in answer.err
    assert accepted(red) == set()


def test_a_hostile_reason_is_kept_and_shown_harmless(red: App, perfci: Run) -> None:
    answer = accept(perfci, "*", "--reason", "::error::\x1b[31mred\u202e\n##[error]x \udcff")
    assert answer.code == 0, answer
    assert not {"\x1b", "\u202e", "\udcff"} & set(answer.out)
    assert "##[error]" not in answer.out
    assert not [line for line in answer.out.splitlines() if line.startswith("::")]
    again = load_history(kept(red), "app", "feature")[0]
    kept(red).delete(f"{FOLDER}/history.json")
    assert load_history(kept(red), "app", "feature") == (again, ())


@pytest.mark.slow
def test_a_series_is_named_as_the_settings_call_it_now(red: App, perfci: Run) -> None:
    red.settings("renamed: {codec/parse: codec/read}\n")
    assert accept(perfci, "codec/parse", "--reason", "safer").code == 2
    answer = accept(perfci, "codec/read", "--reason", "safer")
    assert answer.code == 0, answer
    assert "codec/read:latency" in answer.out
    assert accepted(red) == {PARSE}


def test_help_shows_what_there_is(app: App, perfci: Run) -> None:
    assert perfci("baseline").code == 2
    text = perfci("baseline", "--help").out
    for verb in ("accept", "list", "show", "promote", "prune", "import", "export"):
        assert f"    {verb} " in text
        assert f"example: perfci baseline {verb}" in perfci("baseline", verb, "--help").out
