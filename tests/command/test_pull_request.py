"""A pull request of the repository itself: comment, check and chat, as the servers see them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.command.conftest import Answer, App, Run
from tests.platforms.fake_github import JOB, READER, FakeGitHub, github
from tests.stores.fakes.server import Reply, Request, serving

HERE = {"id": 1001, "full_name": "acme/widget", "default_branch": "main"}
SETTINGS = """\
benchmarks:
  - {name: hold, suite: memory, run: [python3, -I, -S, hold.py], metrics: [memory_usage]}
measure: {rounds: 3}
notify: {webhook: $CHAT}
"""


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with github() as found:
        yield found


@pytest.fixture
def heard() -> list[Request]:
    """What the chat was told."""
    return []


@pytest.fixture
def chat(heard: list[Request]) -> Iterator[str]:
    def respond(request: Request) -> Reply:
        heard.append(request)
        return Reply(body=b"ok")

    with serving(respond) as address:
        yield f"{address}/T0/secret-of-the-chat"


@pytest.fixture
def judge(app: App, perfci: Run, fake: FakeGitHub, chat: str) -> Any:
    """Commit a program that holds so many megabytes, and start the pull request's job."""
    app.settings(SETTINGS)
    app.write(".gitignore", "/perfci-results/\n/.perfci/\n")
    app.write("hold.py", "x = bytes([1]) * 20_000_000\n")
    base = app.commit()

    def start(megabytes: int, **more: str) -> Answer:
        app.write("hold.py", f"x = bytes([1]) * {megabytes}_000_000\n")
        app.write("notes", f"now it holds {megabytes} MB\n")
        head = app.commit()
        pull = {
            "number": 12,
            "head": {"sha": head, "ref": "feature", "repo": HERE},
            "base": {"sha": base, "ref": "main", "repo": HERE},
        }
        event = app.root.parent / "event.json"
        event.write_text(json.dumps({"repository": HERE, "number": 12, "pull_request": pull}))
        return perfci(
            "run",
            CI="true",
            GITHUB_ACTIONS="true",
            GITHUB_EVENT_NAME="pull_request",
            GITHUB_EVENT_PATH=str(event),
            GITHUB_REPOSITORY="acme/widget",
            GITHUB_REF="refs/pull/12/merge",
            GITHUB_SHA=head,
            GITHUB_RUN_ID="77",
            GITHUB_API_URL=fake.address,
            CHAT=chat,
            **{"INPUT_GITHUB-TOKEN": JOB} | more,
        )

    return start


@pytest.mark.slow
def test_one_comment_follows_the_pull_request_and_a_check_stands_beside_each_commit(
    judge: Any, fake: FakeGitHub, heard: list[Request]
) -> None:
    answer = judge(60)
    assert answer.code == 1, answer
    (comment,) = fake.comments
    assert "1 benchmark got worse" in comment.body
    (check,) = fake.checks.values()
    assert (check.status, check.conclusion) == ("completed", "failure")
    (annotation,) = [it for it in answer.err.splitlines() if it.startswith("::error ")]
    assert "file=perfci.yml,line=2" in annotation
    told = json.loads(heard[0].body)
    assert (told["verdict"], told["project"]) == ("fail", "acme/widget")

    answer = judge(20)
    assert answer.code == 0, answer
    (comment,) = fake.comments
    assert "would have been seen" in comment.body, "it is brought up to date though nothing moved"
    assert [it.conclusion for it in fake.checks.values()] == ["failure", "success"]
    assert len(heard) == 1, "a chat hears of what failed"


@pytest.mark.slow
def test_a_token_that_may_only_read_changes_no_verdict(judge: Any, fake: FakeGitHub) -> None:
    answer = judge(60, **{"INPUT_GITHUB-TOKEN": READER})
    assert answer.code == 1, answer
    assert "not delivered: the comment" in answer.err
    assert "pull-requests: write" in answer.err
    assert READER not in answer.out + answer.err
    assert fake.comments == []


@pytest.mark.slow
def test_where_nothing_came_out_nobody_goes_on_believing_what_was_said_before(
    app: App, judge: Any, fake: FakeGitHub, heard: list[Request]
) -> None:
    assert judge(60).code == 1
    outputs = app.root.parent / "outputs"
    outputs.touch()
    stops = {"PERFCI_SETUP": "exit 3", "PERFCI_BASE": "f" * 40}
    whats = ("setup", "is not a commit here")
    for number, (stop, what) in enumerate(zip(stops.items(), whats, strict=True), 2):
        answer = judge(60, GITHUB_OUTPUT=str(outputs), **dict([stop]))
        assert answer.code == 2, answer
        assert what in answer.err
        check = list(fake.checks.values())[-1]
        assert len(fake.checks) == number
        assert (check.status, check.conclusion) == ("completed", "failure")
        assert "could not do its job" in check.title
        (comment,) = fake.comments
        assert "could not do its job" in comment.body
        assert "got worse" not in comment.body
        assert what in comment.body
        told = json.loads(heard[-1].body)
        assert len(heard) == number
        assert (told["verdict"], told["exit_code"], told["run_id"]) == ("error", 2, "")
        assert what in told["message"]
        assert "error" in outputs.read_text()
        outputs.write_text("")


@pytest.mark.slow
def test_settings_that_cannot_be_read_leave_no_old_verdict_behind(
    app: App, judge: Any, fake: FakeGitHub
) -> None:
    assert judge(60).code == 1
    results = app.root / "perfci-results"
    assert (results / "report.html").exists()
    outputs = app.root.parent / "outputs"
    outputs.touch()
    app.write("perfci.yml", "benchmarks: [\n")
    answer = judge(60, GITHUB_OUTPUT=str(outputs))
    assert answer.code == 2, answer
    (comment,) = fake.comments
    assert "could not do its job" in comment.body
    assert "perfci.yml" in comment.body
    assert list(fake.checks.values())[-1].conclusion == "failure"
    assert "error" in outputs.read_text()
    assert "::error title=perfci" in answer.err
    assert [it.name for it in results.iterdir()] == ["run.json"], "measured once, judged never"

    fake.comments.clear()
    assert judge(60).code == 2
    assert fake.comments == [], "nobody knows whether one is wanted"


@pytest.mark.slow
def test_no_benchmark_sees_an_address_or_a_token(
    app: App, judge: Any, fake: FakeGitHub, heard: list[Request], chat: str
) -> None:
    app.write("perfci.yml", SETTINGS.replace("[python3, -I, -S, hold.py]", "'env; exit 3'"))
    answer = judge(60, SLACK_WEBHOOK_URL="https://hooks.slack.com/services/T/B/x")
    assert answer.code == 2, answer
    results = app.root / "perfci-results"
    texts = [it.read_text() for it in results.rglob("*") if it.is_file()]
    for secret in ("secret-of-the-chat", JOB, "services/T/B/x", "CHAT="):
        assert secret not in answer.out + answer.err
        assert not any(secret in text for text in texts), secret
