"""Which commits made something slower, told from files."""

import json
from pathlib import Path

import pytest

from tests.command.conftest import App, Run
from tests.command.history.series import FASTER, QUIET, SLOWER, ask, lines, series, steps, told


def test_a_step_is_found_at_its_commit_in_base_units(app: App, inside: Run) -> None:
    document = ask(app, inside, lines(series(SLOWER), series(QUIET, name="codec/quiet:latency")))
    slower, quiet = document["series"]
    assert (slower["name"], slower["unit"], slower["direction"]) == (
        "codec/parse:latency",
        "s",
        "lower",
    )
    assert (slower["points"], quiet["points"]) == (60, 60)
    (change,) = slower["change_points"]
    assert (change["index"], change["commit"]) == (30, f"{30:040x}")
    assert change["before"] == pytest.approx(0.010, rel=0.01)
    assert change["after"] == pytest.approx(0.013, rel=0.01)
    assert change["change"] == pytest.approx(0.30, abs=0.02)
    assert 0 <= change["p_value"] < 0.001
    assert quiet["change_points"] == quiet["episodes"] == []
    assert 0 < slower["noise"] < 0.02
    (commit,) = document["commits"]
    assert (commit["commit"], commit["time"][:10]) == (f"{30:040x}", "2025-11-27")
    assert commit["damage"] == pytest.approx(0.262, abs=0.02)
    assert [(it["name"], it["worse"]) for it in commit["series"]] == [("codec/parse:latency", True)]


def test_the_verdict_comes_first_and_commits_by_the_damage_they_did(app: App, inside: Run) -> None:
    text = lines(
        series(SLOWER, name="a/small:latency"),
        series(steps((10.0, 40), (20.0, 20)), name="b/large:latency"),
        series(FASTER, name="c/faster:latency"),
        series(QUIET, name="d/quiet:latency"),
    )
    out = told(app, inside, text)
    assert out.startswith("2 commits made something slower\n")
    places = [out.index(name) for name in ("b/large", "a/small", "c/faster")]
    assert places == sorted(places)
    assert "+100 %  slower  10.0 -> 20.0 ms" in out
    assert "1 commit only made something better" in out
    assert "1 series quiet" in out
    assert "d/quiet" not in out.partition("Noise")[0]
    assert "▁" in out


def test_changes_of_one_commit_are_told_together(app: App, inside: Run) -> None:
    text = lines(series(SLOWER), series(SLOWER, name="codec/encode:latency"))
    document = ask(app, inside, text)
    (commit,) = document["commits"]
    assert len(commit["series"]) == 2
    assert commit["damage"] == pytest.approx(2 * 0.262, abs=0.04)
    assert told(app, inside, text).startswith("1 commit made something slower\n")


def test_the_largest_of_a_commit_comes_first_for_better_and_for_worse(
    app: App, inside: Run
) -> None:
    heights = {"a": 12.0, "b": 30.0, "c": 8.0, "d": 3.0}
    text = lines(*(series(steps((10.0, 30), (to, 30)), name=n) for n, to in heights.items()))
    out = told(app, inside, text)
    shown = [line.split()[0] for line in out.splitlines() if line.startswith("      ")]
    assert shown == ["b", "a", "d", "c"]


def test_many_commits_are_counted_and_not_all_shown(app: App, inside: Run) -> None:
    # steps 10 points apart, so that none is taken for another's
    records = [
        series(steps((1.0, 20 + 10 * at), (2.0, 320 - 10 * at)), name=f"t{at}") for at in range(28)
    ]
    out = told(app, inside, lines(*records))
    assert out.startswith("28 commits made something slower\n")
    assert sum(line.startswith("      t") for line in out.splitlines()) == 20
    assert "8 more commits made something worse: see --json" in out


def test_less_is_worse_where_more_is_better(app: App, inside: Run) -> None:
    text = lines(series(SLOWER, name="x/y:throughput", unit="ops/s", direction="higher"))
    out = told(app, inside, text)
    assert out.startswith("nothing got slower; 1 commit made something faster\n")
    out = told(app, inside, lines(series(SLOWER[::-1], unit="ops/s", direction="higher")))
    assert out.startswith("1 commit made something slower\n")


def test_nothing_changed_is_said_in_as_many_words(app: App, inside: Run) -> None:
    assert told(app, inside, lines(series(QUIET))).startswith("nothing changed\n")


def test_what_is_too_short_is_not_called_quiet(app: App, inside: Run) -> None:
    few = series(QUIET[:9], name="few")
    out = told(app, inside, lines(few))
    assert out.startswith("there are too few points to tell\n")
    assert "quiet" not in out
    out = told(app, inside, lines(few, series(QUIET)))
    assert out.startswith("nothing changed\n")
    assert "1 series quiet" in out
    assert "1 series too short: a step shows from 10 points on" in out


def test_a_closed_output_is_no_crash(
    app: App, inside: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.write("runs.jsonl", lines(series(QUIET)))
    monkeypatch.setattr("sys.stdout", None)
    assert inside("history", "runs.jsonl").code == 0
    assert inside("history", "runs.jsonl", "--json").code == 0


def test_git_says_whose_commit_it_was_and_which_others_may_have_done_it(
    app: App, inside: Run
) -> None:
    commits = [app.commit(f"change {at}\x1b[31m") for at in range(22)]
    measured = [*commits[:10], *commits[12:]]
    out = told(app, inside, lines(series(steps((1.0, 10), (2.0, 10)), commits=measured)))
    assert "change 12" in out
    assert "(A)" in out
    assert "or one of the 2 before it that were not measured" in out
    assert "\x1b" not in out
    document = ask(app, inside, lines(series(steps((1.0, 10), (2.0, 10)), commits=measured)))
    assert document["commits"][0]["author"] == "A"
    assert document["commits"][0]["subject"].startswith("change 12")


@pytest.mark.parametrize("commit", ["--output=x", "HEAD", "no such\x1b[2J", "0" * 39, "deadbeef"])
def test_a_commit_that_git_does_not_know_is_told_as_the_file_has_it(
    app: App, inside: Run, commit: str
) -> None:
    app.commit()
    app.git("branch", "deadbeef")
    commits = [*map(str, range(10)), *[commit] * 10]
    out = told(app, inside, lines(series(steps((1.0, 10), (2.0, 10)), commits=commits)))
    assert out.startswith("1 commit made something slower\n")
    assert "a change" not in out
    assert "\x1b" not in out
    assert not (app.root / "x").exists()


def test_names_of_strangers_do_no_harm(app: App, inside: Run) -> None:
    name = "##[error]x\x1b]0;t\x07\u202e::warning::" + "n" * 60_000
    out = told(app, inside, lines(series(SLOWER, name=name), series(SLOWER, name="::error::y")))
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "##[" not in out
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
    assert max(map(len, out.splitlines())) <= 120


def test_every_line_fits_a_log_that_knows_only_ascii(app: App, perfci: Run) -> None:
    names = [f"suite/{'long' * 20}{at}µ:latency" for at in range(12)]
    app.write("runs.jsonl", lines(*(series(SLOWER, name=name) for name in names)))
    answer = perfci("history", "runs.jsonl", PYTHONIOENCODING="ascii")
    assert answer.code == 0, answer
    assert answer.out.isascii()
    assert max(map(len, answer.out.splitlines())) <= 120
    assert "4 more series" in answer.out


def test_steps_without_commits_are_told_apart_by_their_times(app: App, inside: Run) -> None:
    rows = zip(SLOWER, steps((5.0, 45), (9.0, 15)), strict=True)
    text = "".join(f"{1_764_163_740 + at * 3600},{a},{b}\n" for at, (a, b) in enumerate(rows))
    app.write("runs.csv", "time,a (ms),b (ms)\n" + text)
    answer = inside("history", "runs.csv")
    assert answer.out.startswith("2 commits made something slower\n")
    assert "  1  2025-11-28 10:29\n" in answer.out


def test_a_folder_of_asv_is_read_whole(app: App, inside: Run) -> None:
    folder = Path(__file__).parents[2] / "readers/histories/asv"
    answer = inside("history", str(folder), "--json")
    assert answer.code == 0, answer
    assert {each["points"] for each in json.loads(answer.out)["series"]} == {2}


def test_numbers_of_any_size_are_told_and_stay_json(app: App, inside: Run) -> None:
    records = [
        series(steps((1e-300, 30), (1e300, 30)), name="huge", unit=""),
        series(steps((1e-320, 60)), name="tiny", unit="s"),
        series([0.0] * 30 + [5.0] * 30, name="zeros", unit=""),
        series([-3.0] * 60, name="negative", unit="ms"),
        series([], name="empty"),
        series([1.0], name="one"),
    ]
    document = ask(app, inside, lines(*records))
    assert [each["points"] for each in document["series"]] == [60, 60, 60, 60, 0, 1]
    out = told(app, inside, lines(*records))
    assert max(map(len, out.splitlines())) <= 120
