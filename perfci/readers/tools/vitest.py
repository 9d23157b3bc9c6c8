"""Vitest: `vitest bench --outputJson`.

A benchmark's name is the file's path from the project's root, its groups and its own name. All
samples are of one process; where the file has none, as from Vitest 4 whatever is configured, the
median and the tail stand for them. A benchmark that threw has no statistics; one that was skipped
is not in the file at all.
"""

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.metrics import LATENCY, percentile
from perfci.readers.reading import Broken, Found, Reading
from perfci.readers.source import Source
from perfci.readers.tools.distribution import Distribution

_TIMES = Distribution(
    factor=1e-3,
    raw="samples",
    freedom="df",
    middle=("median", "mean"),
    tails={percentile(LATENCY, 99): "p99", percentile(LATENCY, 99.9): "p999"},
)


def read_json(source: Source) -> Reading:
    """Read what `--outputJson` wrote.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    for file in json_of(source, "files").need("files"):
        for group in file.need("groups"):
            above = group.need("fullName").text()
            for benchmark in group.need("benchmarks"):
                name = f"{above} > {benchmark.need('name').text()}"
                series = _TIMES.of(name, benchmark)
                found += series
                if not series:
                    why = "Vitest has no statistics of it, as of one that threw an error"
                    broken.append(Broken(name=name, reason=why, metrics=(LATENCY,)))
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), broken=tuple(broken))


FORMATS = (
    Format(
        name="vitest",
        describes="vitest bench --outputJson",
        proves=Proof.VALUES,
        marks=(r'"filepath"\s*:\s*"', r'"groups"\s*:\s*\[', r'"fullName"\s*:\s*"'),
        parse=each(read_json),
    ),
)
