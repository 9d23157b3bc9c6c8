"""k6: the end-of-test summary as JSON, in each of its three shapes.

`--summary-export` has the values flat in a metric, `handleSummary` under `values`, and
`--new-machine-readable-summary` has a list under `results`. A threshold is true in the first where
it was crossed, and `{"ok": true}` in the second where it was not.

Trends give medians and tails, `http_reqs` and `iterations` a throughput, `http_req_failed` an error
rate and `checks` a success rate. Left out are the phases of a request (its duration has them), what
k6 adds of itself (`vus`, bytes, `{expected_response:true}`), and counters, gauges and rates of the
script: they do not tell which way is better.
"""

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import THROUGHPUT
from perfci.readers.reading import Found, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled
from perfci.readers.tools import k6_points
from perfci.readers.tools.k6_metrics import RATES, Left, called, trend
from perfci.readers.tools.single import single

_COUNTED = ("http_reqs", "iterations")


def read_summary(source: Source) -> Reading:
    """Read a summary.

    Raises:
        FormatError: damaged, or nothing in it that can be judged.
    """
    root = json_of(source)
    results = root.get("results")
    new = results.get("metrics")
    left = Left()
    found: list[Found] = []
    if new.value is None:
        for key, metric in root.need("metrics").items():
            values = metric.get("values")
            found += _series(key, metric, metric if values.value is None else values, left)
            left.crossed(key, metric.get("thresholds"))
    else:
        seconds = root.get("config").get("duration").maybe()
        checks = results.get("checks").get("metrics")
        for metric in (*new, *checks):
            key = metric.need("name").text()
            found += _series(key, metric, metric.get("values"), left, seconds=seconds)
    if not found:
        raise nothing_in(source, "times, requests or checks")
    when = root.get("metadata").get("generatedAt").text()
    return Reading(found=tuple(found), left=left.told(), started_at=spelled(when))


def _series(
    key: str, metric: Node, values: Node, left: Left, *, seconds: float | None = None
) -> tuple[Found, ...]:
    name, params = called(key)
    if left.of_itself(name, params):
        return ()
    if name in RATES:
        share = values.get("rate")
        value = share if share.value is not None else values.need("value")
        return (single(name, RATES[name], value.number(), params),)
    if name in _COUNTED:
        # the new shape has counts alone
        told = values.need("count" if seconds else "rate").number()
        return (single(name, THROUGHPUT, told / (seconds or 1.0), params),)
    contains = metric.get("contains").text()
    series = trend(contains or "time").of(name, values, params)
    if not series:
        left.undirected(name)
    elif not contains:
        left.guessed_time(name)
    return series


FORMATS = (
    Format(
        name="k6",
        describes="k6 run --summary-export, or handleSummary's data, or its new summary",
        proves=Proof.SUMMARY,
        marks=(
            r'"metrics"\s*:\s*[{\[]',
            r'"(?:iterations|iteration_duration|vus_max|k6Version)"',
            r'"(?:root_group|p\(9[05]\)|k6Version)"',
        ),
        without=(r'"type"\s*:\s*"Point"',),
        parse=each(read_summary),
    ),
    *k6_points.FORMATS,
)
