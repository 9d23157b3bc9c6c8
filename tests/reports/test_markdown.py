"""What stands in the pull request."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.gate.policy import Policy, Rule
from perfci.model.context import Context
from perfci.model.emission import Comment, File, Summary
from perfci.model.evaluation import Evaluation, Unkept
from perfci.reports.escape import code
from perfci.reports.markdown import CommentReporter
from tests.reports import suites
from tests.reports.builders import ERRORS, came, evaluation
from tests.reports.golden import assert_golden
from tests.reports.suites import EVERY


def comment(found: Evaluation) -> str:
    file = CommentReporter("always").render(found)[0]
    assert isinstance(file, File)
    assert file.path == "comment.md"
    return file.content.decode()


def summary(found: Evaluation) -> str:
    emission = CommentReporter("always").render(found)[1]
    assert isinstance(emission, Summary)
    return emission.markdown


def cells(row: str) -> list[str]:
    """Take a row of a table apart as GitHub does: a backslash takes the next character along."""
    return re.findall(r"((?:\\.|[^|\\])*)\|", row.strip()[1:])


def length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("name", EVERY)
def test_the_comment_is_the_one_that_was_looked_at(name: str) -> None:
    assert_golden(f"comment-{name}.md", comment(EVERY[name]()).encode())


def test_never_writes_no_comment_but_keeps_the_summary() -> None:
    (only,) = CommentReporter("never").render(suites.picture())
    assert isinstance(only, Summary)


def test_a_short_comment_and_the_summary_are_the_same_text() -> None:
    assert comment(suites.picture()) == summary(suites.picture())


def test_nothing_moved_is_one_line_below_the_marker() -> None:
    assert len(comment(suites.nothing_moved()).splitlines()) == 2


def test_the_marker_stands_on_the_first_line_whatever_the_project_is_called() -> None:
    first = comment(suites.hostile()).splitlines()[0]
    assert re.fullmatch(r"<!-- perfci:v1 project=(?:(?!--)[^<>])* -->", first)
    other = replace(suites.picture().recording, project="owner/name")
    named = replace(suites.picture(), recording=other)
    assert comment(named).startswith("<!-- perfci:v1 project=owner/name -->\n")


@pytest.mark.parametrize(("number", "worse"), [(2000, 0), (1500, 300), (700, 700)])
def test_a_comment_fits_and_drops_details_first_and_the_verdict_never(
    number: int, worse: int
) -> None:
    file, whole, _ = CommentReporter("always").render(suites.many(number, worse=worse))
    assert isinstance(file, File)
    assert isinstance(whole, Summary)
    text = file.content.decode()
    assert length(text) <= 65_000
    assert "<sub>e4f5a6b against a1b2c3d" in text.splitlines()[-1]
    if worse:
        assert f"### Performance: {worse:,} benchmarks got slower" in text
        assert re.search(r"\| … \| [\d,]+ more do not fit here \|\n\n</details>", text)
        assert length(text) > 60_000
        assert length(whole.markdown) > 65_000
        assert "more do not fit" not in whole.markdown
    changes = text.partition("<details>")[0]
    assert ("more do not fit" in changes) is (worse == 700)


def test_every_row_has_as_many_cells_as_its_head() -> None:
    wanted = 0
    for line in comment(suites.hostile()).splitlines():
        if line.startswith("| "):
            wanted = wanted or len(cells(line))
            assert len(cells(line)) == wanted, line
        else:
            wanted = 0


def test_nothing_hostile_becomes_markup() -> None:
    text = comment(suites.hostile())
    outside = re.sub(r"(?s)(`+)(?!`).*?(?<!`)\1(?!`)", "", text.replace("\\`", ""))
    assert not re.search(r"@\w", outside)
    assert not re.search(r"#\d", outside)
    assert not re.search(r"https?://", outside)
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert not re.search(r"(?i)<(?!/?(details|summary|sub)>|!-- perfci)[a-z/!]", text)
    assert not any(line.startswith("/") for line in text.splitlines())


def test_output_cannot_end_its_own_block() -> None:
    text = comment(suites.hostile())
    fence = next(line for line in text.splitlines() if line.endswith("`text"))[:-4]
    assert len(fence) > 9
    assert text.count(f"\n{fence}\n") == 1


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("`|\\a <@#1\n-"), max_size=12))
def test_a_code_span_holds_any_name_and_stays_in_its_cell(name: str) -> None:
    span = code(name, in_table=True)
    fence = re.match("`+", span)
    assert fence
    assert span.endswith(fence[0])
    inside = span[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall("`+", inside)
    assert cells(f"| {span} |") == [f" {span} "]


def test_recent_runs_are_a_column_only_where_there_are_some() -> None:
    assert "| recent |" in comment(suites.against_history())
    assert "recent" not in comment(suites.picture())


def test_the_link_leads_to_the_job_and_nowhere_else() -> None:
    for url, told in (
        ("https://ci.example/o/r/runs/1", True),
        ("javascript:alert(1)", False),
        ("https://ci.example/) [x](https://evil.example", False),
    ):
        text = comment(replace(suites.picture(), context=Context(run_url=url)))
        assert (f"[report]({url})" in text) is told
        assert ("[report]" in text) is told


def test_a_warning_is_told_but_folded() -> None:
    found = evaluation(came("a/b", "unchanged", 0.0), warnings=tuple("abcdefghijkl"))
    assert "<details><summary>12 warnings</summary>\n\n- a\n" in comment(found)
    assert "\n- 2 more\n" in comment(found)


def test_a_gate_that_only_warns_does_not_say_fix_it() -> None:
    text = comment(evaluation(came("a/b", "regressed", 0.07)))
    assert "### Performance: 1 benchmark got slower, which does not fail the gate" in text
    assert "> The gate passes." in text


def test_a_first_run_that_is_not_kept_does_not_say_recorded() -> None:
    text = comment(replace(suites.first_run(), recorded=""))
    assert "Measured 34 benchmarks; there is nothing to compare with yet." in text
    assert "ecorded" not in text.partition("<details>")[0]


def test_the_limit_named_is_the_one_of_the_rule_that_blocks() -> None:
    policy = Policy(fail_on=None, rules=(Rule(match="a/*", threshold=0.05),))
    text = comment(evaluation(came("a/b", "regressed", 0.07), policy=policy))
    assert r"The gate fails from 5 % (a/\*)." in text


def test_what_would_have_been_seen_holds_for_every_unchanged_series() -> None:
    quiet = [
        came("a/b", "unchanged", 0.0, sensitivity=0.02),
        came("a/c", "unchanged", 0.0, sensitivity=0.08),
        came("a/d", "unchanged", 0.0, sensitivity=0.05),
        came("a/e", "unchanged", 0.0, metric=ERRORS, sensitivity=0.01),
    ]
    assert "any worsening above 8 % or 1 point would have been seen." in comment(evaluation(*quiet))


def emitted(found: Evaluation, kind: str = "on-change") -> Comment:
    (comment,) = [it for it in CommentReporter(kind).render(found) if isinstance(it, Comment)]
    return comment


def test_a_comment_is_made_where_something_moved_and_else_only_brought_up_to_date() -> None:
    assert emitted(suites.picture()).makes
    assert not emitted(suites.nothing_moved()).makes
    assert emitted(suites.nothing_moved(), "always").makes


@pytest.mark.slow
def test_a_comment_that_a_server_may_refuse_has_shorter_forms_with_the_same_verdict() -> None:
    found = emitted(suites.many(2000, worse=300))
    for form, most in zip(found.forms, (65_000, 30_000, 8_000), strict=True):
        assert length(form) <= most
    for form in found.forms:
        assert form.startswith(f"{found.marker}\n### Performance: 300 benchmarks got slower")
        assert "<sub>e4f5a6b against a1b2c3d" in form
    assert len(emitted(suites.picture()).forms) == 1, "a short one has no other form"


def test_a_run_that_its_store_did_not_take_is_told_outside_of_every_fold() -> None:
    unkept = Unkept(why="s3://b: cannot write v1/x: 403 <Denied>", command="perfci baseline export")
    for found in (suites.picture(), suites.nothing_moved()):
        text = comment(replace(found, unkept=unkept))
        line = next(it for it in text.splitlines() if it.startswith("> **The run is not kept"))
        assert "Denied&gt;. Record it later: `perfci baseline export`" in line
        assert text.index(line) < (text.find("<details>") if "<details>" in text else len(text))
