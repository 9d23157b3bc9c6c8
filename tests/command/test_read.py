"""Other tools' benchmarks as the command runs and reads them: `read` and `results`."""

import json
import os
from typing import Any

import pytest

from tests.command.conftest import App, Run

TOOL = """
import random, sys
lines = ["goos: linux", "PASS"]
for line in open("speeds"):
    name, _, speed = line.strip().partition(" ")
    if speed == "broken":
        lines.insert(1, f"--- FAIL: Benchmark{name}\\n    parse_test.go:9: no such file")
    else:
        lines.insert(1, f"Benchmark{name}-2 100 {float(speed) * random.uniform(1, 1.01):.1f} ns/op")
print("building ...", file=sys.stderr)
print("\\n".join(lines))
"""
SETTINGS = """
benchmarks:
  - name: unit
    run: python3 bench.py
    read: go
"""


@pytest.fixture
def tool(app: App) -> App:
    """Return a repository whose benchmarks are another tool's."""
    app.settings(SETTINGS)
    app.write("bench.py", TOOL)
    app.write("speeds", "Parse 1000\nEncode 50000\n")
    app.commit("first")
    return app


def document(app: App, name: str = "result.json") -> Any:
    return json.loads((app.root / "perfci-results" / name).read_text())


def outcomes(app: App) -> dict[str, str]:
    return {found["key"]: found["outcome"] for found in document(app)["findings"]}


@pytest.mark.slow
def test_each_of_a_tools_benchmarks_is_judged_by_launches_of_the_tool(
    tool: App, perfci: Run
) -> None:
    tool.write("speeds", "Parse 1300\nEncode 50000\n")

    answer = perfci("run", "--base", "HEAD")

    assert answer.code == 1, answer.err
    assert outcomes(tool) == {
        "unit/BenchmarkParse:latency": "regressed",
        "unit/BenchmarkEncode:latency": "unchanged",
    }
    (parse,) = [it for it in document(tool)["findings"] if "Parse" in it["key"]]
    assert parse["change"] == pytest.approx(0.3, abs=0.02)
    assert parse["head"] == pytest.approx(1.3e-6, rel=0.02)
    run = document(tool, "run.json")
    numbers = [
        [launch["number"] for launch in it["rounds"]]
        for side in (run, run["base"])
        for it in side["measurements"]
    ]
    assert len(numbers) == 4
    assert numbers == [numbers[0]] * 4, "one launch of the tool is one of each of its benchmarks"


@pytest.mark.slow
def test_what_comes_goes_and_breaks_within_a_tool_is_told_by_its_own_name(
    tool: App, perfci: Run
) -> None:
    tool.write("speeds", "Parse 1000\nDecode 70\n")

    answer = perfci("run", "--base", "HEAD")

    assert answer.code == 0, answer.err
    assert outcomes(tool) == {
        "unit/BenchmarkParse:latency": "unchanged",
        "unit/BenchmarkDecode:latency": "new",
        "unit/BenchmarkEncode:latency": "missing",
    }
    tool.write("speeds", "Parse 1000\nEncode broken\n")
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 2
    assert outcomes(tool)["unit/BenchmarkParse:latency"] == "unchanged"
    (broken,) = [it for it in document(tool)["findings"] if it["outcome"] == "failed"]
    assert broken["key"] == "unit/BenchmarkEncode:latency"
    assert "could not be measured" in broken["reason"]


@pytest.mark.slow
def test_what_base_cannot_run_is_measured_on_head_alone(tool: App, perfci: Run) -> None:
    tool.write("bench.py", "raise SystemExit(3)\n")
    tool.commit("broken")
    tool.write("bench.py", TOOL)
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 0, answer.err
    assert set(outcomes(tool).values()) == {"new"}
    assert "base cannot run it" in answer.out
    tool.commit("whole again")
    tool.write("bench.py", "raise SystemExit(3)\n")
    assert perfci("run", "--base", "HEAD").code == 2, "head cannot run it"


@pytest.mark.slow
def test_what_two_tools_call_alike_is_told_and_not_mixed(tool: App, perfci: Run) -> None:
    entry = "{{name: {}, suite: o, run: python3 bench.py, read: go}}"
    tool.settings(f"benchmarks: [{entry.format('a')}, {entry.format('b')}]\n")
    answer = perfci("run", "--rounds", "3")
    assert answer.code == 2
    assert "and so does o/" in answer.out


@pytest.mark.slow
def test_a_metric_that_turns_round_is_no_improvement(tool: App, perfci: Run) -> None:
    tool.settings("benchmarks: [{name: t, run: cat r.json, read: custom-json}]\n")
    text = '{{"schema": "perfci.custom/1", "results": [{{"name": "a", {}, "value": {}}}]}}'
    tool.write("r.json", text.format('"unit": "foo"', 10.1))
    tool.commit("own")
    tool.write("r.json", text.format('"unit": "foo", "better": "higher"', 20.1))
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 2
    assert "better when lower on base, higher on head" in answer.out


def test_a_tool_and_another_benchmark_of_one_name_are_told(tool: App, perfci: Run) -> None:
    other = "{name: a, suite: a, run: 'true'}"
    tool.settings(f"benchmarks: [{{name: a, run: python3 bench.py, read: go}}, {other}]\n")
    answer = perfci("list")
    assert answer.code == 2
    assert "a/a is the name of two benchmarks" in answer.err


@pytest.mark.slow
def test_a_pipe_among_results_is_not_waited_for(tool: App, perfci: Run) -> None:
    os.mkfifo(tool.root / "pipe.json")
    tool.settings("benchmarks: [{name: unit, results: '*.json'}]\n")
    answer = perfci("run")
    assert answer.code == 2
    assert "*.json matches no file" in answer.out


@pytest.mark.slow
def test_settings_without_a_benchmark_promise_nothing_of_the_gate(tool: App, perfci: Run) -> None:
    tool.settings("gate: {fail_on: minor}\n")
    tool.write("a.txt", "goos: linux\nBenchmarkParse-2 100 1000 ns/op\nPASS\n")
    assert perfci("ingest", "a.txt").code == 0
    answer = perfci("gate", "perfci-results/run.json")
    assert answer.code == 0, answer.err
    assert "no regression can fail" not in answer.out + answer.err


@pytest.mark.slow
def test_shards_refuse_what_only_a_tool_knows(tool: App, perfci: Run) -> None:
    answer = perfci("run", "--shard", "1/2")
    assert answer.code == 2
    assert "cannot be part of a suite in shards" in answer.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("run", "output"),
    [
        ("python3 bench.py > {output}", ""),
        ("python3 bench.py > {output}.txt", ""),
        ("python3 bench.py > out.txt", "output: out.txt"),
        ("mkdir -p out && python3 bench.py > out/bench.txt", "output: out"),
    ],
)
def test_results_are_read_from_where_the_tool_writes_them(
    tool: App, perfci: Run, run: str, output: str
) -> None:
    tool.settings(f"benchmarks: [{{name: unit, run: '{run}', read: auto, {output}}}]\n")
    answer = perfci("run", "--rounds", "3")
    assert answer.code == 0, answer.err
    assert outcomes(tool).keys() == {"unit/BenchmarkParse:latency", "unit/BenchmarkEncode:latency"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("run: 'false', read: go", "unit/unit exited with 1"),
        ("run: 'true', read: go", "holds no benchmarks"),
        ("run: 'echo hello', read: auto", "is in no format that perfci reads"),
        ("run: 'echo {output}', read: go", "wrote nothing to the file that `{output}` names"),
        ("run: 'true', read: go, output: speeds", "speeds is older than this launch"),
        ("run: 'true', read: go, output: none", "none cannot be read: No such file"),
        ("results: none, read: go", "none matches no file"),
        ("results: speeds", "is in no format that perfci reads"),
        (
            "run: python3 bench.py, read: go, metrics: [size]",
            "measured none of its `metrics`: size",
        ),
    ],
)
def test_a_tool_that_gives_nothing_is_a_failure_with_its_reason(
    tool: App, perfci: Run, entry: str, said: str
) -> None:
    tool.settings(f"benchmarks: [{{name: unit, {entry}}}]\n")
    tool.write("go.txt", "goos: linux\nBenchmarkParse-2 100 1000 ns/op\nPASS\n")
    answer = perfci("run", "--rounds", "3")
    assert answer.code == 2
    (found,) = document(tool)["findings"]
    assert found["outcome"] == "failed"
    assert said in found["reason"]


@pytest.mark.slow
def test_what_a_tool_left_out_is_told_once(tool: App, perfci: Run) -> None:
    skipped = "lines.insert(1, '--- SKIP: BenchmarkScan')\nprint(\"\\n\""
    tool.write("bench.py", TOOL.replace('print("\\n"', skipped))
    answer = perfci("run", "--rounds", "3")
    assert answer.code == 0, answer.err
    assert answer.out.count("unit/unit: 1 benchmarks were skipped, e.g. BenchmarkScan") == 1


def test_an_unknown_format_is_told_before_anything_is_measured(tool: App, perfci: Run) -> None:
    tool.settings("benchmarks:\n  - name: unit\n    run: x\n    read: gooo\n")
    answer = perfci("run")
    assert answer.code == 2
    assert "there is no format 'gooo' (perfci.yml, line 4)" in answer.err
    assert "did you mean go?" in answer.err


@pytest.mark.slow
def test_results_are_compared_with_stored_ones_and_not_measured_again(
    tool: App, perfci: Run
) -> None:
    tool.settings("benchmarks: [{name: unit, results: 'out/*.txt', read: go}]\n")
    line = "goos: linux\nBenchmarkParse-2 100 {} ns/op {} B/op\nPASS\n"
    for turn in range(6):
        tool.write("out/bench.txt", line.format(1000 + turn, 64))
        answer = perfci("run")
        assert answer.code == 0, answer.err
    assert outcomes(tool)["unit/BenchmarkParse:latency"] == "unchanged"
    tool.write("out/bench.txt", line.format(2000, 64))
    answer = perfci("run")
    assert answer.code == 1, answer.out
    assert outcomes(tool)["unit/BenchmarkParse:latency"] == "regressed"
    assert perfci("gate", "perfci-results/run.json").code == 1, "the same from its record"
    base = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "CI": "true"}
    assert "mode history" in perfci("run", "--dry-run", **base).out


@pytest.mark.slow
def test_a_tool_that_measures_the_checkout_on_both_sides_is_refused(tool: App, perfci: Run) -> None:
    tool.write("mine.py", "")
    tool.write(
        "bench.py", f"import sys\nsys.path.insert(0, {str(tool.root)!r})\nimport mine\n{TOOL}"
    )
    tool.commit("import")
    tool.write("speeds", "Parse 1300\n")
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 2
    assert "both sides would run the same code" in answer.err


@pytest.mark.slow
def test_a_rerun_goes_on_from_a_tools_earlier_launches(tool: App, perfci: Run) -> None:
    tool.write("speeds", "Parse 1300\nEncode 50000\n")
    tool.commit("slower")
    assert perfci("run", "--base", "HEAD~1").code == 1
    before = document(tool, "run.json")["measurements"]
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 1
    assert "going on from 1 earlier run" in answer.err
    after = document(tool, "run.json")["measurements"]
    assert [it["launches"] for it in after] == [it["launches"] for it in before]


@pytest.mark.slow
def test_rules_and_expectations_may_name_what_only_a_tool_knows(tool: App, perfci: Run) -> None:
    rule = "{match: 'unit/*Parse', threshold: 50%}"
    tool.settings(f"{SETTINGS}expect: [unit/BenchmarkParse]\ngate: {{rules: [{rule}]}}\n")
    tool.write("speeds", "Parse 1300\nEncode 50000\n")
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 0
    assert "matches no series" not in answer.err
    tool.write("speeds", "Encode 50000\n")
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 2, "what is expected was not measured"
    assert "unit/BenchmarkParse" in answer.out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inputs", "keys"),
    [
        ({"INPUT_RUN": "python3 bench.py", "INPUT_FORMAT": "go"}, "benchmark/BenchmarkParse"),
        ({"INPUT_RUN": "python3 bench.py > b.txt", "INPUT_RESULTS": "b.txt"}, "benchmark/Benchm"),
        ({"INPUT_RESULTS": "b.txt\nspare.txt", "INPUT_FORMAT": "go"}, "results/BenchmarkParse"),
    ],
)
def test_the_actions_inputs_read_results(
    tool: App, perfci: Run, inputs: dict[str, str], keys: str
) -> None:
    tool.settings("project: x\n")
    tool.write("b.txt", "goos: linux\nBenchmarkParse-2 100 1000 ns/op\nPASS\n")
    tool.write("spare.txt", "goos: linux\nBenchmarkParse-2 100 1001 ns/op\nPASS\n")
    answer = perfci("run", "--rounds", "3", **inputs)
    assert answer.code == 0, answer.err
    assert any(key.startswith(keys) for key in outcomes(tool))


def test_a_format_without_results_is_told(tool: App, perfci: Run) -> None:
    answer = perfci("list", INPUT_FORMAT="go")
    assert answer.code == 2
    assert "INPUT_FORMAT is given, but neither results nor run is" in answer.err
