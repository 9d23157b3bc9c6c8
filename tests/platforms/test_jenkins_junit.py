"""JUnit as the stricter of Jenkins' readers takes it: the xUnit plug-in, by its schema."""

import re
from xml.etree import ElementTree as ET

import pytest

from perfci.model.emission import File
from perfci.reports.junit import JUnitReporter
from tests.reports.suites import EVERY

_COUNTS = {"name", "time", "tests", "failures", "errors"}
_TOLD = {"message", "type"}
ALLOWED = {
    "testsuites": (_COUNTS, {"testsuite"}),
    "testsuite": (_COUNTS | {"skipped", "timestamp"}, {"properties", "testcase"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": (
        {"name", "classname", "time"},
        {"failure", "error", "skipped", "system-out", "system-err"},
    ),
    "failure": (_TOLD, set()),
    "error": (_TOLD, set()),
    "skipped": (_TOLD, set()),
    "system-out": (set(), set()),
}
"""Attributes and children of each element in junit-10.xsd, as far as perfci writes it."""


@pytest.mark.parametrize("name", EVERY)
def test_every_element_is_one_that_the_schema_names(name: str) -> None:
    (file,) = JUnitReporter().render(EVERY[name]())
    assert isinstance(file, File)
    root = ET.fromstring(file.content)
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = ALLOWED[element.tag]
        assert set(element.attrib) <= attributes, element.tag
        assert {child.tag for child in element} <= children
    for suite in root:
        assert {"name", "tests", "failures", "errors"} <= set(suite.attrib)
        assert re.fullmatch(r"[0-9]*(?:\.[0-9]*)?", suite.get("time", ""))
