"""JUnit XML: how long each test took, as surefire, pytest, gotestsum and many others write it.

One number of a test, often rounded to milliseconds. A failed or errored test is a failed benchmark;
skipped tests, and those without a time, are left out.
"""

from collections.abc import Iterator

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled
from perfci.readers.tools.single import single
from perfci.readers.xml_tree import Element, xml_of

_FAILED = ("failure", "error")


def read_xml(source: Source) -> Reading:
    """Read the tests of a report.

    Raises:
        FormatError: damaged, or no test in it.
    """
    root = xml_of(source)
    found: list[Found] = []
    broken: list[Broken] = []
    skipped: list[str] = []
    timeless: list[str] = []
    for case in _cases(root):
        name = _called(case)
        trouble = next((child for child in case if child.tag in _FAILED), None)
        if trouble is not None:
            broken.append(Broken(name=name, reason=_why(trouble), metrics=(LATENCY,)))
        elif case.first("skipped") or case.get("status") in {"notrun", "disabled"}:
            skipped.append(name)
        elif not case.get("time"):
            timeless.append(name)
        else:
            found.append(single(name, LATENCY, case.number("time")))
    if not found and not broken:
        raise nothing_in(source, "tests that ran")
    stamps = (suite.get("timestamp") for suite in (root, *root) if suite.tag != "testcase")
    kinds = ((skipped, "tests were skipped"), (timeless, "tests have no time"))
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        started_at=next((time for stamp in stamps if (time := spelled(stamp))), None),
        left=tuple(f"{len(them)} {what}, e.g. {them[0]}" for them, what in kinds if them),
    )


def _cases(root: Element) -> Iterator[Element]:
    open_ = [root]
    while open_:
        element = open_.pop()
        if element.tag == "testcase":
            yield element
        elif element.tag in {"testsuites", "testsuite"}:
            open_ += reversed(element.children)


def _called(case: Element) -> str:
    name, where = case.get("name"), case.get("classname")
    return f"{where}.{name}" if where and where != name else name


def _why(trouble: Element) -> str:
    said = trouble.get("message").strip() or trouble.text.strip() or trouble.get("type")
    return f"{trouble.tag}: {said}" if said else f"the test ended in {trouble.tag}"


FORMATS = (
    Format(
        name="junit",
        describes="JUnit XML of any test runner: the duration of every test",
        proves=Proof.SUMMARY,
        marks=(r"<testsuites?\b", r"<testcase\b[^<]*\stime=[\"']"),
        files="*.xml",
        parse=each(read_xml),
    ),
)
