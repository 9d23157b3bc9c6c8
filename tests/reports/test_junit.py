"""JUnit as its strictest readers want it."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.gate.policy import Policy
from perfci.model.emission import File
from perfci.model.evaluation import Evaluation
from perfci.reports.junit import JUnitReporter
from tests.reports import suites
from tests.reports.builders import came, evaluation
from tests.reports.golden import assert_golden
from tests.reports.suites import ENCODE, EVERY, PARSE


def written(found: Evaluation) -> bytes:
    (file,) = JUnitReporter().render(found)
    assert isinstance(file, File)
    assert file.path == "performance_results.xml"
    return file.content


def kinds(found: Evaluation) -> dict[str, str]:
    return {
        f"{case.get('classname')} {case.get('name')}": case[0].tag if len(case) else ""
        for case in ET.fromstring(written(found)).iter("testcase")
    }


@pytest.mark.parametrize("name", ["picture", "failed", "kinds", "hostile", "nothing-measured"])
def test_the_file_is_the_one_that_was_looked_at(name: str) -> None:
    assert_golden(f"junit-{name}.xml", written(EVERY[name]()))


def test_only_what_blocks_is_a_failure() -> None:
    assert kinds(suites.kinds()) == {
        "perfci.codec parse:memory_usage": "failure",
        "perfci.api list:throughput": "failure",
        "perfci.codec scan:latency": "",
        "perfci.api list:error_rate": "",
        "perfci.codec old:latency": "skipped",
        "perfci.codec decode:latency": "",
        "perfci.codec quiet-00:latency": "",
        "perfci.codec quiet-01:latency": "",
        "perfci.home hub:system_health": "",
    }


def test_what_failed_is_an_error_with_its_output() -> None:
    (error,) = ET.fromstring(written(suites.failed())).iter("error")
    assert error.get("type") == "PerfError"
    assert (error.text or "").startswith(error.get("message") or "?")
    assert "Segmentation fault" in (error.text or "")


def test_the_message_is_repeated_as_text() -> None:
    (failure,) = ET.fromstring(written(suites.picture())).iter("failure")
    assert failure.text == failure.get("message")
    assert failure.get("type") == "PerfRegression"


def test_inconclusive_is_skipped() -> None:
    assert kinds(suites.picture())["perfci.api health:latency_p99"] == "skipped"


def test_a_verdict_that_no_series_shows_has_a_case_of_its_own() -> None:
    policy = Policy(fail_on=None, max_regressions=0)
    assert kinds(evaluation(PARSE, ENCODE, policy=policy))["perfci.gate verdict"] == "failure"
    assert kinds(suites.nothing_measured()) == {"perfci.gate verdict": "error"}
    assert "perfci.gate verdict" not in kinds(suites.picture())


@pytest.mark.parametrize("name", EVERY)
def test_counts_and_times_are_what_strict_readers_accept(name: str) -> None:
    root = ET.fromstring(written(EVERY[name]()))
    for group in (root, *root):
        tags = Counter(child.tag for case in group.iter("testcase") for child in case)
        assert group.get("tests") == str(len(list(group.iter("testcase"))))
        assert group.get("failures") == str(tags["failure"])
        assert group.get("errors") == str(tags["error"])
        skipped = None if group is root else str(tags["skipped"])
        assert group.get("skipped") == skipped
    times = [each.get("time") for each in root.iter() if each.get("time") is not None]
    assert all(re.fullmatch(r"\d+\.(?:\d{9}|000)", time or "") for time in times)


def test_two_series_never_share_a_name() -> None:
    same = [came(f"a{dot}b/c", "unchanged", 0.0) for dot in "._"]
    again = [came("s/x\u200b", "unchanged", 0.0), came("s/x", "unchanged", 0.0)]
    assert sorted(kinds(evaluation(*same, *again))) == [
        "perfci.a_b c:latency",
        "perfci.a_b c:latency (2)",
        "perfci.s x:latency",
        "perfci.s x:latency (2)",
    ]


def test_a_class_name_has_one_dot() -> None:
    (case,) = kinds(evaluation(came("v1.2/parse/big", "unchanged", 0.0)))
    assert case == "perfci.v1_2 parse/big:latency"


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=30))
def test_any_name_makes_a_readable_file(name: str) -> None:
    found = evaluation(came(f"suite/x{name}", "regressed", 0.5), warnings=(name,))
    ET.fromstring(written(found))
