"""The comment below a pull request: one a project, ours alone, whatever the server answers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from perfci.errors import DeliveryError
from perfci.model.context import Context
from perfci.model.emission import Comment, File
from perfci.platforms.github.comments import CommentSink
from tests.platforms.fake_github import APP, EVE, JOB, PERSON, READER, USERS, FakeGitHub, github
from tests.stores.fakes.server import Reply, Request, in_json, refusal

MARK = "<!-- perfci:v1 project=acme/widget -->"
BOT = USERS[JOB]


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    with github() as fake:
        yield fake


def comment(text: str = "new", *, makes: bool = True, mark: str = MARK) -> Comment:
    return Comment(marker=mark, forms=(f"{mark}\n{text}\n",), makes=makes)


def sink(
    hub: FakeGitHub,
    token: str = JOB,
    *,
    context: Mapping[str, object] | None = None,
    waits: list[float] | None = None,
) -> CommentSink:
    facts = {"platform": "github", "repository": "acme/widget", "pr_number": 12, **(context or {})}
    environ = {"GITHUB_API_URL": hub.address, "INPUT_GITHUB-TOKEN": token}
    wait = (waits if waits is not None else []).append
    return CommentSink(environ, Context(**facts), wait)  # type: ignore[arg-type]


def bodies(hub: FakeGitHub) -> list[str]:
    return [each.body for each in hub.comments]


def test_it_is_made_where_there_is_none_and_changed_where_there_is(hub: FakeGitHub) -> None:
    sink(hub).deliver(comment("first"))
    sink(hub).deliver(comment("second"))
    assert bodies(hub) == [f"{MARK}\nsecond\n"]
    assert sum(line.startswith("POST /repos") for line in hub.asked()) == 1


def test_a_quiet_comment_is_changed_and_never_made(hub: FakeGitHub) -> None:
    sink(hub).deliver(comment(makes=False))
    assert bodies(hub) == []
    hub.say(BOT, f"{MARK}\nold")
    sink(hub).deliver(comment("calm", makes=False))
    assert bodies(hub) == [f"{MARK}\ncalm\n"]


def test_what_already_stands_there_is_not_written_again(hub: FakeGitHub) -> None:
    hub.say(BOT, f"{MARK}\nnew\n")
    sink(hub).deliver(comment("new"))
    assert not any(line.startswith("PATCH") for line in hub.asked())


def test_a_marker_that_somebody_else_planted_is_left_alone(hub: FakeGitHub) -> None:
    planted = hub.say(EVE, f"{MARK}\nmine")
    sink(hub).deliver(comment())
    assert planted.body == f"{MARK}\nmine"
    assert [each.user for each in hub.comments] == [EVE, BOT]


def test_a_quoted_marker_is_none(hub: FakeGitHub) -> None:
    hub.say(BOT, f"> {MARK}\nquoted")
    hub.say(BOT, f"Look at this:\n{MARK}")
    sink(hub).deliver(comment())
    assert len(hub.comments) == 3


@pytest.mark.parametrize("token", [JOB, PERSON, APP])
def test_whose_token_it_is_is_found_out(hub: FakeGitHub, token: str) -> None:
    hub.say(EVE, f"{MARK}\nplanted")
    own = hub.say(USERS[token], f"{MARK}\nold")
    sink(hub, token).deliver(comment())
    assert own.body == f"{MARK}\nnew\n"
    assert len(hub.comments) == 2


def test_a_server_that_does_not_say_whose_token_it_is_has_given_the_jobs_own(
    hub: FakeGitHub,
) -> None:
    own = hub.say(BOT, f"{MARK}\nold")
    hub.interfere = lambda it: refusal(403, "no") if "graphql" in it.path else None
    sink(hub).deliver(comment())
    assert own.body == f"{MARK}\nnew\n"


def test_whoever_takes_a_name_that_was_given_up_is_somebody_else(hub: FakeGitHub) -> None:
    planted = hub.say(replace(USERS[PERSON], id=6), f"{MARK}\nplanted")
    sink(hub, PERSON).deliver(comment())
    assert planted.body == f"{MARK}\nplanted"


def test_it_is_found_on_any_page(hub: FakeGitHub) -> None:
    for number in range(250):
        hub.say(EVE, f"comment {number}")
    own = hub.say(BOT, f"{MARK}\nold")
    sink(hub).deliver(comment())
    assert own.body == f"{MARK}\nnew\n"
    assert len(hub.comments) == 251


def pages_of_talk(hub: FakeGitHub, pages: int) -> None:
    hub.page = 1
    for number in range(pages):
        hub.say(EVE, f"comment {number}")


@pytest.mark.parametrize("before", [0, 49, 60, 98])
def test_it_is_found_from_either_end_of_a_thread_too_long_to_read_on(
    hub: FakeGitHub, before: int
) -> None:
    pages_of_talk(hub, before)
    own = hub.say(BOT, f"{MARK}\nold")
    pages_of_talk(hub, 98 - before)
    sink(hub).deliver(comment())
    assert own.body == f"{MARK}\nnew\n"
    assert len(hub.comments) == 99


@pytest.mark.parametrize("makes", [True, False])
def test_where_not_all_can_be_looked_through_none_is_made_anew(
    hub: FakeGitHub, *, makes: bool
) -> None:
    pages_of_talk(hub, 60)
    hidden = hub.say(BOT, f"{MARK}\nold")
    pages_of_talk(hub, 60)
    with pytest.raises(DeliveryError, match="among the 5,000 oldest and as many newest is none"):
        sink(hub).deliver(comment(makes=makes))
    assert (len(hub.comments), hidden.body) == (121, f"{MARK}\nold")
    assert len(hub.requests) == 100


def test_one_that_is_seen_is_changed_whatever_lies_unseen(hub: FakeGitHub) -> None:
    own = hub.say(BOT, f"{MARK}\nold")
    pages_of_talk(hub, 120)
    sink(hub).deliver(comment())
    assert own.body == f"{MARK}\nnew\n"


def test_a_server_without_a_way_to_its_newest_end_is_not_believed_to_have_none(
    hub: FakeGitHub,
) -> None:
    pages_of_talk(hub, 60)

    def shortened(request: Request) -> Reply | None:
        reply = hub.answer(request)
        link = reply.headers.get("Link", "").replace('rel="last"', 'rel="x"')
        return replace(reply, headers={**reply.headers, "Link": link})

    hub.interfere = shortened
    with pytest.raises(DeliveryError, match="too many comments"):
        sink(hub).deliver(comment())
    assert len(hub.comments) == 60


def test_two_projects_have_a_comment_each(hub: FakeGitHub) -> None:
    other = MARK.replace("widget", "widget-2")
    for mark in (MARK, other, MARK, other):
        sink(hub).deliver(comment(mark=mark))
    assert sorted(bodies(hub)) == sorted([f"{MARK}\nnew\n", f"{other}\nnew\n"])


def test_of_two_made_at_once_the_older_stays_and_says_the_last(hub: FakeGitHub) -> None:
    def meanwhile(request: Request) -> Reply | None:
        if request.method == "POST" and request.path.endswith("/comments"):
            hub.interfere = lambda _: None
            hub.say(BOT, f"{MARK}\nof another run")
        return None

    hub.interfere = meanwhile
    waits: list[float] = []
    sink(hub, waits=waits).deliver(comment())
    assert bodies(hub) == [f"{MARK}\nnew\n"]
    assert waits == [1.0, 1.0], "GitHub asks for a second between writes"


def test_a_comment_that_was_deleted_meanwhile_is_made_again(hub: FakeGitHub) -> None:
    hub.say(BOT, f"{MARK}\nold")

    def meanwhile(request: Request) -> Reply | None:
        if request.method == "PATCH":
            hub.comments.clear()
        return None

    hub.interfere = meanwhile
    sink(hub).deliver(comment())
    assert bodies(hub) == [f"{MARK}\nnew\n"]


def test_a_shorter_form_is_sent_where_the_server_finds_it_too_long(hub: FakeGitHub) -> None:
    forms = tuple(f"{MARK}\n{'x' * size}" for size in (300, 200, 90))
    hub.longest = 150
    sink(hub).deliver(Comment(marker=MARK, forms=forms, makes=True))
    assert bodies(hub) == [forms[2]]
    hub.longest = 20
    hub.comments.clear()
    with pytest.raises(DeliveryError, match=r"cannot make it: .* 422 .*Validation Failed"):
        sink(hub).deliver(Comment(marker=MARK, forms=forms, makes=True))


def test_another_objection_to_the_text_is_not_asked_again(hub: FakeGitHub) -> None:
    hub.interfere = lambda it: refusal(422, "Spammed") if it.method == "POST" else None
    forms = tuple(f"{MARK}\n{size}" for size in range(3))
    with pytest.raises(DeliveryError, match="Spammed"):
        sink(hub).deliver(Comment(marker=MARK, forms=forms, makes=True))
    assert len(hub.requests) == 2


REFUSALS: dict[str, tuple[dict[str, object], str]] = {
    "read-only": ({}, "pull-requests: write"),
    "fork": ({"is_fork": True}, "workflow_run"),
    "unknown pull request": ({"pr_number": 99}, "pull-requests: write"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_no_right_is_told_with_the_lines_to_add(hub: FakeGitHub, name: str) -> None:
    more, hint = REFUSALS[name]
    with pytest.raises(DeliveryError) as caught:
        sink(hub, READER, context=more).deliver(comment())
    assert hint in caught.value.hint
    assert "permissions:" in caught.value.hint
    assert READER not in caught.value.message + caught.value.hint


def test_no_token_is_told_only_where_a_comment_would_be_made(hub: FakeGitHub) -> None:
    sink(hub, "").deliver(comment(makes=False))
    with pytest.raises(DeliveryError, match="no token is given") as caught:
        sink(hub, "").deliver(comment())
    assert "github-token" in caught.value.hint
    assert hub.requests == []


def test_a_token_with_a_stray_character_is_told_without_it(hub: FakeGitHub) -> None:
    with pytest.raises(DeliveryError, match="INPUT_GITHUB-TOKEN holds characters") as caught:
        sink(hub, "ghs_sec\nret").deliver(comment())
    assert "ghs_" not in caught.value.message


def test_a_wrong_token_names_its_variable(hub: FakeGitHub) -> None:
    with pytest.raises(DeliveryError, match="401") as caught:
        sink(hub, "ghs_expired").deliver(comment())
    assert "INPUT_GITHUB-TOKEN" in caught.value.hint


def test_a_locked_conversation_is_told_as_one(hub: FakeGitHub) -> None:
    hub.locked = True
    with pytest.raises(DeliveryError, match="issue is locked") as caught:
        sink(hub).deliver(comment())
    assert "unlock" in caught.value.hint


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_of_the_server_ends_in_one_error(hub: FakeGitHub, status: int) -> None:
    hub.interfere = lambda _: Reply(status=status, body=b"<html>")
    with pytest.raises(DeliveryError, match=str(status)):
        sink(hub).deliver(comment())


def test_a_rate_limit_is_waited_for_and_told_if_it_lasts(hub: FakeGitHub) -> None:
    waits: list[float] = []
    refused = in_json({"message": "secondary rate limit"}, status=403, headers={"Retry-After": "7"})
    left = [refused]
    hub.interfere = lambda _: left.pop() if left else None
    sink(hub, waits=waits).deliver(comment())
    assert waits[0] == 7.0
    assert bodies(hub) == [f"{MARK}\nnew\n"]
    spent = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795687200"}
    hub.interfere = lambda _: in_json({"message": "API rate limit"}, status=403, headers=spent)
    with pytest.raises(DeliveryError) as caught:
        sink(hub).deliver(comment("newer"))
    assert "limits how often" in caught.value.hint


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'[{"body": 5, "user": []}, 7, null]'])
def test_an_answer_that_is_none_of_githubs_does_no_harm(hub: FakeGitHub, body: bytes) -> None:
    hub.interfere = lambda it: Reply(body=body) if it.method == "GET" else None
    try:
        sink(hub).deliver(comment())
    except DeliveryError as error:
        assert "gave no list" in error.message  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    "more",
    [{"pr_number": None}, {"platform": "gitlab"}, {"platform": "local"}, {"repository": ""}],
)
def test_nothing_is_said_elsewhere(hub: FakeGitHub, more: dict[str, object]) -> None:
    sink(hub, context=more).deliver(comment())
    sink(hub).deliver(File(path="comment.md", content=b""))
    assert hub.requests == []


@pytest.mark.parametrize("platform", ["gitea", "forgejo"])
def test_gitea_and_forgejo_are_asked_in_their_own_way(hub: FakeGitHub, platform: str) -> None:
    hub.graphql = False
    own = hub.say(BOT, f"{MARK}\nold")
    sink(hub, context={"platform": platform}).deliver(comment())
    assert own.body == f"{MARK}\nnew\n"
    assert {each.headers["authorization"] for each in hub.requests} == {f"token {JOB}"}
    assert not any("graphql" in line for line in hub.asked())
