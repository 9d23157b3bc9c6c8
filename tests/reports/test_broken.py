"""What is said of a run that came to no verdict."""

import re

import pytest

from perfci.errors import PerfciError
from perfci.model.breakdown import Breakdown
from perfci.model.context import Context
from perfci.model.emission import (
    Annotation,
    Check,
    Comment,
    Conclusion,
    Emission,
    Level,
    Output,
    Summary,
)
from perfci.reports.broken import said_of
from perfci.reports.comment import marker

RUN = "https://github.com/acme/codec/actions/runs/7"
HOSTILE = "it <b>broke</b> @everyone ](javascript:x) | \u202e\n::error::y"
CONTEXT = Context(repository="acme/codec", commit="e4f5a6b7", run_url=RUN)


def breakdown(error: PerfciError, context: Context = CONTEXT) -> Breakdown:
    return Breakdown(project="codec", context=context, error=error)


def told(error: PerfciError, *, comment: str = "on-change") -> dict[type, list[Emission]]:
    found: dict[type, list[Emission]] = {}
    for each in said_of(breakdown(error), comment=comment):
        found.setdefault(type(each), []).append(each)
    return found


def test_the_check_fails_and_says_what_happened_and_what_is_next() -> None:
    error = PerfciError(HOSTILE, hint="mend `it`", output="::error::x\n```\n")
    (check,) = told(error)[Check]
    assert isinstance(check, Check)
    assert (check.name, check.conclusion) == ("perfci", Conclusion.FAILURE)
    assert re.search(r"Next: mend", check.summary)
    assert "````text" in check.summary


def test_the_comment_takes_the_place_of_what_an_earlier_commit_came_to() -> None:
    (comment,) = told(PerfciError("the base is gone", hint="fetch it"))[Comment]
    assert isinstance(comment, Comment)
    assert comment.marker == marker("codec")
    assert comment.makes, "whoever asks why the job is red finds it where all else stands"
    (form,) = comment.forms
    assert form.splitlines()[:2] == [
        comment.marker,
        "### Performance: perfci could not do its job (exit code 2)",
    ]
    assert "the base is gone" in form
    assert "Next: fetch it" in form
    assert f"Nothing of `e4f5a6b` was judged, so the gate cannot pass. · [report]({RUN})" in form


def test_no_comment_is_made_where_none_is_ever_wanted() -> None:
    assert Comment not in told(PerfciError("x"), comment="never")


def test_later_steps_and_the_jobs_page_are_told() -> None:
    found = told(PerfciError("the base is gone", hint="fetch it"))
    outputs = {each.name: each.value for each in found[Output] if isinstance(each, Output)}
    assert outputs == {"verdict": "error", "exit-code": "2"}
    (page,) = found[Summary]
    assert isinstance(page, Summary)
    assert page.markdown.startswith("### Performance: perfci could not do its job")
    (line,) = found[Annotation]
    assert isinstance(line, Annotation)
    assert (line.level, line.text) == (Level.ERROR, "the base is gone Next: fetch it")


@pytest.mark.parametrize("size", [1, 5_000])
def test_hostile_texts_are_shown_and_do_nothing(size: int) -> None:
    error = PerfciError(HOSTILE * size, hint=HOSTILE * size, output=HOSTILE * size)
    emissions = said_of(breakdown(error, Context(commit=HOSTILE * size)), comment="always")
    texts = [
        *(it.summary for it in emissions if isinstance(it, Check)),
        *(it.markdown for it in emissions if isinstance(it, Summary)),
        *(form for it in emissions if isinstance(it, Comment) for form in it.forms),
    ]
    assert len(texts) == 3
    for text in texts:
        assert len(text) <= 8_000
        outside = re.sub(r"(`{3,})text\n.*?\n\1", "", text, flags=re.DOTALL)
        for active in ("@everyone", "<b>", r"(?<!\\)\]\(javascript", "\u202e", "\n::error"):
            assert not re.search(active, outside), (active, text)
    lines = [it for it in emissions if isinstance(it, Annotation)]
    assert all(it.text.isprintable() and len(it.text) <= 1_000 for it in lines)
