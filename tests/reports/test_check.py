"""Annotations on what got worse, and the check of the gate."""

from dataclasses import replace

import pytest

from perfci.model.context import Context
from perfci.model.emission import Annotation, Check, Conclusion, Level
from perfci.model.evaluation import Evaluation
from perfci.model.identity import BenchmarkId
from perfci.model.verdict import Status
from perfci.reports.annotations import AnnotationReporter
from perfci.reports.check import CheckReporter, conclusion_of, name_of, opened
from perfci.reports.definitions import Definitions, Place
from tests.reports import suites
from tests.reports.builders import came, evaluation

PARSE = BenchmarkId(suite="codec", name="parse", params=(("size", "16MB"),))


def everywhere(found: Evaluation) -> Definitions:
    ids = (each.comparison.id for each in found.verdict.findings)
    return Definitions(places={it: Place(path="perfci.yml", line=7) for it in ids})


def annotations(found: Evaluation, definitions: Definitions | None = None) -> list[Annotation]:
    rendered = AnnotationReporter(definitions).render(found)
    return [each for each in rendered if isinstance(each, Annotation)]


def check(found: Evaluation, definitions: Definitions | None = None) -> Check:
    (rendered,) = CheckReporter(definitions).render(found)
    assert isinstance(rendered, Check)
    return rendered


def test_what_fails_the_gate_is_an_error_where_it_is_defined() -> None:
    places = Definitions(places={PARSE: Place(path="bench/codec.py", line=12)})
    (only,) = annotations(suites.picture(), places)
    assert (only.level, only.path, only.line) == (Level.ERROR, "bench/codec.py", 12)
    assert only.title == "codec/parse[size=16MB] latency: +61.2 %"
    assert only.text == suites.picture().verdict.findings[0].reason


def test_what_is_not_known_to_be_defined_anywhere_stands_beside_the_job() -> None:
    (only,) = annotations(suites.picture())
    assert (only.path, only.line) == ("", 0)


def test_a_regression_that_does_not_block_is_a_warning_and_a_failure_an_error() -> None:
    (warned,) = annotations(evaluation(came("a/b", "regressed", 0.07)))
    assert warned.level is Level.WARNING
    (failed,) = annotations(suites.failed())
    assert failed.level is Level.ERROR
    assert failed.title == "io/write failed"


def test_what_is_well_needs_no_annotation() -> None:
    assert annotations(suites.nothing_moved()) == []
    assert annotations(suites.first_run()) == []


@pytest.mark.parametrize(("worse", "shown", "rest"), [(10, 10, ""), (11, 9, "2 more")])
def test_ten_of_a_level_are_shown_and_the_rest_is_counted(
    worse: int, shown: int, rest: str
) -> None:
    found = suites.many(300, worse=worse)
    every = annotations(found, everywhere(found))
    assert len([each for each in every if each.path]) == shown
    assert [each.text[:6] for each in every if not each.path] == ([rest] if rest else [])
    assert len(every) <= 10


def test_the_check_has_those_that_the_job_has_no_room_for() -> None:
    found = suites.many(500, worse=300)
    places = everywhere(found)
    jobs = {each.title for each in annotations(found, places)}
    others = [each.title for each in check(found, places).annotations]
    assert len(others) == 200
    assert not jobs & set(others)
    assert check(suites.picture(), everywhere(suites.picture())).annotations == ()
    assert check(found).annotations == (), "a check's annotation needs a file"


@pytest.mark.parametrize(
    ("status", "conclusion"),
    [
        (Status.PASS, Conclusion.SUCCESS),
        (Status.WARN, Conclusion.NEUTRAL),
        (Status.FAIL, Conclusion.FAILURE),
        (Status.ERROR, Conclusion.FAILURE),
    ],
)
def test_only_what_passes_lets_a_required_check_pass(
    status: Status, conclusion: Conclusion
) -> None:
    assert conclusion_of(status) is conclusion


def test_the_check_says_what_the_comment_says_without_its_marker() -> None:
    told = check(suites.picture())
    assert told.title == "1 benchmark got slower"
    assert told.summary.startswith("### Performance: 1 benchmark got slower")
    assert "perfci:v1" not in told.summary


@pytest.mark.parametrize(("number", "worse"), [(1, 0), (50, 20), (2000, 2000)])
def test_its_page_fits_at_any_size(number: int, worse: int) -> None:
    assert len(check(suites.many(number, worse=worse)).summary.encode()) <= 64_000


def test_its_name_is_the_projects_and_never_changes_on_the_way() -> None:
    assert name_of("acme/widget", "acme/widget") == name_of("widget", "acme/widget") == "perfci"
    assert name_of("codec", "acme/widget") == "perfci (codec)"
    found = replace(suites.picture(), context=Context(repository="acme/widget"))
    assert check(found).name == opened("codec", "acme/widget").name == "perfci (codec)"
    assert "\n" not in name_of("a\n::error::b", "")


def test_hostile_names_make_one_harmless_line_each() -> None:
    found = suites.hostile()
    for each in (
        *annotations(found, everywhere(found)),
        *check(found, everywhere(found)).annotations,
    ):
        for text in (each.title, each.text):
            assert len(text) <= 1000
            assert text.isprintable(), text
