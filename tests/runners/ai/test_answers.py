"""From the pieces of an answer and their instants to its figures; all of it known."""

import json

import pytest

from perfci.runners.ai.answer import Answer
from perfci.runners.ai.dialects import DIALECTS, Piece


def answer(*instants: float, told: int | None = None, hidden: int = 0) -> Answer:
    """Return an answer that was asked for at 100.0, with a piece at each of these instants."""
    got = Answer(sent=100.0)
    for at in instants:
        got.take(Piece(text=True), at)
    got.take(Piece(tokens=told, hidden=hidden, finished=True), 120.0)
    got.heard = 120.0
    return got


def test_times_count_from_the_request() -> None:
    got = answer(102.0, 103.0, 107.0)

    assert got.first_token_time == 2.0
    assert got.response_time == 20.0


def test_the_rate_leaves_out_the_first_token_and_the_time_before_and_after() -> None:
    assert answer(102.0, 103.0, 107.0, told=3).rate == pytest.approx(2 / 5)


def test_pieces_stand_in_for_tokens_that_nobody_told() -> None:
    assert answer(102.0, 103.0, 107.0).rate == pytest.approx(2 / 5)
    assert answer(102.0).counted
    assert not answer(102.0, told=3).counted


def test_pieces_of_several_tokens_share_them_evenly() -> None:
    assert answer(102.0, 103.0, 107.0, told=30).rate == pytest.approx(20 / 5)


def test_thoughts_that_were_never_sent_are_no_tokens_of_the_stream() -> None:
    assert answer(102.0, 103.0, 107.0, told=1003, hidden=1000).rate == pytest.approx(2 / 5)


def test_thoughts_that_were_sent_are_tokens_of_the_stream() -> None:
    got = Answer(sent=100.0)
    got.take(Piece(text=True, thought=True), 102.0)
    got.take(Piece(text=True), 103.0)
    got.take(Piece(tokens=4, hidden=2), 103.0)

    assert got.rate == pytest.approx(2.0)


@pytest.mark.parametrize("instants", [(102.0,), (102.0, 102.0)])
def test_there_is_no_rate_where_nothing_came_after_the_first_piece(
    instants: tuple[float, ...],
) -> None:
    assert answer(*instants, told=3).rate is None


@pytest.mark.parametrize("told", [-3, 0, True, 1.5, "7", 10**30, None, [5], {"a": 1}])
def test_a_number_of_tokens_that_makes_no_sense_is_not_believed(told: object) -> None:
    usage = {
        "completion_tokens": told,
        "completion_tokens_details": {"reasoning_tokens": told},
    }
    openai = DIALECTS["openai"].piece(json.dumps({"choices": [], "usage": usage}))
    ollama = DIALECTS["ollama"].piece(json.dumps({"done": True, "eval_count": told}))

    assert openai.tokens is None
    assert openai.hidden == 0
    assert ollama.tokens is None


@pytest.mark.parametrize(
    "event",
    [
        *('{"choices": null}', '{"choices": 5}', '{"choices": [null]}', '{"choices": [{}]}'),
        *('{"choices": [{"delta": null}]}', '{"choices": [{"delta": {"content": null}}]}'),
        *('{"choices": [{"delta": {"content": ""}}]}', '{"choices": [{"delta": ["a"]}]}'),
        *('{"type": "ping"}', '{"usage": 7}', '{"message": "hi", "done": "no"}', "{}"),
    ],
)
def test_events_without_text_are_no_tokens(event: str) -> None:
    for dialect in DIALECTS.values():
        assert dialect.piece(event) == Piece()


@pytest.mark.parametrize("event", ["[", "nul", "5", '"text"', "[]", "[" * 100_000, ""])
def test_what_is_no_object_is_refused(event: str) -> None:
    for dialect in DIALECTS.values():
        with pytest.raises(ValueError, match=r"."):
            dialect.piece(event)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ('{"error": {"message": "out of memory", "code": 500}}', "out of memory"),
        ('{"error": "out of memory"}', "out of memory"),
        ('{"error": {"code": 7}}', '{"code": 7}'),
        ('{"object": "error", "message": "out of memory"}', "out of memory"),
        ('{"error": true}', "true"),
    ],
)
def test_errors_are_found_in_every_usual_form(event: str, said: str) -> None:
    for dialect in DIALECTS.values():
        assert dialect.piece(event).error == said


def test_lists_of_models_may_hold_anything() -> None:
    data = [{"id": "a"}, {"name": "b"}, {"id": 5}, None, {"id": ""}]
    listed = {"data": data, "models": data}

    assert DIALECTS["openai"].models(listed) == ("a",)
    assert DIALECTS["ollama"].models(listed) == ("b",)
    assert DIALECTS["openai"].models(None) == ()
    assert DIALECTS["ollama"].models({"models": 5}) == ()
