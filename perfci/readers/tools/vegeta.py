"""vegeta: `vegeta report`, as text or with `-type=json`.

It does not say what it asked: a heading like `=== search ===` before a text names it, else it is
called `vegeta`. Throughput is of requests that succeeded; the rate at which they were sent was
chosen, and is left out.
"""

import re

from perfci.model.metric import Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.metrics import ERROR_RATE, LATENCY, THROUGHPUT
from perfci.readers.reading import Broken, Found, Reading
from perfci.readers.source import Source
from perfci.readers.text import number_at
from perfci.readers.timelines.moments import spelled
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.durations import duration_at
from perfci.readers.tools.requests import always_failed
from perfci.readers.tools.single import latency_at, single

_NAME = "vegeta"
_TAILS = {"90th": 90, "95th": 95, "99th": 99}
_LISTED = re.compile(r"(\w+(?: \w+)*)\s+\[([^\]]*)\]\s+(.*)")
_REQUESTS = re.compile(r"Requests\s+\[total, .*")


def read_json(source: Source) -> Reading:
    """Read `-type=json`.

    Raises:
        FormatError: damaged.
    """
    root = json_of(source, "latencies", "requests")
    total, success = root.get("requests").number(), root.need("success").number()
    reason = next((each.text() for each in root.get("errors")), "")
    times = root.need("latencies")
    known: dict[Metric, float] = {}
    if total > 0 and success > 0:
        known[LATENCY] = (times.get("50th") or times.need("mean")).number() / 1e9
        for key, share in _TAILS.items():
            if times.get(key):
                known[latency_at(share)] = times.get(key).number() / 1e9
        if root.get("throughput"):
            known[THROUGHPUT] = root.get("throughput").number()
    found, broken = _told(_NAME, known, total=total, success=success, reason=reason)
    started = spelled(root.get("earliest").text())
    return Reading(found=found, broken=broken, started_at=started)


def read_text(source: Source) -> Reading:
    """Read one or more reports as text.

    Raises:
        FormatError: a number is damaged, or there is no report.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    for block in blocks(source, _REQUESTS):
        sent, times = _listed(block, "Requests"), _listed(block, "Latencies")
        ratio = _listed(block, "Success").get("ratio", (0, "0%"))
        success = number_at(source, ratio[0], ratio[1].rstrip("%")) / 100
        known = {
            latency_at(float(share)): duration_at(source, *times[share])
            for share in ("50", "90", "95", "99")
            if share in times
        }
        if "throughput" in sent:
            known[THROUGHPUT] = number_at(source, *sent["throughput"])
        total = number_at(source, *sent["total"]) if "total" in sent else 0.0
        some, none = _told(
            block.heading or _NAME, known, total=total, success=success, reason=_error(block)
        )
        found += some
        broken += none
    if not found and not broken:
        raise nothing_in(source, "reports")
    return Reading(found=tuple(found), broken=tuple(broken))


def _told(
    name: str, known: dict[Metric, float], *, total: float, success: float, reason: str
) -> tuple[tuple[Found, ...], tuple[Broken, ...]]:
    if total > 0 and success > 0 and LATENCY in known:
        found = (single(name, metric, value) for metric, value in known.items())
        return (*found, single(name, ERROR_RATE, 1 - success)), ()
    reason = always_failed(total, reason) if total > 0 else "no request was made"
    return (), (Broken(name=name, reason=reason, metrics=(LATENCY, ERROR_RATE)),)


def _listed(block: Block, name: str) -> dict[str, tuple[int, str]]:
    """Return the values of a line by the labels that stand in its brackets, with the line."""
    for line, found in block.all(_LISTED):
        if found[1] == name:
            labels = [label.strip() for label in found[2].split(",")]
            values = [(line, value.strip()) for value in found[3].split(", ")]
            return dict(zip(labels, values, strict=False))
    return {}


def _error(block: Block) -> str:
    texts = [text for _, text in block.lines]
    return texts[texts.index("Error Set:") + 1] if "Error Set:" in texts[:-1] else ""


FORMATS = (
    Format(
        name="vegeta",
        describes="vegeta report -type=json",
        proves=Proof.SUMMARY,
        marks=(r'"latencies"\s*:\s*\{\s*"total"', r'"bytes_in"\s*:', r'"status_codes"\s*:'),
        parse=each(read_json),
    ),
    Format(
        name="vegeta-text",
        describes="vegeta report, as text",
        proves=Proof.SUMMARY,
        marks=(r"^Requests\s+\[total, ", r"^Latencies\s+\[", r"^Success\s+\[ratio\]"),
        parse=each(read_text),
    ),
)
