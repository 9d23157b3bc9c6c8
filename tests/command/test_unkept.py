"""A store that cannot be written: the verdict stands, the run is kept on disk, one command brings
it in later."""

import json
import shlex
from typing import Any

import pytest

from tests.command.conftest import App, Run

SETTINGS = """\
store: file:kept
benchmarks:
  - {name: hold, suite: memory, run: [python3, -I, -S, -c, "x = bytes(9_000_000)"], \
metrics: [memory_usage]}
measure: {rounds: 3}
"""


@pytest.fixture
def unwritable(app: App) -> App:
    """Return a repository whose store can be read and not written."""
    app.settings(SETTINGS)
    app.write(".gitignore", "/kept/\n/perfci-results/\n/summary\n")
    app.write("kept/.lock/in-the-way", "")
    app.commit()
    return app


def document(app: App) -> Any:
    return json.loads((app.root / "perfci-results/result.json").read_text())


@pytest.mark.slow
def test_the_verdict_stands_and_one_command_records_the_run_later(
    unwritable: App, perfci: Run
) -> None:
    answer = perfci("run")
    assert answer.code == 0, answer
    assert "warning: the run is not kept as a baseline: file:kept: cannot write" in answer.err
    found = document(unwritable)
    assert (found["verdict"], found["recorded"]) == ("pass", "")
    assert "file:kept: cannot write" in found["unkept"]["why"]
    command = found["unkept"]["command"]
    assert f"warning: record it later: {command}" in answer.err
    for name in ("comment.md", "report.html"):
        assert command in (unwritable.root / "perfci-results" / name).read_text(), name
    assert command in " ".join(answer.out.split())

    (unwritable.root / "kept/.lock/in-the-way").unlink()
    (unwritable.root / "kept/.lock").rmdir()
    assert perfci(*shlex.split(command)[1:]).code == 0
    (listed,) = json.loads(perfci("baseline", "list", "--json").out)
    assert (listed["branch"], listed["runs"]) == ("main", 1)
    again = perfci("run")
    assert again.code == 0
    assert "1 run of main in file:kept" in again.err, "the next run is compared with it"


@pytest.mark.slow
def test_the_command_repeats_what_the_run_was_told(unwritable: App, perfci: Run) -> None:
    unwritable.write("other.yml", SETTINGS)
    assert perfci("run", "--config", "other.yml", "--set", "project=third").code == 0
    command = document(unwritable)["unkept"]["command"]
    assert command.endswith("--to file:kept --config other.yml --set project=third")


@pytest.mark.slow
def test_on_github_it_stands_above_the_log_and_in_the_summary(unwritable: App, perfci: Run) -> None:
    summary = unwritable.root / "summary"
    github = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_REF": "refs/heads/main",
    }
    answer = perfci(
        "run", "--set", "update_baseline=always", **github, GITHUB_STEP_SUMMARY=str(summary)
    )
    assert answer.code == 0, answer
    (annotation,) = [line for line in answer.err.splitlines() if line.startswith("::")]
    assert annotation.startswith("::warning title=perfci::The run is not kept as a baseline: file:")
    command = document(unwritable)["unkept"]["command"]
    assert annotation.endswith(f"record it later: {command}")
    assert "> **The run is not kept as a baseline:** file:kept" in summary.read_text()
    assert "\n::" not in answer.out


@pytest.mark.slow
def test_what_cannot_be_left_on_disk_either_is_told_with_both_reasons(
    unwritable: App, perfci: Run
) -> None:
    unwritable.write("perfci-results/perfci-store", "in the way")
    answer = perfci("run")
    assert answer.code == 0, answer
    assert document(unwritable)["unkept"]["command"] == ""
    assert "nor is it left on disk: file:perfci-results/perfci-store: cannot" in answer.err
    assert "record it later" not in answer.err
