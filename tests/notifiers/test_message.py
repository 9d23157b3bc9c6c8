"""What a message says: the verdict, what got worse, whose commit, where to look."""

from dataclasses import replace

import pytest

from perfci.model.emission import Service
from perfci.model.evaluation import Evaluation
from perfci.notifiers.message import Colour, Message, compose
from perfci.notifiers.spans import text_of
from tests.notifiers.said import PULL_REQUEST, PUSH, RUN_URL, lines, sent, within_job
from tests.reports.builders import came, evaluation
from tests.reports.suites import EVERY, failed, first_run, kinds, many, nothing_moved, picture

CHATS = [Service.SLACK, Service.DISCORD, Service.TEAMS]


def said(found: Evaluation, author: str = "") -> Message:
    return compose(within_job(found), author=author)


def rows(found: Evaluation) -> list[str]:
    return [text_of(row) for row in said(found).rows]


def test_the_verdict_comes_first_then_the_project_and_what_happened() -> None:
    assert said(picture()).title == "FAIL codec: 1 benchmark got slower"
    assert said(nothing_moved()).title == "PASS codec: no regression in 24 benchmarks"
    assert said(failed()).title == "ERROR codec: 1 benchmark failed: io/write"


def test_a_regression_is_told_with_size_interval_severity_and_values() -> None:
    (told,) = rows(picture())
    assert told.startswith("major codec/parse[size=16MB] latency +61.2 % (95 % interval +57.0 …")
    assert told.endswith(" +65.1 %), 41.2 → 66.4 ms")


def test_what_does_not_fail_the_gate_says_why_not_and_a_budget_says_its_limit() -> None:
    told = rows(kinds())
    assert told[0] == "over budget codec/parse memory usage 640 → 640 MB, budget 512 MB"
    assert "20.0 % less throughput" in told[1]
    assert told[2].endswith("below the limit of 10 %")


def test_whose_commit_it_is_and_from_where() -> None:
    message = said(picture(), author="A. Name")
    assert text_of(message.about) == (
        "e4f5a6b by A. Name, pull request 12 (feature into main), acme/codec"
    )
    assert message.link == RUN_URL
    pushed = compose(within_job(picture(), PUSH))
    assert text_of(pushed.about) == "e4f5a6b, branch main, acme/codec"
    gitlab = compose(within_job(picture(), replace(PULL_REQUEST, platform="gitlab")))
    assert "merge request 12" in text_of(gitlab.about)
    tagged = compose(within_job(picture(), replace(PUSH, branch="", tag="v1.2")))
    assert "tag v1.2" in text_of(tagged.about)


def test_what_is_no_row_is_counted_and_what_follows_is_told() -> None:
    assert [text_of(note) for note in said(picture()).notes] == [
        "21 unchanged, 1 improved, 1 inconclusive.",
        "The gate fails on minor and above.",
    ]


def test_of_a_thousand_benchmarks_the_ten_worst_are_named() -> None:
    message = said(many(1000, worse=200))
    assert len(message.rows) == 10
    assert message.more == "and 190 more"
    assert "+39.9 %" in text_of(message.rows[0])
    assert "800 unchanged" in text_of(message.notes[0])


def test_an_error_names_what_failed_first_and_not_what_it_printed() -> None:
    found = replace(failed(), context=PULL_REQUEST)
    assert rows(found) == ["failed io/write: it ended with exit code 139"]
    for service in Service:
        assert "Segmentation fault" not in str(sent(found, service))


def test_the_first_run_has_no_rows() -> None:
    message = said(first_run())
    assert (message.rows, message.colour) == ((), Colour.GOOD)
    assert message.title == "PASS codec: 34 benchmarks recorded"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://evil.example/x|text>",
        "https://user@evil.example/",
        "https://h/a b",
        "https://h/\n",
        f"https://h/{'x' * 3000}",
        "",
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: str) -> None:
    found = within_job(picture(), replace(PULL_REQUEST, run_url=url))
    assert compose(found).link == ""
    for service in CHATS:
        assert "Open the job" not in str(sent(found, service))


@pytest.mark.parametrize("service", CHATS)
@pytest.mark.parametrize("name", EVERY)
def test_every_service_is_told_the_same(service: Service, name: str) -> None:
    found = within_job(EVERY[name]())
    message, seen = compose(found), lines(sent(found, service))
    wanted = [message.title, *(span.text for span in message.about)]
    wanted += [span.text for row in message.rows[:3] for span in row]
    for text in wanted:
        # Discord has no backtick in its code, and marks what would be one elsewhere
        text = text.strip().replace("\\", "").replace("`", "")  # noqa: PLW2901
        assert text in seen.replace("\N{MODIFIER LETTER GRAVE ACCENT}", "")


def test_one_benchmark_is_one_row() -> None:
    found = evaluation(came("codec/parse", "regressed", 0.4))
    assert len(rows(found)) == 1
    assert said(found).more == ""
