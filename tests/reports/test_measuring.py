"""What every report says of how it was measured."""

from dataclasses import replace

import pytest

from perfci.model.comparison import Comparison
from perfci.model.emission import File
from perfci.model.evaluation import Evaluation
from perfci.model.revision import Mode
from perfci.reports.comment import compose
from perfci.reports.html import HtmlReporter
from perfci.reports.junit import JUnitReporter
from perfci.reports.terminal import table
from tests.reports import suites
from tests.reports.builders import ERRORS, came, evaluation

LONG = "base cannot run it: setup failed; try it in a new clone"


def shown(found: Evaluation) -> str:
    return table(found, width=200, colour=False, ascii_only=False)


def comment(found: Evaluation) -> str:
    return compose(found, longest=None)


def file(reporter: HtmlReporter | JUnitReporter, found: Evaluation) -> str:
    written = reporter.render(found)[0]
    assert isinstance(written, File)
    return written.content.decode()


def rerun(runs: int) -> Evaluation:
    found = suites.picture()
    earlier = tuple(f"run-{number}" for number in range(runs))
    return replace(found, recording=replace(found.recording, earlier=earlier))


def without_base(*names: str, mode: Mode = Mode.PAIRED) -> Evaluation:
    items = [replace(came(f"a/{it}", "inconclusive", base=None), explanation=LONG) for it in names]
    return evaluation(*items, mode=mode)


@pytest.mark.parametrize(("runs", "says"), [(1, "1 earlier run"), (3, "3 earlier runs")])
def test_a_rerun_says_whose_launches_are_among_its_own(runs: int, says: str) -> None:
    said = f"with the launches of {says} of these commits"
    found = rerun(runs)

    assert f"{said} (`--seed N` measures anew), 3 min 12 s this time" in comment(found)
    assert f"       {said}; --seed N measures anew\n" in shown(found)
    assert "3 min 12 s this time" in shown(found)
    assert f'<property name="earlier_runs" value="{said}" />' in file(JUnitReporter(), found)
    report = file(HtmlReporter(charts=False), found)
    assert f"the launches of {says} of these commits; --seed N measures anew" in report


def test_a_run_of_its_own_says_nothing_of_others() -> None:
    found = suites.picture()

    for text in (comment(found), shown(found), file(JUnitReporter(), found)):
        assert "earlier" not in text
        assert "this time" not in text


def test_a_base_that_was_not_measured_is_not_called_interleaved() -> None:
    found = without_base("x", "y")
    report = file(HtmlReporter(charts=False), found)

    assert "base could not be measured, only head, on AMD EPYC 7763, 2 cores" in comment(found)
    assert "interleaved" not in comment(found)
    assert "<li>Base could not be measured, so head was measured alone" in report
    assert "measured in turn" not in report


def test_a_base_that_ran_one_benchmark_was_measured() -> None:
    found = evaluation(came("a/b", "unchanged", 0.0), came("a/new", "new", base=None))

    assert "interleaved on one machine" in comment(found)
    assert "measured in turn" in file(HtmlReporter(charts=False), found)


def test_why_base_cannot_run_is_told_once_and_not_of_every_benchmark() -> None:
    found = without_base("x", "y", "z")

    for text in (comment(found), shown(found)):
        assert text.count("try it in a new clone") == 1
        assert text.count("base cannot run it") == 3


def first(*items: Comparison) -> str:
    return comment(evaluation(*items, mode=Mode.RECORD, recorded="file:.perfci"))


def test_a_first_run_says_what_pull_requests_and_what_the_branch_will_show() -> None:
    fine = came("a/b", "new", base=None, sensitivity=0.02)
    coarse = came("a/c", "new", base=None, sensitivity=0.08)
    errors = came("a/d", "new", base=None, metric=ERRORS, sensitivity=0.01)

    told = first(fine, errors)

    assert "measured side by side, will show changes above about 2 % or 1 point. " in told
    assert "will show changes above 10 % or 2 points, once five are stored." in told
    assert "will show changes above 16 %, once" in first(fine, coarse)


def test_two_benchmarks_are_both() -> None:
    two = [came(f"a/{name}", "new", base=None) for name in "bc"]

    assert "<summary>Both benchmarks</summary>" in first(*two)
    assert "<summary>All 3 benchmarks</summary>" in first(*two, came("a/d", "new", base=None))
    same = [two[0], came("a/b", "new", base=None, metric=ERRORS)]
    assert "<summary>Both series of 1 benchmark</summary>" in first(*same)
