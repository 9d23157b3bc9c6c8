"""vegeta: `vegeta report`, as text or with `-type=json`.

It does not say what it asked: a heading like `=== search ===` before a text names it, else it is
called `vegeta`. Throughput is of requests that succeeded; the rate at which they were sent was
chosen, and is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from perfci.model.metric import Metric
from perfci.readers.format import Format, Proof
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY, THROUGHPUT
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.readers.text import number_at
from perfci.readers.timelines.moments import spelled
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.durations import duration_at
from perfci.readers.tools.load import CUT, Load
from perfci.readers.tools.single import latency_at

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
    load = Load()
    load.add(_NAME, _speed(root), (total * (1 - success), total), reason=reason)
    started = spelled(root.get("earliest").text())
    return replace(load.reading(source, "reports"), started_at=started)


def _speed(root: Node) -> Iterator[tuple[Metric, float]]:
    times = root.need("latencies")
    yield LATENCY, (times.get("50th") or times.need("mean")).number() / 1e9
    for key, share in _TAILS.items():
        if times.get(key):
            yield latency_at(share), times.get(key).number() / 1e9
    if root.get("throughput"):
        yield THROUGHPUT, root.get("throughput").number()


def read_text(source: Source) -> Reading:
    """Read one or more reports as text.

    Raises:
        FormatError: a number is damaged, or there is no report.
    """
    load = Load()
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
        name, why = block.heading or _NAME, _error(block)
        if success > 0 and LATENCY not in known:
            load.fail(name, CUT)
        else:
            failed = total * (1 - success)
            load.add(name, known.items(), (failed, total), reason=why)
    return load.reading(source, "reports")


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
