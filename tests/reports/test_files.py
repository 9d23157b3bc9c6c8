"""The files for programs, the named outputs, and the layer's promise to be pure."""

import json

import pytest

from perfci.model.emission import File, Output
from perfci.reports.html import HtmlReporter
from perfci.reports.json import ResultReporter, run_file
from perfci.reports.junit import JUnitReporter
from perfci.reports.markdown import CommentReporter
from perfci.reports.outputs import OutputReporter
from perfci.schema import result
from tests.reports import suites
from tests.reports.suites import EVERY


def files(*emissions: object) -> dict[str, bytes]:
    return {each.path: each.content for each in emissions if isinstance(each, File)}


def test_the_result_and_the_run_are_written() -> None:
    found = suites.picture()
    written = files(*ResultReporter().render(found))
    assert json.loads(written["result.json"])["verdict"] == "fail"
    assert written["run.json"] == run_file(found.recording).content


def test_a_result_without_launches_writes_no_run() -> None:
    assert list(files(*ResultReporter().render(suites.picture(launches=False)))) == ["result.json"]


def test_outputs_are_those_of_the_action() -> None:
    outputs = OutputReporter("out", html=True).render(suites.picture())
    assert {each.name: each.value for each in outputs if isinstance(each, Output)} == {
        "verdict": "fail",
        "exit-code": "1",
        "regressions": "1",
        "critical": "0",
        "report-path": "out/report.html",
        "result-path": "out/result.json",
    }


# a lone surrogate is no text to a file, and the number of runs is in the index alone
STORED = sorted(set(EVERY) - {"hostile", "history"})


@pytest.mark.parametrize("name", STORED)
def test_a_stored_result_is_drawn_as_it_was(name: str) -> None:
    found = EVERY[name]()
    again = result.load(result.dump(found), "result.json")
    for reporter in (CommentReporter("always"), JUnitReporter()):
        assert reporter.render(again) == reporter.render(found)
    assert (
        HtmlReporter(charts=True).render(again)[1:] == (HtmlReporter(charts=True).render(found)[1:])
    )


@pytest.mark.parametrize("name", EVERY)
def test_the_same_evaluation_gives_the_same_bytes(name: str) -> None:
    for reporter in (HtmlReporter(charts=True), CommentReporter("always"), JUnitReporter()):
        assert reporter.render(EVERY[name]()) == reporter.render(EVERY[name]())
