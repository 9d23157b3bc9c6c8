"""A metric whose direction turns round is not judged by what was stored when it was the other."""

import gzip
import json
from pathlib import Path

import pytest

from tests.command.conftest import App, Run

ENTRY = "benchmarks: [{name: unit, results: r.json, read: custom-json}]\n"


def measured(app: App, better: str, value: float = 100) -> None:
    found = [
        {"name": "a", "metric": "score", "unit": "points", "value": value, "better": better},
        {"name": "a", "unit": "s", "value": 1},
    ]
    app.write("r.json", json.dumps({"schema": "perfci.custom/1", "results": found}))


def outcomes(app: App) -> dict[str, str]:
    document = json.loads((app.root / "perfci-results/result.json").read_text())
    return {found["key"]: found["outcome"] for found in document["findings"]}


@pytest.fixture
def past(app: App, perfci: Run) -> App:
    """Return a repository with six stored runs, in which more points are worse."""
    app.settings(ENTRY)
    app.commit("first")
    measured(app, "lower")
    for _ in range(6):
        assert perfci("run").code == 0
    return app


def stored(app: App) -> list[Path]:
    return sorted((app.root / ".perfci").rglob("runs/*.json.gz"))


@pytest.mark.slow
def test_a_direction_that_turned_round_is_told_and_begins_anew(past: App, perfci: Run) -> None:
    measured(past, "higher", 300)
    answer = perfci("run")
    assert answer.code == 2, answer.out
    assert outcomes(past)["unit/a:score"] == "failed"
    assert "lower is better in the stored runs, higher is better in head" in " ".join(
        answer.out.split()
    )
    answer = perfci("run")
    assert answer.code == 0, answer.out
    assert "1 run" in answer.out or outcomes(past)["unit/a:score"] in {"unchanged", "inconclusive"}
    measured(past, "higher", 100)
    perfci("run")
    document = json.loads((past.root / "perfci-results/result.json").read_text())
    (found,) = [it for it in document["findings"] if it["metric"] == "score"]
    assert found["base"] == 300, "compared with what was measured since"


@pytest.mark.slow
def test_stored_runs_from_before_directions_were_kept_still_count(past: App, perfci: Run) -> None:
    for path in stored(past):
        document = json.loads(gzip.decompress(path.read_bytes()))
        for point in document["points"].values():
            point.pop("better", None)
        path.write_bytes(gzip.compress(json.dumps(document).encode()))
    for path in (past.root / ".perfci").rglob("history.json"):
        path.unlink()
    measured(past, "lower", 300)
    answer = perfci("run")
    assert answer.code == 1, answer.out
    assert outcomes(past)["unit/a:score"] == "regressed"


@pytest.mark.slow
def test_only_what_a_name_does_not_say_is_kept(past: App) -> None:
    document = json.loads(gzip.decompress(stored(past)[0].read_bytes()))
    assert document["points"]["unit/a:score"]["better"] == "lower"
    assert "better" not in document["points"]["unit/a:latency"]
