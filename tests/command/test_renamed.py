"""A benchmark keeps its history under a new name."""

import json

import pytest

from tests.command.conftest import App, Run

SETTINGS = "benchmarks: [{{name: {name}, suite: numbers, python: 'library:work'}}]\n"


@pytest.mark.slow
def test_a_renamed_benchmark_is_compared_with_its_own_past(app: App, perfci: Run) -> None:
    app.write("library.py", "def work():\n    return sum(range(2000))\n")
    app.settings(SETTINGS.format(name="sum"))
    app.commit("first")
    assert perfci("run", "--output", "before").code == 0

    app.settings(SETTINGS.format(name="total"))
    answer = perfci("run", "--output", "lost", "--set", "update_baseline=never")
    assert answer.code == 0, answer
    assert {"new", "missing"} == outcomes(app, "lost")

    app.settings(SETTINGS.format(name="total") + "renamed: {numbers/sum: numbers/total}\n")
    answer = perfci("run", "--output", "kept", "--set", "update_baseline=never")
    assert answer.code == 0, answer
    assert not {"new", "missing"} & outcomes(app, "kept")
    (finding,) = json.loads((app.root / "kept/result.json").read_text())["findings"]
    assert finding["base"] is not None

    files = perfci("compare", "before/run.json", "kept/run.json", "--json")
    (finding,) = json.loads(files.out)["findings"]
    assert finding["key"] == "numbers/total:latency"


def outcomes(app: App, folder: str) -> set[str]:
    document = json.loads((app.root / folder / "result.json").read_text())
    return {finding["outcome"] for finding in document["findings"]}
