"""What another tool measured becomes a run that every other command takes."""

import json
import os
from typing import Any

import pytest

from tests.command.conftest import App
from tests.command.given import hyperfine, hyperfine_csv, one_after_another
from tests.readers.tools.reading import FIXTURES

STEADY = tuple(1.0 + step / 1000 for step in range(10))
SLOWER = tuple(1.5 * value for value in STEADY)


def document(app: App, name: str = "perfci-results/run.json") -> Any:
    return json.loads((app.root / name).read_text())


def test_a_run_is_written_once_and_the_same_each_time(app: App) -> None:
    commit = app.commit()
    app.write("a.json", hyperfine(parse=STEADY, pack=STEADY[:2]))
    os.utime(app.root / "a.json", (1_700_000_000, 1_700_000_000))
    told, again = one_after_another(
        app.root, ["ingest", "a.json"], ["ingest", "a.json", "--json", "-o", "other"]
    )
    assert told.code == again.code == 0
    assert "default/parse:latency  s     10        10" in told.out
    assert "2 series from 1 file of hyperfine, 0 failed" in told.out
    assert "measured 2023-11-14 22:13 UTC" in told.out
    assert "this machine, of which the files say nothing" in told.out
    first, second = document(app), document(app, "other/run.json")
    assert first == second
    assert first["id"].startswith("20231114T221320Z-")
    assert first["environment"]["cpu"]
    assert first["environment"]["cores"] > 0
    assert first["project"] == "app"
    assert first["revision"]["commit"] == first["commit"] == commit
    assert first["branch"] == "main"
    assert first["measurements"][0]["launches"] == [[value] for value in STEADY]
    said = json.loads(again.out)
    assert said["id"] == first["id"]
    assert said["series"][1] == {
        "key": "default/pack:latency",
        "unit": "s",
        "direction": "lower",
        "launches": 2,
        "values": 2,
    }


def test_several_files_are_launches_and_several_tools_are_refused(app: App) -> None:
    for number in range(3):
        app.write(f"{number}.json", hyperfine(parse=STEADY[:2]))
    app.write("b.csv", hyperfine_csv(parse=1.5))
    joined, mixed, bad = one_after_another(
        app.root,
        ["ingest", "0.json", "1.json", "2.json", "--suite", "codec", "--commit", "abc"],
        ["ingest", "0.json", "b.csv", "-o", "mixed"],
        ["ingest", "0.json", "--suite", "a/b", "-o", "mixed"],
    )
    assert joined.code == 0
    assert "codec/parse:latency  s     6         6" in joined.out
    assert document(app)["commit"] == "abc"
    assert mixed.code == bad.code == 2
    assert "0.json is of hyperfine and b.csv is of hyperfine-csv" in mixed.err
    assert "'a/b' is no name of a suite" in bad.err
    assert not (app.root / "mixed").exists()


def test_what_the_tool_could_not_measure_is_failed_in_the_run(app: App) -> None:
    text = json.loads(hyperfine(parse=STEADY, pack=STEADY))
    text["results"][1]["exit_codes"][3] = 7
    app.write("a.json", json.dumps(text, indent=1))
    told, gated = one_after_another(
        app.root, ["ingest", "a.json"], ["gate", "perfci-results/run.json"]
    )
    assert told.code == 0
    assert "failed: default/pack: exit code 7" in told.out
    assert gated.code == 2
    assert "exit code 7" in gated.out


@pytest.mark.slow
def test_a_run_of_a_tool_becomes_a_baseline_and_the_next_is_gated_by_it(app: App) -> None:
    app.settings("gate: {rules: [{match: '*', threshold: 20%, level: error}]}\n")
    commands = []
    for number in range(6):
        app.write(f"{number}.json", hyperfine(parse=STEADY))
        os.utime(app.root / f"{number}.json", (1_700_000_000 + number, 1_700_000_000 + number))
        commands += [
            ["ingest", f"{number}.json", "--branch", "main"],
            ["baseline", "promote", "perfci-results/run.json", "--to", "main", "--reason", "ok"],
        ]
    app.write("slow.json", hyperfine(parse=SLOWER))
    *kept, _, red, written, foreign = one_after_another(
        app.root,
        *commands,
        ["ingest", "slow.json", "--branch", "main"],
        ["gate", "perfci-results/run.json"],
        ["report", "perfci-results", "--as", "bmf"],
        ["gate", "slow.json"],
    )
    assert [answer.code for answer in kept] == [0] * 12, kept
    assert red.code == 1, red
    assert "6 runs of main" in red.out
    assert json.loads(written.out)["default/parse"]["latency"]["value"] == pytest.approx(1.50675e9)
    assert foreign.code == 2
    assert "holds results of hyperfine, and here a run of perfci is needed" in foreign.err
    assert "perfci ingest slow.json" in foreign.err


def test_what_a_file_says_of_its_machine_and_time_is_believed(app: App) -> None:
    app.commit()
    source = FIXTURES / "pytest_benchmark" / "full.json"
    told, listed = one_after_another(
        app.root, ["ingest", str(source)], ["ingest", str(source), "--json"]
    )
    assert told.code == 0
    assert "(as the files say)" in told.out
    found = document(app)
    assert found["environment"]["cpu"] == "A processor"
    assert found["environment"]["kernel"] == "Linux 6.1"
    assert found["environment"]["interpreter"] == "CPython 3.11"
    said = json.loads(listed.out)
    assert not said["this_machine"]
    measured = json.loads(source.read_text())["datetime"]
    assert said["started_at"][:19] == measured[:19]


def test_files_and_output_are_seen_from_where_the_person_stands(app: App) -> None:
    app.settings("output: reports\n")
    app.write("deep/a.json", hyperfine(parse=STEADY))
    deep = app.root / "deep"
    answers = one_after_another(deep, ["ingest", "a.json", "-o", "there"], ["ingest", "a.json"])
    assert [answer.code for answer in answers] == [0, 0], answers
    assert (deep / "there/run.json").is_file()
    assert (app.root / "reports/run.json").is_file()
    assert not (app.root / "there").exists()
