"""Streams that are cut anywhere: the events are the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.runners.ai.streams import (
    EventsOrJson,
    JsonLines,
    OverlongError,
    ServerSentEvents,
    Splitter,
)

MOST = 1000
DOCUMENT = (
    ': a comment\r\nevent: message\rid: 7\nretry: 10\ndata: {"a":\r\ndata:"ü€🙂"}\n\n'
    ":keep-alive\n\n\r\n\r\rdata\n\ndata:  two spaces\n\nunknown: x\n\ndata: [DONE]\r\r"
)
EVENTS = ['{"a":\n"ü€🙂"}', "", " two spaces", "[DONE]"]


def split(splitter: Splitter, data: bytes, cuts: list[int]) -> list[str]:
    """Feed bytes in pieces; return all events."""
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    found = []
    for start, stop in pairwise(edges):
        found += splitter.feed(data[start:stop])
    return found + splitter.close()


def flood(splitter: Splitter, data: bytes) -> None:
    for _ in range(MOST):
        splitter.feed(data)


CUTS = st.lists(st.integers(0, 10_000), max_size=30)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\ufeff"))


@given(CUTS)
def test_a_document_with_everything_in_it_reads_alike_however_it_is_cut(cuts: list[int]) -> None:
    assert split(ServerSentEvents(MOST), DOCUMENT.encode(), cuts) == EVENTS
    assert split(EventsOrJson(MOST), DOCUMENT.encode(), cuts) == EVENTS


@given(CUTS)
def test_a_mark_of_byte_order_may_come_first(cuts: list[int]) -> None:
    assert split(EventsOrJson(MOST), "\ufeffdata: a\n\n".encode(), cuts) == ["a"]
    assert split(EventsOrJson(MOST), "\ufeff[1]".encode(), cuts) == ["[1]"]


def test_a_document_reads_alike_byte_by_byte() -> None:
    data = DOCUMENT.encode()

    assert split(ServerSentEvents(MOST), data, list(range(len(data)))) == EVENTS


@given(st.lists(st.lists(TEXT, min_size=1)), st.sampled_from(["\n", "\r", "\r\n"]), CUTS)
def test_events_come_out_as_they_went_in(
    events: list[list[str]], end: str, cuts: list[int]
) -> None:
    written = "".join(
        "".join(f"data: {line}{end}: comment{end}" for line in event) + end for event in events
    )

    found = split(ServerSentEvents(10**6), written.encode(), cuts)

    assert found == ["\n".join(event) for event in events]


@given(st.lists(TEXT), st.sampled_from(["\n", "\r\n"]), CUTS)
def test_lines_come_out_as_they_went_in(lines: list[str], end: str, cuts: list[int]) -> None:
    written = "".join(f"{line}{end}{end}" for line in lines).encode()

    found = split(JsonLines(10**6), written, cuts)

    assert found == [line for line in lines if line.encode().strip()]


@given(st.binary(), CUTS)
def test_any_bytes_at_all_are_read_alike_however_they_are_cut(data: bytes, cuts: list[int]) -> None:
    for make in (ServerSentEvents, JsonLines, EventsOrJson):
        assert split(make(MOST), data, cuts) == split(make(MOST), data, [])


@given(CUTS)
def test_one_json_value_is_read_whole(cuts: list[int]) -> None:
    data = b'\r\n  {"a":\n\n{"b": 1}}\n'

    assert split(EventsOrJson(MOST), data, cuts) == ['{"a":\n\n{"b": 1}}\n']


def test_an_event_whose_end_never_came_is_given_at_the_close() -> None:
    assert split(ServerSentEvents(MOST), b"data: [DONE]", []) == ["[DONE]"]
    assert split(ServerSentEvents(MOST), b"data: a\ndata: b\n", []) == ["a\nb"]
    assert split(JsonLines(MOST), b'{"done": true}', []) == ['{"done": true}']


def test_an_event_is_given_as_soon_as_its_end_has_come() -> None:
    for end in (b"\n\n", b"\r\r", b"\r\n\r\n"):
        assert ServerSentEvents(MOST).feed(b"data: a" + end) == ["a"]
    assert JsonLines(MOST).feed(b"{}\n") == ["{}"]


@pytest.mark.parametrize("splitter", [ServerSentEvents(MOST), JsonLines(MOST), EventsOrJson(MOST)])
def test_a_line_without_an_end_is_not_kept_for_ever(splitter: Splitter) -> None:
    with pytest.raises(OverlongError):
        flood(splitter, b"{xxxxxxxxx")


def test_an_event_of_many_lines_is_not_kept_for_ever() -> None:
    with pytest.raises(OverlongError):
        flood(ServerSentEvents(MOST), b"data: x\n")
