"""Tools whose results cannot be compared, or not be read: told at once, and what to do."""

import json

import pytest

from tests.command.baseline.conftest import inside
from tests.command.conftest import App, Run

__all__ = ["inside"]


@pytest.mark.parametrize("beside", ["", "; print('BenchmarkSum-2 100 10.0 ns/op')"])
def test_a_tool_whose_names_do_not_last_ends_after_a_few_launches(
    app: App, inside: Run, beside: str
) -> None:
    name = "import os; print(f'goos: linux\\nBenchmarkParse{os.getpid()}-2 100 10.0 ns/op')"
    app.settings("benchmarks: [{name: unit, run: python3 bench.py, read: go}]\n")
    app.write("bench.py", f"{name}{beside}; print('PASS')\n")
    app.commit("names")
    app.write("other", "")
    for mode in ([], ["--base", "HEAD"]):
        answer = inside("run", *mode)
        assert answer.code == 2
        (found,) = json.loads((app.root / "perfci-results/result.json").read_text())["findings"]
        assert found["key"] == "unit/unit:latency"
        assert "measures something else in each launch: unit/BenchmarkParse" in found["reason"]
        assert "take out of the names what changes" in found["reason"]
        assert "8 launches" not in answer.err


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("run: echo 12 > x.txt, output: x.txt, read: auto", "`read:` names one"),
        ("results: x.txt", "`read:` names one"),
        ("results: x.json", "`read:` names another format"),
    ],
)
def test_a_format_that_cannot_be_told_is_named_in_the_settings(
    app: App, inside: Run, entry: str, says: str
) -> None:
    app.settings(f"benchmarks: [{{name: a, {entry}}}]\n")
    app.write("x.txt", "12")
    app.write("x.json", '{"schema": "perfci.custom/1", "results": [{"name": "a", "value": []}]}')
    answer = inside("run")
    assert answer.code == 2
    said = " ".join(answer.out.split())
    assert says in said
    assert "--format" not in said
