"""Gatling: simulation.log as text (until 3.10; later ones are binary), or js/stats.json.

The log has every request by its groups and name; those that were KO count as failed and their
times are left out. Requests of one name are values of one process. stats.json has percentiles
without saying which: those of Gatling's own settings are supposed, 50, 75, 95 and 99.
"""

import re
from collections.abc import Iterator

from perfci.errors import FormatError
from perfci.model.metric import Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import THROUGHPUT
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.readers.text import lines
from perfci.readers.timelines.moments import since_1970
from perfci.readers.tools.load import Load
from perfci.readers.tools.requests import Requests
from perfci.readers.tools.single import latency_at

_MOMENT = re.compile(r"[0-9]{13}")
_LEAST = 4
"""Fields of a request before its status: older versions have more of them, the user's for one."""
_PERCENTILES = {"percentiles1": 50, "percentiles3": 95, "percentiles4": 99}


def read_log(source: Source) -> Reading:
    """Read simulation.log.

    Raises:
        FormatError: a record is damaged, or there is no request.
    """
    requests, started = Requests(), None
    for line, text in lines(source):
        fields = text.split("\t")
        if fields[0] == "RUN":
            moments = [field for field in fields if _MOMENT.fullmatch(field)]
            started = since_1970(float(moments[0]), 1e3) if moments else None
        elif fields[0] == "REQUEST":
            at = _status(source, line, fields)
            groups = fields[at - 4].replace(",", " / ") if at > _LEAST else ""
            name = f"{groups} / {fields[at - 3]}" if groups else fields[at - 3]
            time = (float(fields[at - 1]) - float(fields[at - 2])) / 1e3
            why = " ".join(fields[at + 1 :]).strip()
            requests.add(name, time, why if fields[at] == "KO" else None)
    if not requests:
        raise nothing_in(source, "requests")
    return requests.reading(started)


def read_stats(source: Source) -> Reading:
    """Read js/stats.json.

    Raises:
        FormatError: damaged, or no request in it.
    """
    load = Load()
    waiting = [(json_of(source, "contents"), "")]
    while waiting:
        node, above = waiting.pop()
        for _, inside in node.get("contents").items():  # noqa: PERF102 (not a dict)
            name = f"{above}{inside.get('name').text()}"
            if inside.get("type").text() == "GROUP":
                waiting.append((inside, f"{name} / "))
                continue
            stats = inside.need("stats")
            count = stats.need("numberOfRequests")
            total, failed = count.need("total").number(), count.need("ko").number()
            load.add(name, _speed(stats), (failed, total))
    return load.reading(source, "requests")


def _status(source: Source, line: int, fields: list[str]) -> int:
    """Return where a record has its status: after the moments of its begin and its end."""
    for at in range(_LEAST, len(fields)):
        if fields[at] in {"OK", "KO"} and all(map(_MOMENT.fullmatch, fields[at - 2 : at])):
            return at
    raise FormatError(
        f"{source.name}, line {line}: a request without begin, end and status",
        hint="The line is cut off or damaged; let the tool write the file again.",
    )


def _speed(stats: Node) -> Iterator[tuple[Metric, float]]:
    for key, share in _PERCENTILES.items():
        yield latency_at(share), stats.need(key).need("ok").number() / 1e3
    yield THROUGHPUT, stats.need("meanNumberOfRequestsPerSecond").need("ok").number()


FORMATS = (
    Format(
        name="gatling",
        describes="simulation.log of Gatling 2 to 3.10: every request",
        proves=Proof.VALUES,
        marks=(r"^RUN\t.*\d{13}\t", r"^REQUEST\t.*\t(OK|KO)(\t|$)"),
        files="*simulation.log",
        parse=each(read_log),
    ),
    Format(
        name="gatling-stats",
        describes="js/stats.json of Gatling's report",
        proves=Proof.SUMMARY,
        marks=(r'"numberOfRequests"\s*:', r'"percentiles1"\s*:', r'"?type"?\s*:\s*"GROUP"'),
        files="*stats.json",
        yields_to="gatling",
        parse=each(read_stats),
    ),
)
