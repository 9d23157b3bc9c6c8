"""Which branch's runs each kind of job reads, and which job writes: as GitHub starts them."""

import json
from typing import Any

import pytest

from tests.command.conftest import Answer, App, Run
from tests.command.test_base_branch import SETTINGS, commit, finding, holding

pytestmark = pytest.mark.slow
REPOSITORY = {"id": 1, "full_name": "o/app", "default_branch": "main"}


@pytest.fixture
def app(app: App) -> App:
    """Return a repository with a stored run of `main`."""
    app.settings(f"project: app\n{SETTINGS}")
    app.write(".gitignore", "/.perfci/\n/perfci-results/\n/event.json\n")
    commit(app, holding(30))
    return app


@pytest.fixture
def job(app: App, perfci: Run) -> Any:
    """Start perfci as a job of a workflow does, for the commit that is checked out."""

    def start(event: str, ref: str, **payload: Any) -> Answer:
        app.write("event.json", json.dumps({"repository": REPOSITORY} | payload))
        return perfci(
            "run",
            CI="true",
            GITHUB_ACTIONS="true",
            GITHUB_EVENT_NAME=event,
            GITHUB_EVENT_PATH=str(app.root / "event.json"),
            GITHUB_REPOSITORY="o/app",
            GITHUB_REF=ref,
            GITHUB_SHA=app.git("rev-parse", "HEAD"),
        )

    return start


def runs(perfci: Run) -> dict[str, int]:
    """Return how many runs are stored, by branch."""
    return {
        each["branch"]: each["runs"]
        for each in json.loads(perfci("baseline", "list", "--json").out)
    }


def test_a_tag_is_compared_with_the_default_branch_and_stores_nothing(
    app: App, perfci: Run, job: Any
) -> None:
    assert job("push", "refs/heads/main").code == 0
    app.git("tag", "v1")
    # a runner checks the tag out, and some CIs leave a branch checked out
    assert "1 run of main in file:.perfci" in job("push", "refs/tags/v1").err
    commit(app, holding(90))
    answer = job("push", "refs/tags/v2")
    assert answer.code == 1, answer
    assert finding(app)["outcome"] == "regressed"
    assert runs(perfci) == {"main": 1}


def test_a_merge_queue_looks_at_the_default_branch_where_its_target_has_no_runs(
    app: App, perfci: Run, job: Any
) -> None:
    assert job("push", "refs/heads/main").code == 0
    app.git("checkout", "-qb", "release")
    commit(app, "raise SystemExit(3)\n")
    base = app.git("rev-parse", "HEAD")
    app.git("checkout", "-qb", "queue")
    commit(app, holding(90))
    group = {
        "head_sha": app.git("rev-parse", "HEAD"),
        "head_ref": f"refs/heads/gh-readonly-queue/release/pr-7-{base}",
        "base_sha": base,
        "base_ref": "refs/heads/release",
    }
    answer = job("merge_group", group["head_ref"], merge_group=group)
    assert answer.code == 1, answer
    assert finding(app)["outcome"] == "regressed"
    assert "stored run" in finding(app)["reason"]
    assert runs(perfci) == {"main": 1}


def test_a_branch_that_is_not_tracked_is_compared_with_itself_and_stores_nothing(
    app: App, perfci: Run, job: Any
) -> None:
    assert job("push", "refs/heads/main").code == 0
    app.git("checkout", "-qb", "feature")
    commit(app, holding(90))
    answer = job("push", "refs/heads/feature")
    assert answer.code == 0, answer
    assert "no run of feature in file:.perfci" in answer.err
    assert runs(perfci) == {"main": 1}
