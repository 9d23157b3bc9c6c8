"""mocha: `--reporter json`: how long each test took, in whole milliseconds.

Failed tests are failed benchmarks, pending ones are left out. Of a test that was tried again the
last try is what mocha tells.
"""

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled
from perfci.readers.tools.single import single


def read_json(source: Source) -> Reading:
    """Read the tests of a report.

    Raises:
        FormatError: damaged, or no test in it.
    """
    root = json_of(source, "stats", "tests")
    found: list[Found] = []
    broken: list[Broken] = []
    pending: list[str] = []
    for test in root.need("tests"):
        name = test.need("fullTitle").text()
        error, duration = test.get("err"), test.get("duration")
        if error:
            why = error.get("message").text() or "the test failed"
            broken.append(Broken(name=name, reason=why, metrics=(LATENCY,)))
        elif duration.value is None:
            pending.append(name)
        else:
            found.append(single(name, LATENCY, duration.number() * 1e-3))
    if not found and not broken:
        raise nothing_in(source, "tests that ran")
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        started_at=spelled(root.get("stats").get("start").text()),
        left=(f"{len(pending)} tests are pending, e.g. {pending[0]}",) if pending else (),
    )


FORMATS = (
    Format(
        name="mocha",
        describes="mocha --reporter json: the duration of every test",
        proves=Proof.SUMMARY,
        marks=(r'"fullTitle"\s*:\s*"', r'"stats"\s*:\s*\{', r'"currentRetry"\s*:'),
        parse=each(read_json),
    ),
)
