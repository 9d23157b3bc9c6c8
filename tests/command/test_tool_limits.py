"""Limits on what only a tool's results tell of: none is passed over in silence."""

import json
from typing import Any

import pytest

from tests.command.conftest import App, Run

ENTRY = "{name: unit, run: cat r.json, read: custom-json}"
ONCE = {"PERFCI_MEASURE__ROUNDS": "1", "PERFCI_UPDATE_BASELINE": "never"}
ALLOCATIONS = "unit/pkg/parse::small:allocs"


@pytest.fixture
def tool(app: App) -> App:
    """Return a repository whose tool measures a time, a size and two counts."""
    named: dict[str, tuple[str, float, str]] = {
        "latency": ("s", 0.002, "lower"),
        "size": ("B", 4000, "lower"),
        "allocs": ("count", 120, "lower"),
        "hits": ("widgets", 120, "higher"),
    }
    found = [
        {"name": "pkg/parse::small", "metric": name, "unit": unit, "value": value, "better": better}
        for name, (unit, value, better) in named.items()
    ]
    app.write("r.json", json.dumps({"schema": "perfci.custom/1", "results": found}))
    gated(app)
    app.commit("first")
    return app


def gated(app: App, *rules: str, entry: str = ENTRY, more: str = "") -> None:
    """Write settings, each rule on a line of its own from line 4 on."""
    listed = "".join(f"    - {{{rule}}}\n" for rule in rules)
    app.settings(f"benchmarks: [{entry}]\ngate:\n  rules:\n{listed or '      []'}\n{more}")


def findings(app: App) -> dict[str, Any]:
    document = json.loads((app.root / "perfci-results/result.json").read_text())
    return {found["key"]: found for found in document["findings"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("match: '*:allocs', budget: 100", 1),
        ("match: '*:allocs', budget: 120", 0),
        ("match: '*:allocs', budget: 0", 1),
        ("match: '*:allocs', budget: 100, level: warn", 0),
        ("match: '*:hits', budget: 150", 1),
        ("match: '*:hits', budget: 100", 0),
    ],
)
def test_a_count_is_held_to_a_budget_that_is_a_plain_number(
    tool: App, perfci: Run, rule: str, code: int
) -> None:
    gated(tool, rule)
    answer = perfci("run", **ONCE)
    assert answer.code == code, answer.out + answer.err
    if code:
        (broken,) = [found for found in findings(tool).values() if found["blocking"]]
        assert "the budget of" in broken["reason"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("match: 'unit/*', budget: 3ms", "budget is in s, but unit/pkg/parse::small:"),
        ("match: '*:latency', budget: 3", "budget is a plain number, but unit/pkg/parse::small:l"),
        ("match: '*:size', threshold: 5%, at_least: 2ms", "at_least is in s, but unit/pkg/parse"),
    ],
)
def test_a_limit_that_does_not_fit_the_unit_is_an_error(
    tool: App, perfci: Run, rule: str, said: str
) -> None:
    gated(tool, rule)
    answer = perfci("run", **ONCE)
    assert answer.code == 2, answer.out
    told = " ".join(answer.out.split())
    assert said in told
    assert "(perfci.yml, line 4); narrow the rule" in told
    assert perfci("gate", "perfci-results/run.json").code == 2, "the same from its record"


def test_a_plain_number_is_refused_where_a_unit_is_known_beforehand(app: App, perfci: Run) -> None:
    gated(app, "match: '*:latency', budget: 3", entry="{name: a, run: 'true'}")
    answer = perfci("list")
    assert answer.code == 2
    assert "budget is a plain number, but default/a:latency" in answer.err
    assert "(perfci.yml, line 4)" in answer.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "match: 'unit/pkg/prase::small', budget: 1ms",
            (
                "the rule 'unit/pkg/prase::small' (perfci.yml, line 4) matches no series; "
                "did you mean unit/pkg/parse::small?"
            ),
        ),
        (
            "match: 'unit/*:alocs', budget: 1",
            (
                "the rule 'unit/*:alocs' (perfci.yml, line 4) matches no series; did you mean "
                "unit/pkg/parse::small:allocs?"
            ),
        ),
        ("match: 'unit/*:x', level: 'off'", "the rule 'unit/*:x' (perfci.yml, line 4) matches no"),
    ],
)
def test_a_rule_that_matched_nothing_of_a_tool_is_told(
    tool: App, perfci: Run, rule: str, said: str
) -> None:
    gated(tool, rule)
    answer = perfci("run", **ONCE)
    assert answer.code == 0, answer.out
    assert said in " ".join(answer.err.split())
    report = (tool.root / "perfci-results/report.html").read_text()
    assert "matches no series" in report
    again = perfci("gate", "perfci-results/run.json")
    assert said in " ".join(again.err.split())
    asked = perfci("run", "unit/pkg/parse::small", **ONCE)
    assert "matches no series" not in asked.err, "what was not asked for is not missed"


@pytest.mark.slow
def test_a_rule_over_results_that_were_taken_in_is_known_to_match(tool: App, perfci: Run) -> None:
    tool.settings("gate: {rules: [{match: 'default/pkg/*:allocs', budget: 100}]}\n")
    assert perfci("ingest", "r.json").code == 0
    answer = perfci("gate", "perfci-results/run.json")
    assert answer.code == 1, answer.out
    assert "matches no series" not in answer.out + answer.err


def test_what_else_matched_nothing_of_a_tool_is_told(tool: App, perfci: Run) -> None:
    gated(
        tool,
        entry=ENTRY.replace("}", ", metrics: [latency, alocs]}"),
        more="  accept: [{match: 'unit/pkg/prase::small', reason: x}]\n"
        "renamed: {unit/a::b: 'unit/pkg/parse::smal'}\n",
    )
    answer = perfci("run", **ONCE)
    assert answer.code == 0, answer.out
    said = " ".join(answer.err.split())
    assert (
        "the metrics of unit/unit (perfci.yml, line 1) name 'alocs', which it did not measure; "
        "did you mean allocs?" in said
    )
    assert "the acceptance of 'unit/pkg/prase::small' (perfci.yml, line 5) matches no" in said
    assert (
        "renamed (perfci.yml, line 6) names 'unit/pkg/parse::smal', which was not measured; "
        "did you mean unit/pkg/parse::small?" in said
    )


def test_settings_that_fit_a_tool_raise_no_doubt(tool: App, perfci: Run) -> None:
    gated(
        tool,
        "match: 'unit/pkg/parse::small:allocs', budget: 200",
        "match: 'unit/*::small:latency', threshold: 5%, at_least: 2ms",
        more="  accept: [{match: 'unit/*::small:latency', reason: x}]\n"
        "expect: ['unit/pkg/parse::small']\nrenamed: {unit/a::b: 'unit/pkg/parse::small'}\n",
    )
    answer = perfci("run", PERFCI_UPDATE_BASELINE="never")
    assert answer.code == 0, answer.out
    assert "warning" not in answer.out + answer.err


@pytest.mark.slow
def test_what_is_accepted_and_over_its_budget_says_both(tool: App, perfci: Run) -> None:
    gated(
        tool,
        "match: '*:allocs', budget: 150",
        more="  accept: [{match: '*:allocs', reason: it copies now}]\n",
    )
    tool.commit("settings")
    tool.write("r.json", (tool.root / "r.json").read_text().replace("120", "180", 1))
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 1, answer.out
    assert "1 budget exceeded: " + ALLOCATIONS in answer.out
    assert "1 regression" not in answer.out.partition("FAIL")[2]
    reason = findings(tool)[ALLOCATIONS]["reason"]
    assert "It is accepted: it copies now (perfci.yml, line 6)" in reason
    assert "That does not lift its budget of 150: 180 is above it, which blocks." in reason
