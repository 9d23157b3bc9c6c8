"""A head that skips its work is fast, and refused."""

import json

import pytest

from tests.command.conftest import App, Run

SETTINGS = """\
benchmarks:
  - {name: sum, run: [python3, -I, -S, app.py], checksum: "sum:"}
  - {name: other, python: 'library:work', checksum: true}
measure: {rounds: 2}
"""
APP = "print('took', id(object()))\nprint('sum:', sum(range({n})))\n"


@pytest.mark.slow
def test_other_work_on_head_is_exit_2_and_all_else_is_measured(app: App, perfci: Run) -> None:
    app.settings(SETTINGS)
    app.write("library.py", "def work():\n    return sorted(range(2000, 0, -1))\n")
    app.write("app.py", APP.format(n=300_000))
    base = app.commit("first")
    app.write("app.py", APP.format(n=3))
    app.commit("faster")

    answer = perfci("run", "--base", base)

    assert answer.code == 2, answer
    document = json.loads((app.root / "perfci-results/result.json").read_text())
    found = {each["benchmark"]: each for each in document["findings"]}
    assert found["sum"]["outcome"] == "failed"
    assert "did different work on the two sides" in found["sum"]["reason"]
    assert "take `checksum` out in this change" in found["sum"]["reason"]
    assert found["other"]["outcome"] != "failed"
    assert "did different work" in answer.out + answer.err
