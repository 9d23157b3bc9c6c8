"""Settings and arguments that name what only a tool's results tell of."""

import json
from typing import Any

import pytest

from tests.command.conftest import App, Run

PYTEST = "tests/a.py::test_x"
GOOGLE = "BM_Copy/size:10"
SETTINGS = "benchmarks: [{name: unit, run: cat r.json, read: custom-json}]\n"
ONCE = {"PERFCI_MEASURE__ROUNDS": "1", "PERFCI_UPDATE_BASELINE": "never"}
"""One launch is enough where it is asked what is judged, and not how well."""


def results(app: App, **more: float) -> None:
    """Write what the tool will print: seconds by name; twelve allocations of what pytest has."""
    times = {PYTEST: 0.002, "tests/a.py::test_y": 0.002, GOOGLE: 0.003, **more}
    found: list[dict[str, Any]] = [
        {"name": name, "unit": "s", "value": value} for name, value in times.items()
    ]
    found.append({"name": PYTEST, "metric": "allocations", "value": 12})
    app.write("r.json", json.dumps({"schema": "perfci.custom/1", "results": found}))


@pytest.fixture
def tool(app: App) -> App:
    """Return a repository whose tool measures names with colons and slashes."""
    app.settings(SETTINGS)
    results(app)
    app.commit("first")
    return app


def findings(app: App) -> dict[str, Any]:
    document = json.loads((app.root / "perfci-results/result.json").read_text())
    return {found["key"]: found for found in document["findings"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("glob", "means"),
    [
        (f"unit/{PYTEST}", {f"unit/{PYTEST}:latency", f"unit/{PYTEST}:allocations"}),
        ("unit/*::test_x", {f"unit/{PYTEST}:latency", f"unit/{PYTEST}:allocations"}),
        (f"unit/{PYTEST}:latency", {f"unit/{PYTEST}:latency"}),
        (f"unit/{GOOGLE}", {f"unit/{GOOGLE}:latency"}),
        ("*/size:10", {f"unit/{GOOGLE}:latency"}),
        ("*:allocations", {f"unit/{PYTEST}:allocations"}),
    ],
)
def test_a_rule_names_what_has_colons_of_its_own(
    tool: App, perfci: Run, glob: str, means: set[str]
) -> None:
    tool.settings(f"{SETTINGS}gate: {{rules: [{{match: '{glob}', level: 'off'}}]}}\n")
    answer = perfci("run", **ONCE)
    assert answer.code == 0, answer.err
    assert {key for key, found in findings(tool).items() if found["rule"] == glob} == means


@pytest.mark.slow
def test_what_is_expected_may_have_colons_of_its_own(tool: App, perfci: Run) -> None:
    tool.settings(f"{SETTINGS}expect: ['unit/{PYTEST}', 'unit/{GOOGLE}']\n")
    answer = perfci("run", **ONCE)
    assert answer.code == 0, answer.out
    tool.settings(f"{SETTINGS}expect: ['unit/{PYTEST}_gone']\n")
    answer = perfci("run", **ONCE)
    assert answer.code == 2
    said = f"expected, but not measured: unit/{PYTEST}_gone; did you mean unit/{PYTEST}?"
    assert said in " ".join(answer.out.split())


@pytest.mark.slow
def test_what_is_accepted_may_have_colons_of_its_own(tool: App, perfci: Run) -> None:
    entry = f"{{match: 'unit/{PYTEST}', reason: a safer test}}"
    tool.settings(f"{SETTINGS}gate: {{accept: [{entry}]}}\n")
    results(tool, **{PYTEST: 0.004})
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 0, answer.out
    assert findings(tool)[f"unit/{PYTEST}:latency"]["accepted"]["reason"] == "a safer test"
    results(tool, **{PYTEST: 0.004, GOOGLE: 0.006})
    assert perfci("run", "--base", "HEAD").code == 1, "the other one was not accepted"


@pytest.mark.slow
def test_a_stored_regression_with_colons_of_its_own_is_accepted(tool: App, perfci: Run) -> None:
    for _ in range(6):
        assert perfci("run").code == 0
    results(tool, **{PYTEST: 0.008})
    assert perfci("run").code == 1
    answer = perfci("baseline", "accept", f"unit/{PYTEST}", "--reason", "a safer test")
    assert answer.code == 0, answer.err
    assert perfci("run").code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"), [(PYTEST, "tests/b.py::test_x"), (GOOGLE, "BM_Copy/bytes:10")]
)
def test_a_tools_benchmark_keeps_its_history_under_a_new_name(
    tool: App, perfci: Run, old: str, new: str
) -> None:
    assert perfci("run").code == 0
    tool.settings(f"{SETTINGS}renamed: {{'unit/{old}': 'unit/{new}'}}\n")
    tool.write("r.json", (tool.root / "r.json").read_text().replace(old, new))
    answer = perfci("run")
    assert answer.code == 0, answer.err
    assert "renamed" not in answer.err
    found = findings(tool)
    assert {it["outcome"] for it in found.values()}.isdisjoint({"new", "missing"})
    assert f"unit/{new}:latency" in found


@pytest.mark.slow
def test_a_tools_benchmark_under_a_new_name_is_compared_with_base(tool: App, perfci: Run) -> None:
    new = "tests/b.py::test_x"
    tool.settings(f"{SETTINGS}renamed: {{'unit/{PYTEST}': 'unit/{new}'}}\n")
    results(tool, **{PYTEST: 0.004})
    tool.write("r.json", (tool.root / "r.json").read_text().replace(PYTEST, new))
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 1, answer.out
    found = findings(tool)
    assert found[f"unit/{new}:latency"]["outcome"] == "regressed"
    assert f"unit/{PYTEST}:latency" not in found


@pytest.mark.slow
def test_a_name_that_head_still_has_is_not_given_to_another(tool: App, perfci: Run) -> None:
    tool.settings(f"{SETTINGS}renamed: {{'unit/{PYTEST}': 'unit/tests/b.py::test_x'}}\n")
    results(tool, **{PYTEST: 0.004, "tests/b.py::test_x": 0.002})
    answer = perfci("run", "--base", "HEAD")
    assert answer.code == 1, answer.out
    found = findings(tool)
    assert found[f"unit/{PYTEST}:latency"]["outcome"] == "regressed"
    assert found["unit/tests/b.py::test_x:latency"]["outcome"] == "new"
    assert "but both were measured" in answer.err


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("unit/test_x[case=1]", "leave out what stands in brackets"),
        ("unit/test_x:latency", "leave out :latency"),
        ("test_x", "is not like suite/benchmark"),
        ("a:b/test_x", "must not contain :"),
    ],
)
def test_what_is_no_name_of_a_benchmark_is_not_renamed(
    tool: App, perfci: Run, old: str, said: str
) -> None:
    tool.settings(f"{SETTINGS}renamed: {{'{old}': 'unit/test_y'}}\n")
    answer = perfci("list")
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        [f"unit/{PYTEST}"],
        ["--select", "*::test_x"],
        ["--select", f"unit/{PYTEST}:latency"],
        [f"unit/{PYTEST}", "--select", "unit/*_x"],
    ],
)
def test_of_a_tool_only_what_was_asked_for_is_judged(
    tool: App, perfci: Run, asked: list[str]
) -> None:
    tool.settings(f"{SETTINGS}expect: ['unit/{PYTEST}', 'unit/{GOOGLE}']\n")
    planned = perfci("run", *asked, "--dry-run").out
    assert f"what it measures of {asked[-1]}" in planned or len(asked) > 2
    answer = perfci("run", *asked, **ONCE)
    assert answer.code == 0, answer.out
    assert findings(tool).keys() == {f"unit/{PYTEST}:latency", f"unit/{PYTEST}:allocations"}


@pytest.mark.slow
@pytest.mark.parametrize("asked", [["unit"], ["unit/unit"], ["--select", "unit/*"], []])
def test_a_tool_is_asked_for_as_a_whole_by_its_own_name(
    tool: App, perfci: Run, asked: list[str]
) -> None:
    answer = perfci("run", *asked, **ONCE)
    assert answer.code == 0, answer.out
    assert len(findings(tool)) == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked", [["unit/tests/a.py::test_z"], ["--select", "unit/tests/a.py::tset_x"]]
)
def test_what_was_asked_for_and_no_tool_measures_is_an_error(
    tool: App, perfci: Run, asked: list[str]
) -> None:
    answer = perfci("run", f"unit/{GOOGLE}", *asked, **ONCE)
    assert answer.code == 2
    assert f"{asked[-1]!r} means nothing that" in answer.out
    assert "did you mean unit/tests/a.py::test_" in answer.out
    assert f"unit/{GOOGLE}:latency" in findings(tool), "what there is was judged all the same"
    assert perfci("gate", "perfci-results/run.json").code == 2, "the same from its record"


def test_what_one_of_two_tools_has_is_enough(tool: App, perfci: Run) -> None:
    other = "{name: other, run: cat o.json, read: custom-json}"
    tool.settings(f"{SETTINGS[:-2]}, {other}]\n")
    text = '{"schema": "perfci.custom/1", "results": [{"name": "a", "unit": "s", "value": 1}]}'
    tool.write("o.json", text)
    answer = perfci("run", "--select", "*::test_x", **ONCE)
    assert answer.code == 0, answer.out
    assert findings(tool).keys() == {f"unit/{PYTEST}:latency", f"unit/{PYTEST}:allocations"}


def test_the_tools_own_name_alone_is_told_how_it_is_to_be_written(tool: App, perfci: Run) -> None:
    answer = perfci("run", PYTEST)
    assert answer.code == 2
    assert f"'{PYTEST}' matches no benchmark" in answer.err
    assert f"unit/{PYTEST}" in answer.err.partition("next:")[2]
