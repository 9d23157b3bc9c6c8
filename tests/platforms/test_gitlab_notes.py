"""The note below a merge request: one, found again, ours alone."""

import re
from collections.abc import Callable, Iterator

import pytest

from perfci.errors import DeliveryError
from perfci.model.emission import Annotation, Comment, File, Output, Summary
from perfci.pipeline import deliver
from perfci.platforms.gitlab.notes import NoteSink
from perfci.reports.comment import compose
from tests.platforms.fake_gitlab import (
    ANNA,
    GUEST,
    READER,
    TOKEN,
    FakeGitLab,
    gitlab,
    spent,
    variables_of,
)
from tests.reports import suites
from tests.stores.fakes.server import Reply, Request

_CODE = re.compile(r"(?<![\\`])(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_REFERENCE = re.compile(r"(?:^|(?<=[^\w`]))(@(?=\w)|[#!$&](?=\d)|[~%](?=\w))")
MARK = "<!-- perfci:v1 project=codec -->"
Tell = Callable[..., None]


@pytest.fixture
def fake() -> Iterator[FakeGitLab]:
    with gitlab() as found:
        yield found


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def tell(fake: FakeGitLab, waits: list[float]) -> Tell:
    """Return what delivers a comment, each time from a job of its own."""

    def say(*forms: str, makes: bool = True, mark: str = MARK, **variables: str) -> None:
        sink = NoteSink(variables_of(fake, **variables), wait=waits.append)
        told = tuple(f"{mark}\n{form}" for form in forms)
        sink.deliver(Comment(marker=mark, forms=told, makes=makes))

    return say


def bodies(fake: FakeGitLab) -> list[str]:
    return [note.body.removeprefix(f"{MARK}\n") for note in fake.notes]


def refused(tell: Tell, **variables: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        tell("slower", **variables)
    assert TOKEN not in f"{caught.value.message}{caught.value.hint}"
    return caught.value


def test_the_first_run_makes_a_note_and_the_next_changes_it(fake: FakeGitLab, tell: Tell) -> None:
    fake.add("Looks good", ANNA)
    tell("1 slower")
    tell("2 slower")
    assert bodies(fake) == ["Looks good", "2 slower"]
    assert [it.headers["private-token"] for it in fake.requests] == [TOKEN] * len(fake.requests)


def test_a_note_that_says_it_already_is_left_alone(fake: FakeGitLab, tell: Tell) -> None:
    tell("slower\n")
    tell("slower\n")
    assert [len(fake.said("POST")), len(fake.said("PUT"))] == [1, 0]


def test_it_is_found_among_hundreds(fake: FakeGitLab, tell: Tell) -> None:
    tell("old")
    for _ in range(70):
        fake.add("talk", ANNA)
    tell("new")
    assert fake.notes[0].body == f"{MARK}\nnew"
    assert len(fake.notes) == 71


@pytest.mark.parametrize("before", [0, 60, 98])
def test_it_is_found_from_either_end_of_a_thread_too_long_to_read_on(
    fake: FakeGitLab, tell: Tell, before: int
) -> None:
    fake.page = 1
    for place in range(99):
        fake.add(*((f"{MARK}\nold",) if place == before else ("talk", ANNA)))
    tell("new")
    assert len(fake.notes) == 99
    assert fake.notes[before].body == f"{MARK}\nnew"


def test_where_not_all_can_be_looked_through_none_is_made_anew(
    fake: FakeGitLab, tell: Tell
) -> None:
    fake.page = 1
    for place in range(121):
        fake.add(*((f"{MARK}\nold",) if place == 60 else ("talk", ANNA)))
    error = refused(tell)
    assert "among the 5,000 oldest and as many newest is none of perfci's" in error.message
    assert (len(fake.notes), fake.notes[60].body) == (121, f"{MARK}\nold")


def test_where_none_is_wanted_none_is_made_but_one_that_is_there_changes(
    fake: FakeGitLab, tell: Tell
) -> None:
    tell("nothing moved", makes=False)
    assert fake.notes == []
    tell("slower")
    tell("nothing moved", makes=False)
    assert bodies(fake) == ["nothing moved"]


def test_two_projects_have_two_notes(fake: FakeGitLab, tell: Tell) -> None:
    tell("one")
    tell("two", mark="<!-- perfci:v1 project=codec-2 -->")
    tell("three")
    assert [note.body.split("\n")[1] for note in fake.notes] == ["three", "two"]


@pytest.mark.parametrize("system", [False, True])
def test_a_marker_that_somebody_forged_is_not_ours(
    fake: FakeGitLab, tell: Tell, *, system: bool
) -> None:
    forged = fake.add(f"{MARK}\nforged", TOKEN if system else ANNA, system=system)
    quoted = fake.add(f"> {MARK}\nquoted", TOKEN)
    tell("slower")
    assert (forged.body, quoted.body) == (f"{MARK}\nforged", f"> {MARK}\nquoted")
    assert fake.notes[-1].body == f"{MARK}\nslower"
    assert len(fake.notes) == 3


def test_of_two_runs_at_once_one_note_stays(fake: FakeGitLab, tell: Tell) -> None:
    def meanwhile(request: Request) -> Reply | None:
        if request.method == "POST":
            fake.add(f"{MARK}\nthe other")
        return None

    fake.interfere = meanwhile
    tell("ours")
    assert bodies(fake) == ["ours"]


def test_a_note_whose_answer_was_lost_is_not_made_twice(
    fake: FakeGitLab, tell: Tell, waits: list[float]
) -> None:
    def lose(request: Request) -> Reply | None:
        if request.method != "POST":
            return None
        fake.interfere = lambda _: None
        assert fake.answer(request).status == 201
        return Reply(status=502)

    fake.interfere = lose
    tell("slower")
    assert bodies(fake) == ["slower"]
    assert waits == [1.0]


def test_what_an_earlier_crash_left_twice_becomes_one(fake: FakeGitLab, tell: Tell) -> None:
    fake.add(f"{MARK}\nfirst")
    fake.add(f"{MARK}\nsecond")
    tell("slower")
    assert bodies(fake) == ["slower"]


def test_a_note_that_was_removed_just_now_is_made_anew(fake: FakeGitLab, tell: Tell) -> None:
    def remove(request: Request) -> Reply | None:
        if request.method == "PUT":
            fake.notes.clear()
        return None

    tell("old")
    fake.interfere = remove
    tell("new")
    assert bodies(fake) == ["new"]


def test_a_form_that_is_too_long_gives_way_to_a_shorter_one(fake: FakeGitLab, tell: Tell) -> None:
    fake.longest = 40
    tell("x" * 60, "y" * 50, "short")
    assert bodies(fake) == ["short"]
    tell("x" * 60, "other")
    assert bodies(fake) == ["other"]


def test_a_form_that_a_proxy_refuses_gives_way_too(fake: FakeGitLab, tell: Tell) -> None:
    page = b"<html><h1>413 Request Entity Too Large</h1></html>"
    fake.interfere = lambda it: Reply(status=413, body=page) if len(it.body) > 200 else None
    tell("x" * 500, "short")
    assert bodies(fake) == ["short"]


def test_where_the_shortest_is_too_long_it_is_said(fake: FakeGitLab, tell: Tell) -> None:
    fake.longest = 3
    assert "too long" in refused(tell).message


@pytest.mark.parametrize("seconds", ["", "7"])
def test_a_limit_is_waited_for(
    fake: FakeGitLab, tell: Tell, waits: list[float], seconds: str
) -> None:
    replies = [spent(seconds)]
    fake.interfere = lambda it: replies.pop() if it.method == "POST" and replies else None
    tell("slower")
    assert bodies(fake) == ["slower"]
    assert waits == [float(seconds or 1)]


def test_a_limit_that_lasts_ends_in_an_error(fake: FakeGitLab, tell: Tell) -> None:
    fake.interfere = lambda _: spent()
    error = refused(tell)
    assert "429 Too Many Requests" in error.message
    assert error.hint == "the server limits how often it is asked: run again later"


def test_without_a_token_it_says_what_to_make_and_asks_nothing(
    fake: FakeGitLab, tell: Tell
) -> None:
    error = refused(tell, PERFCI_GITLAB_TOKEN=" ")
    assert error.message == (
        "the comment: PERFCI_GITLAB_TOKEN is not set, and the job's own token (CI_JOB_TOKEN) may "
        "read what stands below a merge request but not write there"
    )
    for word in ("project access token", "role Reporter", "scope api", "masked", "protected"):
        assert word in error.hint
    assert fake.requests == []


def test_the_jobs_own_token_is_never_used(fake: FakeGitLab, tell: Tell) -> None:
    tell("slower")
    assert not any("job-token" in request.headers for request in fake.requests)


def test_in_a_forks_own_pipeline_it_says_who_can_run_it(fake: FakeGitLab, tell: Tell) -> None:
    error = refused(tell, PERFCI_GITLAB_TOKEN="", CI_PROJECT_ID="99")
    assert "runs in the fork" in error.message
    assert "run the pipeline in the project itself" in error.hint


def test_a_forks_merge_request_is_told_in_the_project_it_goes_to(
    fake: FakeGitLab, tell: Tell
) -> None:
    tell("slower", CI_PROJECT_ID="99")
    assert {it.path for it in fake.said("POST")} == {"/api/v4/projects/7/merge_requests/3/notes"}


@pytest.mark.parametrize(
    ("token", "told", "hint"),
    [
        ("glpat-expired", "401 Unauthorized", "is not valid, or no longer"),
        (READER, "403 Forbidden", "lacks the scope api"),
        (GUEST, "404 Project Not Found", "at least the role Reporter"),
    ],
)
def test_a_token_that_may_not_is_told_apart(tell: Tell, token: str, told: str, hint: str) -> None:
    error = refused(tell, PERFCI_GITLAB_TOKEN=token)
    assert told in error.message
    assert hint in error.hint
    assert token not in f"{error.message}{error.hint}"


def test_a_locked_discussion_is_named_as_a_cause(fake: FakeGitLab, tell: Tell) -> None:
    fake.locked = True
    error = refused(tell)
    assert "403 Forbidden" in error.message
    assert "a locked discussion" in error.hint


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"oops"), (200, b"<html>sign in</html>"), (200, b'{"message": "moved"}'), (422, b"{}")],
)
def test_nonsense_from_the_server_is_one_warning(
    fake: FakeGitLab, waits: list[float], status: int, body: bytes
) -> None:
    fake.interfere = lambda _: Reply(status=status, body=body)
    sink = NoteSink(variables_of(fake), wait=waits.append)
    failed = deliver([Comment(marker=MARK, forms=(f"{MARK}\nx",), makes=True)], [sink])
    assert len(failed) == 1
    assert fake.notes == []


def test_where_nobody_listens_it_is_one_error(tell: Tell) -> None:
    error = refused(tell, CI_API_V4_URL="http://127.0.0.1:1/api/v4")
    assert "no answer from http://127.0.0.1:1/" in error.message


def test_a_branch_with_open_merge_requests_is_told_below_each(fake: FakeGitLab, tell: Tell) -> None:
    no_request = {"CI_MERGE_REQUEST_IID": "", "CI_MERGE_REQUEST_PROJECT_ID": ""}
    tell("slower", **no_request, CI_OPEN_MERGE_REQUESTS="group/app!3,group/app!4")
    assert {it.path for it in fake.said("POST")} == {
        f"/api/v4/projects/group%2Fapp/merge_requests/{number}/notes" for number in (3, 4)
    }
    assert [note.request for note in fake.notes] == [3, 4]


@pytest.mark.parametrize(
    "variables",
    [
        {"CI_MERGE_REQUEST_IID": ""},
        {"CI_MERGE_REQUEST_IID": "3/../4"},
        {"CI_MERGE_REQUEST_PROJECT_ID": "../users"},
        {"CI_MERGE_REQUEST_IID": "", "CI_OPEN_MERGE_REQUESTS": "x,!3,a!0,a?b!3,a!3!,"},
        {"GITLAB_CI": ""},
        {"CI_API_V4_URL": ""},
        {"CI_API_V4_URL": "file:///etc/passwd"},
    ],
)
def test_where_there_is_no_merge_request_nothing_is_asked(
    fake: FakeGitLab, tell: Tell, variables: dict[str, str]
) -> None:
    tell("slower", **{**variables, "PERFCI_GITLAB_TOKEN": ""})
    assert fake.requests == []


def test_other_emissions_pass(fake: FakeGitLab) -> None:
    sink = NoteSink(variables_of(fake), wait=lambda _: None)
    for emission in (
        File(path="x", content=b""),
        Summary(markdown="x"),
        Output(name="a", value="b"),
        Annotation(title="a", text="b"),
    ):
        sink.deliver(emission)
    assert fake.requests == []


def test_no_line_is_a_command(fake: FakeGitLab, tell: Tell) -> None:
    tell("```text\n/close\n\r/merge\n```\n/approve\n/label ~x\n \ud800end")
    assert fake.commands == []
    assert "/approve\n" in fake.notes[0].body


@pytest.mark.parametrize("name", suites.EVERY)
def test_no_report_holds_a_command_or_a_reference(fake: FakeGitLab, tell: Tell, name: str) -> None:
    text = compose(suites.EVERY[name](), longest=65_000)
    mark, _, rest = text.partition("\n")
    tell(rest, mark=mark)
    assert fake.commands == []
    # nothing outside of code may name a person, an issue, a label and the like
    prose = _CODE.sub("", fake.notes[0].body)
    assert _REFERENCE.findall(prose) == []
    # and what it looks for is there
    assert len(_CODE.findall("a `b` ``c`d`` \\` e")) == 2
    assert _REFERENCE.findall("@all, #1 !2 ~x %y $3 &4 (@b)") == [*"@#!~%$&@"]
