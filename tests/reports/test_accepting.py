"""What a reader who means it can copy, to accept what got worse."""

from dataclasses import replace

import pytest

from perfci.gate.accept import Acceptance
from perfci.gate.policy import Policy
from perfci.model.context import Context
from perfci.model.emission import File
from perfci.model.evaluation import Evaluation
from perfci.model.revision import Mode
from perfci.reports.accepting import accept_command, accept_trailer
from perfci.reports.html import HtmlReporter
from perfci.reports.markdown import CommentReporter
from perfci.reports.terminal import table
from tests.reports import suites
from tests.reports.builders import came, evaluation, unchanged

COMMAND = 'perfci baseline accept codec/parse --reason "..."'
WORSE = came("codec/parse[size=16MB]", "regressed", 0.6)


def surfaces(found: Evaluation) -> list[str]:
    """Return comment, page and table."""
    files = [*CommentReporter("always").render(found), *HtmlReporter(charts=False).render(found)]
    written = [file.content.decode() for file in files if isinstance(file, File)]
    table_ = table(found, width=140, colour=False, ascii_only=False)
    assert len(written) == 2
    return [text.replace("&#34;", '"') for text in (*written, table_)]


def kept(
    *names: str, policy: Policy | None = None, recorded: str = "file:.perfci/v1/x"
) -> Evaluation:
    """Return a run of a branch that was compared with stored ones, and stored."""
    found = [came(name, "regressed", 0.6) for name in names]
    return evaluation(*found, mode=Mode.HISTORY, policy=policy, recorded=recorded)


def test_a_stored_run_of_a_branch_names_the_command_everywhere() -> None:
    for text in surfaces(kept("codec/parse[size=16MB]")):
        assert text.count(COMMAND) == 1


def test_a_store_that_only_the_workflow_names_is_named_in_the_command() -> None:
    place = "git:perfci-data/v1/codec/branches/main/runs/20261123T065000Z-1.json.gz"
    for text in surfaces(kept("codec/parse", recorded=place)):
        assert 'perfci baseline accept codec/parse --store git:perfci-data --reason "..."' in text


def test_a_pull_request_names_the_line_of_a_commit_and_not_the_command() -> None:
    comment, *others = surfaces(evaluation(WORSE, *unchanged(2)))
    assert "`Perf-Accept: codec/parse because ...` in a commit's message" in comment
    assert not any("baseline accept" in text for text in (comment, *others))


def test_a_run_that_was_not_stored_has_nothing_that_the_command_could_accept() -> None:
    found = suites.against_history()
    assert accept_command(found) == ""
    assert accept_trailer(found) == "Perf-Accept: codec/parse because ..."


def test_the_worst_three_are_named_once_each() -> None:
    found = kept("a/one[n=1]", "a/one[n=2]", "b/two", "c/three", "d/four")
    assert accept_command(found) == 'perfci baseline accept a/one b/two c/three --reason "..."'


def test_a_name_that_is_no_plain_word_is_quoted_and_means_every_metric() -> None:
    assert accept_command(kept("a/x y")) == "perfci baseline accept 'a/x y' --reason \"...\""
    assert accept_command(kept("a/x::y")) == "perfci baseline accept 'a/x::y:*' --reason \"...\""


@pytest.mark.parametrize("name", ["a/\x1b[31m", "a/" + "x" * 300, "a/\u202ex"])
def test_a_name_that_cannot_be_copied_is_not_offered(name: str) -> None:
    found = kept(name)
    assert accept_command(found) == ""
    assert accept_trailer(found) == ""


def test_what_is_accepted_or_does_not_fail_needs_no_hint() -> None:
    entry = Acceptance(match="*", reason="known", source="perfci.yml, line 1")
    for found in (kept("a/b", policy=Policy(accept=(entry,))), suites.alone(), suites.failed()):
        assert accept_command(found) == ""
        assert accept_trailer(found) == ""


def test_two_files_and_forks_cannot_accept_by_a_commit() -> None:
    assert accept_trailer(suites.two_files()) == ""
    fork = replace(suites.picture(), context=Context(is_fork=True))
    assert accept_trailer(fork) == ""
