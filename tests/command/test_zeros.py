"""Values of 0 in files of other tools: what nobody measured never passes for unchanged."""

import json
from typing import Any

import pytest

from tests.command.baseline.conftest import inside
from tests.command.conftest import App, Run

__all__ = ["inside"]

Json = dict[str, Any]


def document(*results: Json) -> str:
    return json.dumps({"schema": "perfci.custom/1", "results": results})


def outcomes(text: str) -> dict[str, str]:
    return {it["key"]: it["outcome"] for it in json.loads(text)["findings"]}


NOTHING = document(
    {"name": "a", "unit": "ms", "launches": [0, 0, 0, 0]},
    {"name": "a", "metric": "cpu_time", "unit": "s", "values": [0, 0]},
    {"name": "a", "unit": "req/s", "value": 0},
    {"name": "a", "metric": "allocations", "unit": "count", "value": 0},
)
KEYS = {
    "latency": "inconclusive",
    "cpu_time": "inconclusive",
    "throughput": "inconclusive",
    "allocations": "unchanged",
}


def test_times_and_rates_of_0_on_both_sides_cannot_tell(app: App, inside: Run) -> None:
    app.write("a.json", NOTHING)
    told = inside("compare", "a.json", "a.json")
    listed = inside("compare", "a.json", "a.json", "--json")
    assert outcomes(listed.out) == {f"default/a:{name}": it for name, it in KEYS.items()}
    assert told.code == 0
    assert "both sides are 0" in told.out
    assert "the clock is too coarse" in " ".join(told.out.split())


def test_a_tool_that_reads_0_on_both_sides_is_not_launched_until_the_time_is_up(
    app: App, inside: Run
) -> None:
    app.settings("benchmarks: [{name: t, run: cat r.json, read: custom-json}]\n")
    app.write("r.json", NOTHING)
    app.commit()
    app.write("other", "")
    answer = inside("run", "--base", "HEAD", "--json")
    assert answer.code == 0, answer.err
    assert outcomes(answer.out) == {f"t/a:{name}": it for name, it in KEYS.items()}
    for found in json.loads(answer.out)["findings"]:
        assert found["launches"] <= 8
        assert "would probably decide" not in found["reason"]


def test_0_beside_stored_runs_of_0_cannot_tell(app: App, inside: Run) -> None:
    app.settings("benchmarks: [{name: t, results: r.json}]\nupdate_baseline: always\n")
    app.write("r.json", NOTHING)
    assert inside("run").code == 0
    assert outcomes(inside("run", "--json").out) == {f"t/a:{name}": it for name, it in KEYS.items()}


@pytest.mark.parametrize(("metric", "unit"), [("throughput", "req/s"), ("score", "points")])
def test_what_cannot_be_compared_with_0_says_what_can_be_done(
    app: App, inside: Run, metric: str, unit: str
) -> None:
    for name, value in (("a", 0), ("b", 3)):
        result = {"name": "x", "metric": metric, "unit": unit, "value": value}
        app.write(f"{name}.json", document(result))
    answer = inside("compare", "a.json", "b.json")
    assert answer.code == 2
    said = " ".join(answer.out.split())
    assert "a ratio needs values above 0" in said
    assert f"leave {metric} out by `metrics`" in said
    assert "declare" not in said
