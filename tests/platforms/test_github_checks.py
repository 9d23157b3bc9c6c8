"""The check run: opened before measuring, closed by whoever can, silent where it may not be."""

from collections.abc import Iterator

import pytest

from perfci.errors import DeliveryError
from perfci.model.context import Context
from perfci.model.emission import Annotation, Check, Comment, Conclusion, Level
from perfci.platforms.github.checks import CheckSink
from tests.platforms.fake_github import JOB, PERSON, READER, FakeGitHub, Run, github
from tests.stores.fakes.server import Reply, Request, refusal

HEAD = "a" * 39 + "1"
RUN_URL = "https://github.com/acme/widget/actions/runs/42"
OPENED = Check(name="perfci", conclusion=None, title="Measuring", summary="...")


def closed(*annotations: Annotation, conclusion: str = "success", summary: str = "fine") -> Check:
    return Check(
        name="perfci",
        conclusion=Conclusion(conclusion),
        title="no regression",
        summary=summary,
        annotations=annotations,
    )


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    with github() as fake:
        yield fake


class Job:
    """One attempt of a job, with what it said quietly."""

    def __init__(
        self, hub: FakeGitHub, token: str = JOB, run: int = 42, attempt: int = 1, **more: object
    ) -> None:
        facts: dict[str, object] = {
            "platform": "github",
            "repository": "acme/widget",
            "commit": HEAD,
            "run_url": RUN_URL,
        }
        self.said: list[str] = []
        self.sink = CheckSink(
            {
                "GITHUB_API_URL": hub.address,
                "GITHUB_RUN_ID": str(run),
                "GITHUB_RUN_ATTEMPT": str(attempt),
                "GITHUB_TOKEN": token,
            },
            Context(**{**facts, **more}),  # type: ignore[arg-type]
            wait=lambda _: None,
            say=self.said.append,
            token=lambda: f"{id(self):x}",
        )
        self.deliver = self.sink.deliver


def states(hub: FakeGitHub) -> list[tuple[str, str | None]]:
    return [(each.status, each.conclusion) for each in hub.checks.values()]


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_it_goes_on_while_measuring_and_ends_with_the_verdict(
    hub: FakeGitHub, conclusion: Conclusion
) -> None:
    job = Job(hub)
    job.deliver(OPENED)
    assert states(hub) == [("in_progress", None)]
    job.deliver(closed(conclusion=conclusion.value))
    job.sink.close()
    assert states(hub) == [("completed", conclusion.value)]
    (run,) = hub.checks.values()
    assert (run.commit, run.details_url, run.title) == (HEAD, RUN_URL, "no regression")


def test_one_that_was_never_opened_is_made_closed(hub: FakeGitHub) -> None:
    Job(hub).deliver(closed())
    assert states(hub) == [("completed", "success")]


def test_whatever_ends_the_job_early_cancels_it(hub: FakeGitHub) -> None:
    job = Job(hub)
    job.deliver(OPENED)
    job.sink.close()
    job.sink.close()
    assert states(hub) == [("completed", "cancelled")]
    assert sum(line.startswith("PATCH") for line in hub.asked()) == 1


def test_a_job_that_opened_none_has_none_to_cancel(hub: FakeGitHub) -> None:
    Job(hub).sink.close()
    assert hub.requests == []


def test_what_an_earlier_attempt_left_open_is_closed(hub: FakeGitHub) -> None:
    Job(hub).deliver(OPENED)
    again = Job(hub, attempt=2)
    again.deliver(OPENED)
    assert states(hub) == [("completed", "cancelled"), ("in_progress", None)]
    again.deliver(closed())
    assert states(hub) == [("completed", "cancelled"), ("completed", "success")]


@pytest.mark.parametrize(
    ("status", "left"), [("completed", "cancelled"), ("in_progress", None), ("", None)]
)
def test_what_another_run_left_is_closed_only_once_that_run_is_over(
    hub: FakeGitHub, status: str, left: str | None
) -> None:
    if status:
        hub.runs[41] = status
    Job(hub, run=41).deliver(OPENED)
    Job(hub).deliver(OPENED)
    assert states(hub)[0][1] == left


def test_the_jobs_of_a_matrix_leave_each_others_alone(hub: FakeGitHub) -> None:
    first, second = Job(hub), Job(hub)
    first.deliver(OPENED)
    second.deliver(OPENED)
    second.deliver(closed())
    assert states(hub) == [("in_progress", None), ("completed", "success")]
    first.sink.close()
    assert states(hub) == [("completed", "cancelled"), ("completed", "success")]


def test_checks_that_perfci_did_not_make_are_let_be(hub: FakeGitHub) -> None:
    for number, told in enumerate(("", "ci-17", "perfci:x:1:perf", "perfci:42:0"), start=900):
        hub.checks[number] = Run(number, "perfci", HEAD, told, "", "in_progress", None)
    other = Job(hub, attempt=3, commit="b" * 40)
    other.deliver(OPENED)
    Job(hub, attempt=4).deliver(OPENED)
    assert [conclusion for _, conclusion in states(hub)] == [None] * 6


def test_one_whose_making_was_not_answered_is_found_and_closed(hub: FakeGitHub) -> None:
    def lost(request: Request) -> Reply | None:
        if request.method == "POST":
            hub.answer(request)
            return Reply(status=502)
        return None

    hub.interfere = lost
    job = Job(hub)
    with pytest.raises(DeliveryError, match="502"):
        job.deliver(OPENED)
    hub.interfere = lambda _: None
    assert len(hub.checks) > 1
    job.deliver(closed(conclusion="failure"))
    assert set(states(hub)) == {("completed", "failure")}


@pytest.mark.parametrize("case", ["no right", "person", "read-only"])
def test_no_right_is_said_once_and_is_no_error(hub: FakeGitHub, case: str) -> None:
    hub.may_check = case != "no right"
    job = Job(hub, {"person": PERSON, "read-only": READER}.get(case, JOB))
    job.deliver(OPENED)
    job.deliver(closed())
    job.sink.close()
    assert len(job.said) == 1
    assert "checks: write" in job.said[0]
    assert hub.checks == {}
    assert sum(line.startswith("POST") for line in hub.asked()) == 1


def test_what_keeps_it_from_being_opened_and_from_being_closed_is_told_once(
    hub: FakeGitHub,
) -> None:
    hub.interfere = lambda _: Reply(status=502)
    job = Job(hub)
    with pytest.raises(DeliveryError, match="502"):
        job.deliver(OPENED)
    job.deliver(closed())
    hub.interfere = lambda _: refusal(422, "no such commit")
    with pytest.raises(DeliveryError, match="no such commit"):
        job.deliver(closed())


def test_a_fork_which_can_do_nothing_about_it_is_told_nothing(hub: FakeGitHub) -> None:
    job = Job(hub, READER, is_fork=True)
    job.deliver(OPENED)
    assert job.said == []


def test_a_limit_is_no_lack_of_rights(hub: FakeGitHub) -> None:
    headers = {"x-ratelimit-remaining": "0"}
    hub.interfere = lambda _: Reply(status=403, headers=headers)
    job = Job(hub)
    with pytest.raises(DeliveryError) as caught:
        job.deliver(OPENED)
    assert "limits how often" in caught.value.hint
    assert job.said == []


@pytest.mark.parametrize(
    "more",
    [{"platform": "gitea"}, {"platform": "local"}, {"commit": ""}, {"repository": ""}],
)
def test_nothing_is_asked_elsewhere(hub: FakeGitHub, more: dict[str, object]) -> None:
    job = Job(hub, **more)  # type: ignore[arg-type]
    job.deliver(OPENED)
    job.deliver(closed())
    job.deliver(Comment(marker="", forms=(), makes=True))
    Job(hub, "").deliver(OPENED)
    assert (hub.requests, job.said) == ([], [])


def note(number: int, text: str = "slower") -> Annotation:
    return Annotation(title=f"t{number}", text=text, level=Level.ERROR, path="a.py", line=number)


def test_annotations_come_in_portions_once_the_check_is_closed(hub: FakeGitHub) -> None:
    pathless = Annotation(title="", text="job")
    Job(hub).deliver(closed(pathless, *map(note, range(1, 121))))
    (run,) = hub.checks.values()
    assert [each["start_line"] for each in run.annotations] == list(range(1, 121))
    assert [line.partition(" ")[0] for line in hub.asked()] == ["POST", "PATCH", "PATCH", "PATCH"]


def test_annotations_that_are_refused_leave_the_check_closed(hub: FakeGitHub) -> None:
    hub.interfere = lambda it: refusal(422, "no such path") if b"annotations" in it.body else None
    job = Job(hub)
    job.deliver(OPENED)
    with pytest.raises(DeliveryError, match="no such path"):
        job.deliver(closed(note(1)))
    job.sink.close()
    assert states(hub) == [("completed", "success")]


def test_what_is_too_long_or_too_rare_is_made_to_fit(hub: FakeGitHub) -> None:
    long = note(1, "🐢 slow\n" * 30_000)
    Job(hub).deliver(closed(long, summary="| ä | 名前 |\n" * 20_000))
    (run,) = hub.checks.values()
    assert 60_000 < len(run.summary.encode()) <= 65_535
    assert run.summary.endswith("*More does not fit here; the report has all of it.*\n")
    assert set(run.summary.splitlines()[:-2]) == {"| ä | 名前 |"}
    told = str(run.annotations[0]["message"])
    assert len(told.encode()) <= 64_000
    assert max(told) == "\ufffd"
