"""Reassure: `.reassure/current.perf` and `baseline.perf`: a line of JSON for every scenario.

All runs of a scenario are of one process. How often it was rendered repeats, or is not worth
comparing.
"""

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_lines
from perfci.readers.metrics import exact
from perfci.readers.reading import Found, Reading
from perfci.readers.source import Source
from perfci.readers.tools.distribution import Distribution

_TIMES = Distribution(factor=1e-3, raw="durations", middle=("meanDuration",))
_RENDERS = Distribution(metric=exact("renders"), factor=1.0, raw="counts", middle=("meanCount",))


def read_lines(source: Source) -> Reading:
    """Read what Reassure measured.

    Raises:
        FormatError: damaged, or no scenario in it.
    """
    found: list[Found] = []
    commit = branch = ""
    for entry in json_lines(source):
        if not entry.get("name"):
            metadata = entry.get("metadata")
            commit, branch = metadata.get("commitHash").text(), metadata.get("branch").text()
            continue
        name = entry.get("name").text()
        entry.need("meanDuration")
        found += _TIMES.of(name, entry)
        if entry.get("type").text() != "function":  # which renders nothing
            found += _RENDERS.of(name, entry)
    if not found:
        raise nothing_in(source, "scenarios")
    return Reading(found=tuple(found), commit=commit, branch=branch)


FORMATS = (
    Format(
        name="reassure",
        describes="Reassure: .reassure/current.perf and baseline.perf",
        proves=Proof.VALUES,
        marks=(r'"meanDuration"\s*:', r'"durations"\s*:\s*\[', r'"meanCount"\s*:'),
        files="*.perf",
        parse=each(read_lines),
    ),
)
