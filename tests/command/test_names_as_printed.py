"""Settings and arguments that name a benchmark as its tool prints it are told its key."""

import json
from typing import Any

import pytest

from tests.command.conftest import App, Run

SETTINGS = "benchmarks: [{name: unit, run: cat r.json, read: custom-json}]\n"
ONCE = {"PERFCI_MEASURE__ROUNDS": "1"}
DUMP = "tests/a.py::test_dump"
PRINTED = f"unit/{DUMP}[1000]"
KEY = f"unit/{DUMP}[n=1000]"


@pytest.fixture
def tool(app: App) -> App:
    """Return a repository whose tool has parameters and counts allocations."""
    app.settings(SETTINGS)
    results(app, 1000)
    app.commit("first")
    return app


def results(app: App, *sizes: int) -> None:
    """Write what the tool will print: one benchmark, by its sizes."""
    found: list[dict[str, Any]] = [
        it
        for n in sizes
        for it in (
            {"name": DUMP, "params": {"n": n}, "unit": "s", "value": 0.002},
            {"name": DUMP, "params": {"n": n}, "metric": "allocations", "value": 12},
        )
    ]
    app.write("r.json", json.dumps({"schema": "perfci.custom/1", "results": found}))


def document(app: App) -> Any:
    return json.loads((app.root / "perfci-results/result.json").read_text())


def test_a_rule_and_an_acceptance_as_the_tool_prints_them_are_told_the_key(
    tool: App, perfci: Run
) -> None:
    entries = f"accept: [{{match: '{PRINTED}', reason: because}}]"
    rules = f"rules: [{{match: '{PRINTED}', budget: 1ms}}, {{match: '*:allocs/op', budget: 9}}]"
    tool.settings(f"{SETTINGS}gate: {{{rules}, {entries}}}\n")
    answer = perfci("run", **ONCE)
    assert answer.code == 0, answer.err
    warnings = document(tool)["warnings"]
    (rule,) = [it for it in warnings if it.startswith(f"the rule '{PRINTED}'")]
    assert f"matches no series; did you mean {KEY}?" in rule
    (accepted,) = [it for it in warnings if it.startswith(f"the acceptance of '{PRINTED}'")]
    assert f"did you mean {KEY}?" in accepted
    (allocations,) = [it for it in warnings if "allocs/op" in it]
    assert "did you mean *:allocations?" in allocations


@pytest.mark.slow
def test_a_hint_names_what_is_measured_now_and_not_what_once_was(tool: App, perfci: Run) -> None:
    results(tool, 10, 1000)
    assert perfci("run", **ONCE).code == 0
    results(tool, 1000)
    tool.settings(f"{SETTINGS}gate: {{rules: [{{match: 'unit/{DUMP}[10]', budget: 1ms}}]}}\n")
    perfci("run", **ONCE, PERFCI_UPDATE_BASELINE="never")
    (told,) = [it for it in document(tool)["warnings"] if it.startswith("the rule")]
    assert f"did you mean {KEY}?" in told
    tool.settings(f"{SETTINGS}expect: ['unit/{DUMP}[10]']\n")
    answer = perfci("run", **ONCE)
    assert answer.code == 2
    assert f"did you mean {KEY}?" in document(tool)["message"]


@pytest.mark.parametrize("asked", [[PRINTED], ["--select", PRINTED]])
def test_what_is_asked_for_as_the_tool_prints_it_is_an_error_with_the_key(
    tool: App, perfci: Run, asked: list[str]
) -> None:
    answer = perfci("run", *asked, **ONCE)
    assert answer.code == 2
    assert f"did you mean {KEY}?" in " ".join(answer.out.split())


def test_what_is_expected_as_the_tool_prints_it_is_an_error_with_the_key(
    tool: App, perfci: Run
) -> None:
    tool.settings(f"{SETTINGS}expect: ['{PRINTED}']\n")
    answer = perfci("run", **ONCE)
    assert answer.code == 2
    assert f"did you mean {KEY}?" in " ".join(answer.out.split())


@pytest.mark.parametrize("asked", [["--select", "unit"], ["unit"], ["--select", "unit/unit"]])
def test_a_tool_is_selected_by_its_bare_name(tool: App, perfci: Run, asked: list[str]) -> None:
    answer = perfci("run", *asked, **ONCE)
    assert answer.code == 0, answer.err
    assert len(document(tool)["findings"]) == 2


@pytest.mark.slow
def test_a_tool_that_measured_something_is_what_was_expected_of_it(tool: App, perfci: Run) -> None:
    tool.settings(
        "benchmarks: [{name: bench, suite: unit, run: cat r.json, read: custom-json}]\n"
        "expect: [unit/bench]\n"
    )
    answer = perfci("run", **ONCE)
    assert answer.code == 0, answer.out
    tool.write("r.json", json.dumps({"schema": "perfci.custom/1", "results": []}))
    assert perfci("run", **ONCE).code == 2


@pytest.mark.slow
def test_a_rule_that_matches_nothing_is_told_once_in_a_report(tool: App, perfci: Run) -> None:
    tool.settings(f"{SETTINGS}gate: {{rules: [{{match: '{DUMP}[1000]', budget: 1ms}}]}}\n")
    answer = perfci("run", **ONCE)
    assert answer.code == 0, answer.err
    (told,) = [it for it in document(tool)["warnings"] if it.startswith("the rule")]
    assert f"matches no series; did you mean {KEY}?" in told
    assert "names with its suite: unit/" not in told
    judged = perfci("gate", "perfci-results/run.json")
    assert judged.code == 0
    assert [it for it in document(tool)["warnings"] if it.startswith("the rule")] == [told]


def test_the_list_says_that_only_the_tool_knows_what_was_asked_for(tool: App, perfci: Run) -> None:
    answer = perfci("list", "unit/nonsense")
    assert answer.code == 0, answer.err
    assert "unit/nonsense" in answer.out
    assert "what unit/unit measures is known when it has run" in " ".join(answer.out.split())
