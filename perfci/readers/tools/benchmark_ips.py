"""benchmark-ips (Ruby): the file of `x.json!`, with the throughput of each report.

The file has one number a report, of a few seconds in one process.
"""

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.metrics import THROUGHPUT
from perfci.readers.reading import Found, Level, Machine, Reading
from perfci.readers.source import Source


def read_json(source: Source) -> Reading:
    """Read the list of reports, also where an object has it as `benchmarks`.

    Raises:
        FormatError: damaged, or no report in it.
    """
    root = json_of(source)
    ruby = root.get("ruby_version").text()
    found = tuple(
        Found(
            name=report.need("name").text(),
            metric=THROUGHPUT,
            launches=((report.need("ips").number(),),),
            level=Level.NONE,
        )
        for report in (root.get("benchmarks") or root)
    )
    if not found:
        raise nothing_in(source, "reports")
    return Reading(found=found, machine=Machine(interpreter=f"Ruby {ruby}" if ruby else ""))


FORMATS = (
    Format(
        name="benchmark-ips",
        describes="benchmark-ips (Ruby): x.json! 'file'",
        proves=Proof.SUMMARY,
        marks=(r'"ips"\s*:', r'"iterations"\s*:', r'"(cycles|measurement_cycle)"\s*:'),
        parse=each(read_json),
    ),
)
