"""Nyrkiö's JSON: objects with the metrics of one commit each, alone, in a list, or one a line.

A metric has one value; it takes its own name as that of the benchmark, as the file has no other.
Several objects of one commit are several runs. Files with more than one commit are histories.
"""

from collections.abc import Sequence

from perfci.errors import FormatError
from perfci.readers.custom_metric import better_of
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import distinct, joined
from perfci.readers.json_text import json_lines, json_of
from perfci.readers.json_tree import Node
from perfci.readers.quantity import quantity
from perfci.readers.reading import Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import since_1970


def read(sources: Sequence[Source]) -> Reading:
    """Read files of one commit.

    Raises:
        FormatError: damaged, of several commits, or no metric in them.
    """
    entries = [entry for source in sources for entry in _entries(source)]
    commits = {entry.get("attributes").get("git_commit").text() for entry in entries}
    if len(commits) > 1:
        raise FormatError(
            f"{sources[0].name} holds {len(entries)} results of {len(commits)} commits: a history",
            hint="Keep those of the commit that is to be judged.",
        )
    readings = [distinct(_reading(entry)) for entry in entries]
    if not any(reading.found for reading in readings):
        raise nothing_in(sources[0], "metrics")
    return joined(readings)


def _entries(source: Source) -> list[Node]:
    # in a list, the last may be a line of its own
    alone = [node for node in json_lines(source) if node.get("metrics")]
    if len(alone) > 1:
        return alone
    root = json_of(source)
    return list(root) if type(root.value) is list else [root]


def _reading(entry: Node) -> Reading:
    found = []
    for metric in entry.need("metrics"):
        told = metric.get("direction")
        try:
            better = better_of(told.text()) if told else None
        except KeyError:
            raise told.wrong("lower_is_better or higher_is_better") from None
        what = quantity(metric.get("unit").text(), better=better)
        value = metric.need("value").number() * what.factor
        name = metric.need("name").text("unnamed")
        found.append(Found(name=name, metric=what.metric, launches=((value,),), level=Level.NONE))
    about = entry.get("attributes")
    seconds = entry.get("timestamp").maybe()
    return Reading(
        found=tuple(found),
        commit=about.get("git_commit").text(),
        branch=about.get("branch").text(),
        started_at=None if seconds is None else since_1970(seconds, 1.0),
    )


FORMATS = (
    Format(
        name="nyrkio",
        describes="Nyrkiö's JSON, of one commit",
        proves=Proof.SUMMARY,
        marks=(
            r'"timestamp"\s*:\s*\d',
            r'"metrics"\s*:\s*\[\s*\{\s*"(name|value|unit|direction)"\s*:',
            r'"git_commit"\s*:',
        ),
        parse=read,
    ),
)
