"""No name mentions, links, formats or overflows anything, whatever it is."""

import json
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfci.model.context import Context
from perfci.model.emission import Service
from perfci.model.evaluation import Evaluation
from perfci.model.metric import Better, Metric
from perfci.notifiers.harmless import harmless, units, within
from perfci.notifiers.message import compose
from tests.notifiers.said import RUN_URL, sent, texts
from tests.reports.builders import came, evaluation, nothing
from tests.reports.suites import HOSTILE

FORGED = (
    *HOSTILE,
    "<!channel>",
    "<!here|x>",
    "<@U012AB3CD>",
    "<#C012>",
    "<!subteam^S1>",
    "<https://evil.example|click>",
    "<at>Everyone</at>",
    "@here @channel",
    "<@!80351110224678912> <@&1> <t:0:R> </deploy:1> <:x:1>",
    "[click](https://evil.example)",
    "**bold** __u__ ~~s~~ ||spoiler|| *_`",
    "```\nblock\n```",
    "> quote\n# head\n-# small",
    "{{DATE(2026-01-01T00:00:00Z)}} ${env.SECRET} {{{x}}}",
    "\\",
    "\\`",
    "`\\",
    ":joy:",
    "😀" * 200,
    "\u2028\u2029\u0085\ufeff\u200b",
    "&lt;!channel&gt; &amp;",
    '"}],"blocks":[]',
)
FRAGMENT = st.one_of(st.sampled_from(FORGED), st.text(max_size=40))
HOSTILE_TEXT = st.lists(FRAGMENT, max_size=4).map("".join)
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def forged(text: str) -> Evaluation:
    """Put a text wherever a stranger may put one."""
    odd = Metric(name=text or "m", unit=text, better=Better.HIGHER)
    # a key is read from its last slash and bracket: those are put in afterwards
    worse = [
        replace(item, id=replace(item.id, suite=text, name=text, params=((text, text),)))
        for item in (
            *(came(f"io/bench-{index}", "regressed", 0.5) for index in range(12)),
            came("io/odd", "regressed", -0.5, metric=odd),
        )
    ]
    broken = nothing(came("io/hostile", "failed"), "failed", text)
    found = evaluation(*worse, replace(broken, id=replace(broken.id, name=text)))
    recording = replace(
        found.recording,
        project=text,
        head=replace(found.recording.head, ref=text),
        run=replace(found.recording.run, branch=text),
    )
    context = Context(
        repository=text,
        commit=text,
        branch=text,
        base_branch=text,
        pr_number=3,
        tag=text,
        run_url=RUN_URL,
        platform="github",
    )
    return replace(found, recording=recording, context=context)


def check_inert(text: str) -> None:
    """What no surface may be shown."""
    assert not re.search(r"<[^\u200b]", text), text
    assert not re.search(r"@[^\s\u200b]", text), text
    assert not re.search(r"\w://|(?i:\bwww\.)|\{\{|\$\{", text), text
    shown = text.replace("\n", "").replace("\u200b", "")
    assert not any(unicodedata.category(char) in HIDDEN for char in shown), ascii(text)


def check_slack(form: Any) -> None:
    assert set(form) == {"text", "blocks", "mrkdwn", "unfurl_links", "unfurl_media"}
    assert not form["unfurl_links"]
    assert not form["unfurl_media"]
    assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", form["text"])
    check_inert(form["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert not re.search(r"[*~`]|\|\||\]\(|(?<![^\W_])_|_(?![^\W_])|:[\w+'-]+:", form["text"])
    header, rich, *_ = form["blocks"]
    assert units(header["text"]["text"]) <= 150
    inside = [item for element in rich["elements"] for item in leaves(element)]
    assert {item["type"] for item in inside} <= {"text", "link"}
    assert all(item["url"] == RUN_URL for item in inside if item["type"] == "link")
    for text in texts(form["blocks"], "text"):
        assert text
        check_inert(text)
    assert units(json.dumps(form["blocks"])) <= 13_000


def leaves(element: Any) -> list[Any]:
    if "elements" not in element:
        return [element]
    return [leaf for each in element["elements"] for leaf in leaves(each)]


def check_discord(form: Any) -> None:
    assert form["allowed_mentions"] == {"parse": []}
    (embed,) = form["embeds"]
    title, described, foot = embed["title"], embed["description"], embed["footer"]["text"]
    assert 0 < units(title) <= 256
    assert 0 < units(described) <= 4096
    assert 0 < units(foot) <= 2048
    assert units(title) + units(described) + units(foot) <= 6000
    link = f"[Open the job](<{RUN_URL}>)"
    assert described.count(link) == 1
    for text in (title, described.replace(link, ""), foot):
        check_inert(text)
    for text in (title, described.replace(link, "")):
        # what is left when escapes, code and our own marks are taken away marks nothing
        bare = re.sub(r"\\[^a-zA-Z0-9\s]|`[^`\n]+`", "", text)
        bare = re.sub(r"\*\*([^*\n]+)\*\*", "", bare)
        assert not re.search(r"[\\`*_~|\[\]()]", bare), bare


def check_teams(form: Any) -> None:
    assert len(json.dumps(form)) <= 20_000
    card = form["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    runs = [run for block in card["body"] for run in block["inlines"]]
    assert {run["type"] for run in runs} == {"TextRun"}
    for run in runs:
        assert run["text"]
        check_inert(run["text"])
    check_inert(card["fallbackText"])
    assert "entities" not in card["msteams"]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open the job", "url": RUN_URL}]


CHECKS = {
    Service.SLACK: check_slack,
    Service.DISCORD: check_discord,
    Service.TEAMS: check_teams,
}


@pytest.mark.parametrize("service", CHECKS)
@pytest.mark.parametrize("text", FORGED, ids=range(len(FORGED)))
def test_a_forged_name_is_shown_and_does_nothing(service: Service, text: str) -> None:
    CHECKS[service](sent(forged(text), service, author=text))


@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=HOSTILE_TEXT)
def test_no_name_at_all_does_anything_and_every_limit_holds(text: str) -> None:
    found = forged(text)
    for service, check in CHECKS.items():
        check(sent(found, service, author=text))
    body = sent(found, Service.WEBHOOK, author=text)
    assert len(json.dumps(body)) < 200_000


@given(text=HOSTILE_TEXT, limit=st.integers(8, 300))
def test_a_harmless_text_keeps_to_its_limit(text: str, limit: int) -> None:
    found = harmless(text, limit)
    assert len(found) <= limit
    check_inert(found)


@given(text=st.text(), limit=st.integers(1, 60))
def test_what_is_cut_fits_and_what_fits_is_not_cut(text: str, limit: int) -> None:
    found = within(text, limit)
    assert units(found) <= limit
    assert (found == text) == (units(text) <= limit)


def test_a_name_that_harms_nobody_is_shown_as_it_is() -> None:
    assert harmless("codec/parse[size=16MB] a_b *x*", 100) == "codec/parse[size=16MB] a_b *x*"
    assert compose(forged("plain")).title.startswith("ERROR plain: ")


def test_what_a_notification_shows_reads_as_it_was_written_and_is_no_markup() -> None:
    name = "*bold* _it_ `code` ~gone~ :joy: __init__ snake_case <url|x> & ||y|| [a](b)"
    text = sent(forged(name), Service.SLACK)["text"]
    assert "snake_case" in text
    assert "&lt;\u200burl|x&gt; &amp; " in text
    alike = str.maketrans("\u2217\u223c\u02cb\uff3f\u2223\u2236", "*~`_|:", "\u200b")
    read = text.translate(alike).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert name in read


def test_rows_are_left_out_where_long_names_leave_no_room_and_are_counted() -> None:
    long = forged("😀" * 400)
    described = sent(long, Service.DISCORD)["embeds"][0]["description"]
    shown = described.count("\n- ")
    assert 0 < shown < 10
    assert f"and {14 - shown} more" in described
