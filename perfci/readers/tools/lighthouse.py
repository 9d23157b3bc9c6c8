"""Lighthouse: the report of one page as JSON (`--output=json`), as Lighthouse CI collects them.

Every report comes from a load of its own in a fresh browser, and so is a launch; several files of
one page and device are its launches. The port of localhost is not part of a page's name: servers of
Lighthouse CI take any that is free. Scores are left out, they are derived from what is measured; so
are audits that only repeat or explain it. What else lies in the folder (`manifest.json`,
`links.json`, `assertion-results.json`) is let pass, for it is derived from the reports too.
"""

import re
from collections.abc import Iterator, Sequence

from perfci.model.metric import Better, Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled


def _time(name: str) -> tuple[Metric, float]:
    return Metric(name=name, unit="s", better=Better.LOWER), 1e-3


_AUDITS = {
    "first-contentful-paint": _time("first_contentful_paint"),
    "largest-contentful-paint": _time("largest_contentful_paint"),
    "speed-index": _time("speed_index"),
    "total-blocking-time": _time("total_blocking_time"),
    "interactive": _time("time_to_interactive"),
    "server-response-time": _time("server_response_time"),
    "interaction-to-next-paint": _time("interaction_to_next_paint"),
    "cumulative-layout-shift": (
        Metric(name="cumulative_layout_shift", unit="score", better=Better.LOWER, absolute=True),
        1.0,
    ),
    "total-byte-weight": (Metric(name="page_weight", unit="B", better=Better.LOWER), 1.0),
}
"""With the base units in one of an audit's own."""
_LOCAL_PORT = re.compile(r"^(https?://(?:localhost|127\.0\.0\.1|\[::1\])):\d+")
_REPORT = b'"lighthouseVersion"'


def read_reports(sources: Sequence[Source]) -> Reading:
    """Read reports; of several files, those that are.

    Raises:
        FormatError: damaged, or none is there.
    """
    reports = [source for source in sources if _REPORT in source.data]
    return each(_read)(reports or sources[:1])


def _read(source: Source) -> Reading:
    report = json_of(source, "lighthouseVersion")
    # where the page could not be loaded, the final one is an error page of the browser
    name = _LOCAL_PORT.sub(r"\1", report.need("requestedUrl").text())
    settings = report.get("configSettings")
    device = settings.get("formFactor").text() or settings.get("emulatedFormFactor").text()
    params = (("device", device),) if device else ()
    found: tuple[Found, ...] = ()
    broken: tuple[Broken, ...]
    error = report.get("runtimeError")
    code = error.get("code").text()
    if code and code != "NO_ERROR":
        why = f"{code}: {error.get('message').text()}"
        broken = (Broken(name=name, params=params, reason=why),)
    else:
        audits = report.need("audits")
        found = tuple(_measured(audits, name, params))
        broken = tuple(_failed(audits, name, params))
        if not found and not broken:
            raise nothing_in(source, "audits of performance")
    version = report.get("lighthouseVersion").text()
    return Reading(
        found=found,
        broken=broken,
        machine=Machine(facts={"lighthouse": version}),
        started_at=spelled(report.get("fetchTime").text()),
    )


def _measured(audits: Node, name: str, params: Params) -> Iterator[Found]:
    for key, (metric, factor) in _AUDITS.items():
        value = audits.get(key).get("numericValue")
        if value.value is not None:
            launch = (value.number() * factor,)
            yield Found(
                name=name, params=params, metric=metric, launches=(launch,), level=Level.PROCESS
            )


def _failed(audits: Node, name: str, params: Params) -> Iterator[Broken]:
    for key, (metric, _) in _AUDITS.items():
        audit = audits.get(key)
        if audit.get("scoreDisplayMode").text() == "error":
            why = f"{key}: {audit.get('errorMessage').text() or 'it could not be measured'}"
            yield Broken(name=name, params=params, reason=why, metrics=(metric,))


FORMATS = (
    Format(
        name="lighthouse",
        describes="Lighthouse --output=json, and the reports of Lighthouse CI",
        proves=Proof.LAUNCHES,
        marks=(r'"lighthouseVersion"\s*:\s*"', r'"(?:requestedUrl|fetchTime)"\s*:\s*"'),
        files="*.json",
        parse=read_reports,
    ),
)
