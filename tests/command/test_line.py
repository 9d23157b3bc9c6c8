"""The whole line from the user's side: record, compare, gate, report."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.command.conftest import App, Run

SETTINGS = """\
benchmarks:
  - {name: sum, suite: numbers, python: 'library:work'}
  - {name: start, suite: numbers, run: [python3, -I, -S, -c, pass], metrics: [latency, cpu_time]}
"""
LIBRARY = "def work():\n    return sum(range({n}))\n"
FILES = {"run.json", "result.json", "report.html", "comment.md", "performance_results.xml"}


@pytest.fixture
def project(app: App) -> App:
    app.settings(SETTINGS)
    app.write("library.py", LIBRARY.format(n=2000))
    app.commit("first")
    return app


def result(app: App, folder: str = "perfci-results") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((app.root / folder / "result.json").read_text())
    return document


def test_the_first_run_records_and_the_second_compares_with_it(project: App, perfci: Run) -> None:
    first = perfci("run")
    assert first.code == 0, first
    assert result(project)["mode"] == "record"
    assert result(project)["verdict"] == "pass"
    assert {path.name for path in (project.root / "perfci-results").iterdir()} >= FILES
    second = perfci("run")
    assert second.code == 0, second
    assert result(project)["mode"] == "history"
    assert "1 run of main" in second.err + second.out
    assert project.git("status", "--porcelain") == "?? perfci-results/"


@pytest.mark.slow
def test_every_promised_field_of_a_finding_is_there(project: App, perfci: Run) -> None:
    assert perfci("run").code == 0
    document = result(project)
    assert document["schema"] == "perfci.result/1"
    (finding, *_) = document["findings"]
    promised = (
        "key suite benchmark parameters metric unit direction outcome severity blocking change "
        "interval base head level launches p_value detectable clock limit accepted reason"
    )
    assert set(promised.split()) <= set(finding)
    assert set(document["summary"]) >= set(
        "total regressed improved unchanged inconclusive new missing failed critical blocking "
        "accepted".split()
    )


@pytest.mark.slow
def test_uncommitted_work_is_judged_against_the_last_commit(project: App, perfci: Run) -> None:
    before = (project.root / ".git" / "index").read_bytes()
    project.write("library.py", LIBRARY.format(n=4000))
    answer = perfci("run", "sum", "--base", "HEAD")
    assert answer.code == 1, answer
    (finding,) = result(project)["findings"]
    assert (finding["outcome"], finding["blocking"]) == ("regressed", True)
    assert finding["change"] > 0.5
    assert "FAIL" in answer.out
    assert (project.root / ".git" / "index").read_bytes() == before
    assert project.git("worktree", "list").count("\n") == 0


@pytest.mark.slow
def test_what_was_measured_is_judged_again_with_the_same_outcome(project: App, perfci: Run) -> None:
    project.write("library.py", LIBRARY.format(n=4000))
    assert perfci("run", "--base", "HEAD").code == 1
    again = perfci("gate", "perfci-results/run.json", "--output", "again")
    assert again.code == 1, again
    outcomes = [
        {item["key"]: (item["outcome"], item["change"]) for item in result(project, at)["findings"]}
        for at in ("perfci-results", "again")
    ]
    assert outcomes[0] == outcomes[1]
    lenient = perfci("gate", "perfci-results/run.json", "--set", "gate.fail_on=none")
    assert lenient.code == 0, lenient


@pytest.mark.slow
def test_a_stored_result_is_rendered_again(project: App, perfci: Run) -> None:
    assert perfci("run").code == 0
    results = project.root / "perfci-results"
    first = {name: (results / name).read_bytes() for name in FILES}
    assert perfci("report", "perfci-results", "--output", "again").code == 0
    for name in ("result.json", "run.json", "performance_results.xml"):
        assert (project.root / "again" / name).read_bytes() == first[name], name
    (results / "run.json").unlink()
    assert perfci("report", "perfci-results/result.json", "--output", "alone").code == 0
    assert (project.root / "alone" / "report.html").stat().st_size > 1000


@pytest.mark.slow
def test_two_files_are_compared(project: App, perfci: Run) -> None:
    assert perfci("run", "--output", "one").code == 0
    project.write("library.py", LIBRARY.format(n=20_000))
    assert perfci("run", "--mode", "record", "--output", "two").code == 0
    answer = perfci("compare", "one/run.json", "two/run.json")
    assert answer.code == 1, answer
    assert "numbers/sum" in answer.out
    document = json.loads(perfci("compare", "one/run.json", "two/run.json", "--json").out)
    outcomes = {item["key"]: item["outcome"] for item in document["findings"]}
    assert outcomes["numbers/sum:latency"] == "regressed"
    assert all(not (project.root / name).exists() for name in ("result.json", "perfci-results"))


@pytest.mark.slow
def test_junit_is_well_formed_and_counts_its_failures(project: App, perfci: Run) -> None:
    project.write("library.py", LIBRARY.format(n=4000))
    assert perfci("run", "--base", "HEAD").code == 1
    path = project.root / "perfci-results" / "performance_results.xml"
    root = ET.fromstring(path.read_bytes())
    assert root.get("failures") == "1"
    (failure,) = root.iter("failure")
    assert "slower" in (failure.get("message") or "")


@pytest.mark.slow
def test_what_was_not_asked_for_is_not_missing(project: App, perfci: Run) -> None:
    assert perfci("run").code == 0
    assert perfci("run", "sum").code == 0
    assert [item["key"] for item in result(project)["findings"]] == ["numbers/sum:latency"]
    project.settings(SETTINGS.replace("  - {name: sum", "  - {name: add"))
    assert perfci("run").code == 0
    assert "numbers/start:latency" in json.dumps(result(project))
    assert result(project)["summary"]["missing"] == 1


def test_a_dry_run_measures_nothing(project: App, perfci: Run) -> None:
    answer = perfci("run", "--dry-run")
    assert answer.code == 0, answer
    assert "numbers/sum" in answer.out
    assert "mode record" in answer.out
    assert not (project.root / "perfci-results").exists()
    document = json.loads(perfci("run", "--dry-run", "--json").out)
    assert [item["benchmark"] for item in document["benchmarks"]] == [
        "numbers/sum",
        "numbers/start",
    ]


def test_the_list_shows_every_series_with_its_limit(project: App, perfci: Run) -> None:
    rows = json.loads(perfci("list", "--json").out)
    assert [row["series"] for row in rows] == [
        "numbers/sum:latency",
        "numbers/start:latency",
        "numbers/start:cpu_time",
    ]
    assert {row["blocks from"] for row in rows} == {"10 %"}
    assert "perfci.yml, line 2" in perfci("list").out


@pytest.mark.slow
def test_a_seed_repeats_the_order_of_a_run(project: App, perfci: Run) -> None:
    def order(folder: str) -> list[tuple[str, int]]:
        assert perfci("run", "--mode", "record", "--seed", "5", "--output", folder).code == 0
        run = json.loads((project.root / folder / "run.json").read_text())
        return sorted(
            (item["key"], place["position"])
            for item in run["measurements"]
            for place in item["rounds"]
        )

    assert order("one") == order("two")


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["github", "gitlab", "jenkins"])
def test_init_writes_settings_that_run(app: App, perfci: Run, platform: str) -> None:
    app.write("benchmarks/bench_numbers.py", "def bench_sum():\n    return sum(range(1000))\n")
    answer = perfci("init", platform)
    assert answer.code == 0, answer
    assert "1 benchmark function" in answer.out
    app.commit()
    assert perfci("run").code == 0
    assert result(app)["findings"][0]["key"] == "numbers/sum:latency"
    refused = perfci("init", platform)
    assert refused.code == 2
    assert "--force" in refused.err


def test_init_never_touches_what_is_there(app: App, perfci: Run) -> None:
    app.settings("project: mine\n")
    assert perfci("init", "github").code == 0
    assert (app.root / "perfci.yml").read_text() == "project: mine\n"
    assert (app.root / ".github" / "workflows" / "performance.yml").is_file()


@pytest.mark.slow
def test_the_doctor_says_what_is_wrong(project: App, perfci: Run) -> None:
    assert perfci("doctor").code == 0
    project.settings("benchmark: []\n")
    answer = perfci("doctor")
    assert answer.code == 2
    assert "did you mean benchmarks" in answer.out
    checks = json.loads(perfci("doctor", "--json").out)
    assert {item["check"] for item in checks} >= {"machine", "clock", "git", "settings", "store"}


def test_schema_and_formats_are_printed(project: App, perfci: Run) -> None:
    assert "benchmarks" in json.loads(perfci("schema").out)["properties"]
    formats = [row["format"] for row in json.loads(perfci("formats", "--json").out)]
    assert formats == sorted(formats)
    assert {"perfci", "hyperfine"} <= set(formats)


def test_a_pull_request_on_github_is_measured_side_by_side(
    project: App, perfci: Run, tmp_path: Path
) -> None:
    base = project.git("rev-parse", "HEAD")
    project.write("library.py", LIBRARY.format(n=4000))
    head = project.commit("slower")
    event = {
        "number": 7,
        "repository": {"id": 1, "full_name": "o/app", "default_branch": "main"},
        "pull_request": {
            "number": 7,
            "base": {"sha": base, "ref": "main", "repo": {"id": 1, "full_name": "o/app"}},
            "head": {"sha": head, "ref": "slow", "repo": {"id": 1, "full_name": "o/app"}},
        },
    }
    (tmp_path / "event.json").write_text(json.dumps(event))
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    outputs.touch()
    summary.touch()
    answer = perfci(
        "run",
        "sum",
        GITHUB_ACTIONS="true",
        CI="true",
        GITHUB_EVENT_NAME="pull_request",
        GITHUB_EVENT_PATH=str(tmp_path / "event.json"),
        GITHUB_REPOSITORY="o/app",
        GITHUB_SHA=head,
        GITHUB_OUTPUT=str(outputs),
        GITHUB_STEP_SUMMARY=str(summary),
        **{"INPUT_FAIL-ON": "major"},
    )
    assert answer.code == 1, answer
    assert "pull request 7" in answer.err
    assert "verdict<<" in outputs.read_text()
    assert "numbers/sum" in summary.read_text()
    assert not (project.root / ".perfci").exists(), "a pull request never writes a baseline"


@pytest.mark.slow
def test_a_benchmark_that_the_change_brings_is_new(project: App, perfci: Run) -> None:
    project.write("newer.py", "def work():\n    return 1\n")
    project.settings(SETTINGS + "  - {name: newer, suite: numbers, python: 'newer:work'}\n")
    project.commit()
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 0, answer
    outcomes = {item["benchmark"]: item["outcome"] for item in result(project)["findings"]}
    assert outcomes["newer"] == "new"
    assert "head alone was measured" in answer.out + answer.err


@pytest.mark.slow
def test_what_was_merged_since_the_branch_was_left_is_none_of_heads_doing(
    project: App, perfci: Run
) -> None:
    project.git("checkout", "-q", "-b", "feature")
    project.write("library.py", LIBRARY.format(n=2000) + "# a comment\n")
    project.commit()
    project.git("checkout", "-q", "main")
    project.write("library.py", LIBRARY.format(n=200))
    project.commit("much faster")
    project.git("checkout", "-q", "feature")
    answer = perfci("run", "sum", "--base", "main")
    assert answer.code == 0, answer
    assert "main has moved on" in answer.out + answer.err
    assert result(project)["summary"]["regressed"] == 0


@pytest.mark.slow
def test_a_change_of_nothing_but_settings_can_be_merged(project: App, perfci: Run) -> None:
    project.settings(SETTINGS + "gate: {fail_on: major}\n")
    project.commit()
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 0, answer
    assert "only perfci.yml changed" in answer.out + answer.err


@pytest.mark.slow
def test_an_experiment_beside_its_base_is_no_baseline(project: App, perfci: Run) -> None:
    project.write("library.py", LIBRARY.format(n=200))
    assert perfci("run", "sum", "--base", "HEAD").code == 0
    project.git("checkout", "-q", "library.py")
    assert perfci("run", "sum").code == 0
    assert result(project)["mode"] == "record"


@pytest.mark.slow
def test_settings_may_lie_elsewhere(project: App, perfci: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yml").write_text(SETTINGS)
    answer = perfci("run", "sum", "--config", str(tmp_path / "elsewhere.yml"))
    assert answer.code == 0, answer
    assert (project.root / "perfci-results" / "result.json").is_file()


@pytest.mark.slow
def test_an_early_end_leaves_no_earlier_answer_behind(project: App, perfci: Run) -> None:
    assert perfci("run").code == 0
    project.settings("setup: exit 3\n" + SETTINGS)
    assert perfci("run").code == 2
    assert not (project.root / "perfci-results" / "result.json").exists()


@pytest.mark.slow
def test_the_command_that_repeats_a_run_names_what_was_asked_for(project: App, perfci: Run) -> None:
    assert perfci("run", "sum", "--rounds", "3", "--seed", "9").code == 0
    assert result(project)["reproduce"] == "perfci run sum --rounds 3 --seed 9"


@pytest.mark.slow
def test_memory_below_what_can_be_read_is_never_called_unchanged(project: App, perfci: Run) -> None:
    tiny = "  - {name: tiny, run: [sleep, '0'], metrics: [memory_usage]}\n"
    project.settings(SETTINGS + tiny)
    project.write("library.py", LIBRARY.format(n=2001))
    assert perfci("run", "tiny", "--base", "HEAD").code == 0
    (finding,) = result(project)["findings"]
    assert finding["outcome"] == "inconclusive"
    assert "smallest peak of memory" in finding["reason"]


@pytest.mark.slow
def test_a_function_whose_forked_child_comes_back_is_refused(project: App, perfci: Run) -> None:
    work = "import os\n\n\ndef work():\n    if not os.fork():\n        {child}\n    os.wait()\n"
    project.write("library.py", work.format(child="return"))
    project.settings("benchmarks:\n  - {name: sum, python: 'library:work'}\n")
    answer = perfci("run", "--rounds", "2")
    assert answer.code == 2, answer
    assert "its child returns as if it were the benchmark" in answer.out

    project.write("library.py", work.format(child="os._exit(0)"))
    assert perfci("run", "--rounds", "2").code == 0
    run = json.loads((project.root / "perfci-results" / "run.json").read_text())
    assert [len(values) for values in run["measurements"][0]["launches"]] == [10, 10]
