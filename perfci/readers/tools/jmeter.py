"""JMeter: the results file of `-l`, as CSV or XML, or statistics.json of the HTML report.

A results file has every sample in whole milliseconds; those that failed are counted, and their
times left out. Samples of one label are values of one process; what a sample of XML contains is
part of it. statistics.json has three percentiles without saying which: those of JMeter's own
settings are supposed, 90, 95 and 99. Its row `Total` is made of the others and left out.
"""

from collections.abc import Iterator

from perfci.errors import FormatError
from perfci.model.metric import Metric
from perfci.readers.csv_table import csv_table
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY, THROUGHPUT
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, number_at
from perfci.readers.timelines.moments import since_1970
from perfci.readers.tools.load import Load
from perfci.readers.tools.requests import Requests
from perfci.readers.tools.single import latency_at
from perfci.readers.xml_tree import xml_of

_SAMPLES = {"sample", "httpSample"}
_TAILS = {"pct1ResTime": 90, "pct2ResTime": 95, "pct3ResTime": 99}


def read_csv(source: Source) -> Reading:
    """Read samples as CSV.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    requests, first = Requests(), 0.0
    _, rows = csv_table(source, decoded(source.data))
    for line, row in rows:
        first = first or number_at(source, line, row.get("timeStamp", ""))
        time = number_at(source, line, row.get("elapsed", "")) / 1e3
        match row.get("success"):
            case "true":
                failure = None
            case "false":
                told = (row.get("responseCode"), row.get("responseMessage"))
                failure = row.get("failureMessage") or " ".join(filter(None, told))
            case _:
                raise FormatError(
                    f"{source.name}, line {line}: success is neither true nor false",
                    hint="The line is cut off or damaged; let the tool write the file again.",
                )
        requests.add(row.get("label", ""), time, failure)
    if not requests:
        raise nothing_in(source, "samples")
    return requests.reading(since_1970(first, 1e3))


def read_xml(source: Source) -> Reading:
    """Read samples as XML.

    Raises:
        FormatError: damaged, or no sample in it.
    """
    requests, first = Requests(), 0.0
    for sample in xml_of(source):
        if sample.tag in _SAMPLES:
            first = first or sample.number("ts")
            told = " ".join(filter(None, (sample.get("rc"), sample.get("rm"))))
            failure = None if sample.get("s") == "true" else told
            requests.add(sample.get("lb"), sample.number("t") / 1e3, failure)
    if not requests:
        raise nothing_in(source, "samples")
    return requests.reading(since_1970(first, 1e3))


def read_statistics(source: Source) -> Reading:
    """Read statistics.json.

    Raises:
        FormatError: damaged, or no label in it.
    """
    load = Load()
    for label, row in json_of(source).items():
        if label != "Total":
            total, failed = row.need("sampleCount").number(), row.need("errorCount").number()
            load.add(label, _speed(row), (failed, total))
    return load.reading(source, "labels beside Total")


def _speed(row: Node) -> Iterator[tuple[Metric, float]]:
    middle = row.get("medianResTime") or row.need("meanResTime")
    yield LATENCY, middle.number() / 1e3
    yield THROUGHPUT, row.need("throughput").number()
    for key, share in _TAILS.items():
        yield latency_at(share), row.need(key).number() / 1e3


FORMATS = (
    Format(
        name="jmeter",
        describes="JMeter's results file as CSV (jmeter -n -l): every sample",
        proves=Proof.VALUES,
        marks=(r"\AtimeStamp,elapsed,label,", r"\A.*,success[,\n]"),
        files="*.jtl",
        parse=each(read_csv),
    ),
    Format(
        name="jmeter-xml",
        describes="JMeter's results file as XML: every sample",
        proves=Proof.VALUES,
        marks=(r"<testResults(\s|>)", r'<(httpSample|sample)\s[^<>]*\bt="\d+"'),
        files="*.jtl",
        parse=each(read_xml),
    ),
    Format(
        name="jmeter-statistics",
        describes="statistics.json of JMeter's HTML report (jmeter -e -o)",
        proves=Proof.SUMMARY,
        marks=(r'"sampleCount"\s*:', r'"pct1ResTime"\s*:'),
        files="*statistics.json",
        yields_to="jmeter",
        parse=each(read_statistics),
    ),
)
