"""dotnet test --logger trx: how long each test took.

One number of a test. A test that did not pass is a failed benchmark; those that were not executed
are left out.
"""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled
from perfci.readers.xml_tree import Element, xml_of

_DURATION = re.compile(r"(\d{1,6}):(\d\d):(\d\d(?:\.\d{1,9})?)")


def read_trx(source: Source) -> Reading:
    """Read the tests of a run.

    Raises:
        FormatError: damaged, or no test in it.
    """
    root = xml_of(source)
    found: list[Found] = []
    broken: list[Broken] = []
    left: list[str] = []
    for result in root.first("Results") or ():
        if result.tag != "UnitTestResult":
            continue
        name, outcome = result.get("testName"), result.get("outcome")
        if outcome in {"NotExecuted", "Inconclusive", "NotRunnable", "Pending"}:
            left.append(name)
        elif outcome != "Passed":
            reason = f"the test ended as {outcome or 'unknown'}{_message(result)}"
            broken.append(Broken(name=name, reason=reason, metrics=(LATENCY,)))
        else:
            value = _seconds(result)
            found.append(Found(name=name, metric=LATENCY, launches=((value,),), level=Level.NONE))
    if not found and not broken:
        raise nothing_in(source, "tests that ran")
    times = root.first("Times")
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        started_at=spelled(times.get("start")) if times else None,
        left=(f"{len(left)} tests were not executed, e.g. {left[0]}",) if left else (),
    )


def _seconds(result: Element) -> float:
    parts = _DURATION.fullmatch(result.get("duration"))
    if parts is None:
        raise result.wrong(f"has the duration {result.get('duration')[:40]!r}, not hh:mm:ss.fff")
    return int(parts[1]) * 3600 + int(parts[2]) * 60 + float(parts[3])


def _message(result: Element) -> str:
    output = result.first("Output")
    error = output.first("ErrorInfo") if output else None
    message = error.first("Message") if error else None
    return f": {message.text.strip()}" if message else ""


FORMATS = (
    Format(
        name="dotnet-test",
        describes="dotnet test --logger trx: the duration of every test",
        proves=Proof.SUMMARY,
        marks=(r"<TestRun\b[^>]*TeamTest", r"<UnitTestResult\b", r"\btestName="),
        files="*.trx",
        parse=each(read_trx),
    ),
)
