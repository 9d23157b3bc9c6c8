"""The history of another tool is taken over, and what is measured is not compared with it."""

import json
from typing import Any

import pytest

from perfci.baselines import load_history
from perfci.model.history import History
from perfci.stores.open import open_store
from tests.command.conftest import App, Run
from tests.readers.histories.test_asv import HERE
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
