"""Playwright: `--reporter=json`: how long each test took.

A test's name is its titles, from the file on; its project is a parameter. Repetitions
(`--repeat-each`) are launches of one value each. Of a test that was tried again the last try
counts. Tests that did not end as expected are failed benchmarks, skipped ones are left out.
"""

from collections.abc import Iterator

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Level, Params, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled


def read_json(source: Source) -> Reading:
    """Read the tests of a report.

    Raises:
        FormatError: damaged, or no test in it.
    """
    root = json_of(source, "suites")
    seconds: dict[tuple[str, Params], list[float]] = {}
    broken: list[Broken] = []
    skipped: list[str] = []
    for name, test in _tests(root):
        project = test.get("projectName").text()
        params = (("project", project),) if project else ()
        last = next(reversed(list(test.get("results"))), None)
        status = test.get("status").text()
        if last is None or status == "skipped":
            skipped.append(name)
        elif status == "unexpected":
            broken.append(Broken(name=name, params=params, reason=_why(last), metrics=(LATENCY,)))
        else:
            seconds.setdefault((name, params), []).append(last.need("duration").number() * 1e-3)
    if not seconds and not broken:
        raise nothing_in(source, "tests that ran")
    return Reading(
        found=tuple(_series(name, params, times) for (name, params), times in seconds.items()),
        broken=tuple(broken),
        started_at=spelled(root.get("stats").get("startTime").text()),
        left=(f"{len(skipped)} tests were skipped, e.g. {skipped[0]}",) if skipped else (),
    )


def _tests(root: Node) -> Iterator[tuple[str, Node]]:
    open_ = [("", suite) for suite in root.need("suites")][::-1]
    while open_:
        above, suite = open_.pop()
        title = suite.get("title").text()
        path = f"{above} > {title}" if above and title else above or title
        open_ += [(path, inner) for inner in suite.get("suites")][::-1]
        for spec in suite.get("specs"):
            for test in spec.get("tests"):
                yield f"{path} > {spec.need('title').text()}", test


def _why(result: Node) -> str:
    errors = [error.get("message").text() for error in result.get("errors")]
    message = result.get("error").get("message").text() or next(iter(errors), "")
    return message or f"the test ended as {result.get('status').text() or 'not expected'}"


def _series(name: str, params: Params, times: list[float]) -> Found:
    return Found(
        name=name,
        params=params,
        metric=LATENCY,
        launches=tuple((time,) for time in times),
        level=Level.REPETITION if len(times) > 1 else Level.NONE,
    )


FORMATS = (
    Format(
        name="playwright",
        describes="playwright test --reporter=json: the duration of every test",
        proves=Proof.REPETITIONS,
        marks=(r'"specs"\s*:\s*\[', r'"suites"\s*:\s*\[', r'"(?:projectName|projectId)"\s*:'),
        parse=each(read_json),
    ),
)
