"""The body for other programs: stable, described, and signed."""

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import pytest

from perfci.model.emission import Service
from perfci.notifiers.signed import headers
from tests.notifiers.said import sent, within_job
from tests.reports.builders import came, evaluation
from tests.reports.suites import EVERY, failed, kinds, many, picture

PAGE = Path(__file__).parents[2] / "docs" / "chat.md"


def body(found: Any, author: str = "") -> Any:
    return sent(within_job(found), Service.WEBHOOK, author=author)


def shape(document: Any) -> Any:
    """Return the names and kinds of what is in a document, numbers of one kind."""
    match document:
        case dict():
            return {key: shape(value) for key, value in document.items()}
        case list():
            return [shape(item) for item in document[:1]]
        case bool() | None:
            return document.__class__.__name__
        case int() | float():
            return "number"
        case _:
            return type(document).__name__


def test_the_example_in_the_documents_is_what_is_sent() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    told = json.loads(example)
    real = body(picture(), author="A. Name")
    assert shape(told) == shape({**real, "previous": told["previous"]})
    assert list(told) == list(real)
    assert told["findings"][0]["key"] == real["findings"][0]["key"]


@pytest.mark.parametrize("name", EVERY)
def test_every_body_has_the_same_fields(name: str) -> None:
    told = body(EVERY[name]())
    assert list(told) == list(body(picture()))
    assert told["schema"] == "perfci.notice/1"
    assert told["summary"]["total"] == sum(
        told["summary"][each]
        for each in (
            "regressed",
            "improved",
            "unchanged",
            "inconclusive",
            "new",
            "missing",
            "failed",
        )
    )


def test_it_names_what_changed_worst_first_and_counts_the_rest() -> None:
    told = body(many(1000, worse=200))
    assert len(told["findings"]) == 50
    assert told["more_findings"] == 150
    assert told["findings"][0]["change"] == pytest.approx(0.399)
    assert {each["outcome"] for each in body(kinds())["findings"]} == {
        "regressed",
        "improved",
        "missing",
        "unchanged",
    }


def test_a_push_is_no_pull_request_and_an_unfinished_number_is_null() -> None:
    endless = came("io/x", "regressed", 0.5, (0.4, float("inf")))
    told = sent(evaluation(endless), Service.WEBHOOK)
    assert told["pull_request"] is None
    assert told["findings"][0]["interval"] == [0.4, None]


def test_an_error_says_what_failed() -> None:
    told = body(failed())
    assert (told["verdict"], told["exit_code"]) == ("error", 2)
    assert told["findings"][0]["outcome"] == "failed"
    assert "exit code 139" in told["findings"][0]["reason"]


def test_the_signature_covers_the_time_and_every_byte() -> None:
    told = headers(b'{"a":1}', delivery="d", timestamp=1700000000, secret="s3cret")
    wanted = hmac.new(b"s3cret", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()
    assert told == {
        "X-Perfci-Event": "completed",
        "X-Perfci-Delivery": "d",
        "X-Perfci-Timestamp": "1700000000",
        "X-Perfci-Signature-256": f"sha256={wanted}",
    }


def test_without_a_secret_nothing_pretends_to_be_signed() -> None:
    assert "X-Perfci-Signature-256" not in headers(b"", delivery="d", timestamp=1, secret="")
