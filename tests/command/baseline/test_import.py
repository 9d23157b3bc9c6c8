"""The history of another tool is taken over, and what is measured is not compared with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from perfci.baselines import load_history
from perfci.model.history import History
from perfci.stores.open import open_store
from tests.command.conftest import App, Run
from tests.readers.histories.test_asv import HERE
from tests.readers.histories.test_bencher import LATENCY, line, perf, point
from tests.readers.histories.test_benchmark_action import bench, entry, script


def take(inside: Run, *arguments: str) -> Any:
    return inside("baseline", "import", *arguments)


def history(app: App, branch: str = "main") -> History:
    return load_history(open_store("file:.perfci", app.root), "app", branch)[0]


@pytest.fixture
def charts(app: App) -> App:
    """Return a repository with a data.js of 25 runs."""
    runs = [
        entry(f"{number:040x}", bench("fib", 100 + number), date=1623781846843 + number * 1000)
        for number in range(25)
    ]
    runs.append(entry("f" * 40, bench("fib", None)))
    app.write("data.js", script({"Rust": runs}).decode())
    return app


def test_charts_become_stored_runs_and_what_was_left_out_is_told(charts: App, inside: Run) -> None:
    answer = take(inside, "data.js")
    assert answer.code == 0, answer
    head, row = (line.split() for line in answer.out.splitlines())
    assert head[0] == "from"
    assert row[:2] == ["github-action-benchmark", "main"]
    assert row[3:6] == ["25", "1", "25"]
    assert "1 left out because the value is no finite number, e.g. fib of fffffff" in answer.err
    assert "--as-environment here" in answer.err
    index = history(charts)
    assert len(index.runs) == 25
    assert list(index.runs[0].points) == ["Rust/fib:latency"]
    assert "imported from github-action-benchmark" in inside("baseline", "show", "latest").out


def test_importing_again_adds_nothing(charts: App, inside: Run) -> None:
    assert take(inside, "data.js").code == 0
    before = history(charts)
    document = json.loads(take(inside, "data.js", "--json").out)
    assert document["new"] == 0
    assert "25 runs are stored already" in document["left_out"]
    assert history(charts) == before


def test_a_dry_run_stores_nothing(charts: App, inside: Run) -> None:
    answer = take(inside, "data.js", "--branch", "dev", "--dry-run")
    assert answer.code == 0, answer
    assert "dev" in answer.out
    assert "nothing was stored" in answer.err
    assert not (charts.root / ".perfci").exists()


def test_a_measured_run_is_compared_with_it_only_where_somebody_says_so(
    charts: App, inside: Run
) -> None:
    charts.settings(
        "benchmarks:\n  - {name: fib, suite: Rust, run: 'true'}\n"
        "measure: {rounds: 3}\nreport: {html: false}\n"
    )
    charts.commit()
    assert take(inside, "data.js").code == 0
    plan = inside("run", "--dry-run", "--json")
    assert json.loads(plan.out)["mode"] == "record"
    assert take(inside, "data.js", "--as-environment", "here").code == 0
    assert json.loads(inside("run", "--dry-run", "--json").out)["mode"] == "history"


def test_a_folder_of_results_is_imported_whole(app: App, inside: Run) -> None:
    answer = take(inside, str(HERE), "--branch", "main", "--json")
    assert answer.code == 0, answer
    document = json.loads(answer.out)
    (taken,) = document["taken"]
    assert (taken["from"], taken["runs"], taken["values"]) == ("asv", 2, 12)
    assert document["new"] == 2


@pytest.mark.parametrize(
    ("content", "flags", "says"),
    [
        ("{}", (), "is no history that perfci can import"),
        ("window.BENCHMARK_DATA = {", (), "is not valid JSON"),
        ('window.BENCHMARK_DATA = {"entries": {}}', (), "no run was found in data.js"),
        ("{}", ("--format", "asv"), "no run was found in data.js"),
        ("{}", ("--format", "pyperf"), "invalid choice"),
    ],
)
def test_what_is_no_history_is_refused(
    app: App, inside: Run, content: str, flags: tuple[str, ...], says: str
) -> None:
    app.write("data.js", content)
    answer = take(inside, "data.js", *flags)
    assert answer.code == 2
    assert says in answer.err
    assert not (app.root / ".perfci").exists()


def test_a_file_that_is_not_there_is_named(app: App, inside: Run) -> None:
    answer = take(inside, "absent.js")
    assert answer.code == 2
    assert "absent.js cannot be read" in answer.err
    (app.root / "empty").mkdir()
    assert "without a file that could be imported" in take(inside, "empty").err


def keys(app: App, inside: Run, *ingest: str) -> set[str]:
    """Return the keys that `perfci ingest` gives to what the tool itself wrote."""
    answer = inside("ingest", *ingest, "--json")
    assert answer.code == 0, answer
    return {it["key"] for it in json.loads(answer.out)["series"]}


def test_a_history_of_asv_has_the_keys_of_its_results(app: App, inside: Run) -> None:
    results = [str(HERE / "benchmarks.json"), *map(str, HERE.glob("runner/9*.json"))]
    assert take(inside, *results).code == 0
    (run,) = history(app).runs
    assert set(run.points) == keys(app, inside, *results, "--format", "asv")
    assert "default/codec.time_encode:latency" in run.points


def test_a_history_of_bencher_has_the_keys_of_its_own_format(app: App, inside: Run) -> None:
    app.write("perf.json", perf(line("parse [x]", LATENCY, point(7))).decode())
    app.write("bmf.json", json.dumps({"parse [x]": {"latency": {"value": 7}}}))
    assert take(inside, "perf.json").code == 0
    (run,) = history(app).runs
    assert set(run.points) == keys(app, inside, "bmf.json") == {"default/parse[case=x]:latency"}


@pytest.mark.parametrize(
    ("chart", "flags", "suite"),
    [
        ("Benchmark", (), "default"),
        ("Rust", (), "Rust"),
        ("Rust", ("--suite", "unit"), "unit"),
    ],
)
def test_a_history_of_charts_has_the_keys_of_custom_json(
    app: App, inside: Run, chart: str, flags: tuple[str, ...], suite: str
) -> None:
    value = {"name": "fib  (10)", "value": 3, "unit": "ms"}
    app.write("data.js", script({chart: [entry("a" * 40, value)]}).decode())
    app.write("custom.json", json.dumps([value], indent=1))
    assert take(inside, "data.js", *flags).code == 0
    (run,) = history(app).runs
    assert set(run.points) == keys(app, inside, "custom.json", "--suite", suite)
    assert set(run.points) == {f"{suite}/fib (10):latency"}


def test_what_is_imported_continues_where_the_tool_is_read(app: App, inside: Run) -> None:
    app.settings("benchmarks: [{name: unit, results: custom.json}]\nreport: {html: false}\n")
    runs = [
        entry(f"{number:040x}", bench("fib", 100 + number % 3), date=1623781846843 + number * 1000)
        for number in range(6)
    ]
    app.write("data.js", script({"Benchmark": runs}).decode())
    app.write(
        "custom.json", json.dumps([{"name": "fib", "value": 300, "unit": "ns/iter"}], indent=1)
    )
    app.commit()
    flags = ("--suite", "unit", "--as-environment", "here")
    assert take(inside, "data.js", *flags).code == 0
    answer = inside("run")
    assert answer.code == 1, answer
    assert "unit/fib" in answer.out
    assert "regressed" in answer.out


def test_runs_of_no_known_branch_are_not_stored_under_no_name(tmp_path: Path, inside: Run) -> None:
    (tmp_path / "data.js").write_bytes(script({"Rust": [entry("a" * 40, bench("fib", 1))]}))
    refused = inside("baseline", "import", "data.js", cwd=tmp_path)
    assert refused.code == 2
    assert "it is not known of which branch these runs are" in refused.err
    assert "--branch main" in refused.err
    assert not (tmp_path / ".perfci").exists()
    named = inside("baseline", "import", "data.js", "--branch", "main", cwd=tmp_path)
    assert named.code == 0, named


def test_charts_that_meet_in_one_suite_are_told(app: App, inside: Run) -> None:
    entries = [entry("a" * 40, bench("fib", value)) for value in (1, 2)]
    app.write("data.js", script({"Go": entries[:1], "Rust": entries[1:]}).decode())
    answer = take(inside, "data.js", "--suite", "unit")
    assert answer.code == 0, answer
    assert "1 left out because the name occurs twice in one run, e.g. unit/fib" in answer.err
    (run,) = history(app).runs
    assert list(run.points) == ["unit/fib:latency"]
