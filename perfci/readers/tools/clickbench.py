"""ClickBench: a system's result: the time of each query, some three times after one another.

The first execution finds cold caches and is a benchmark of its own, `run=cold`; the others are
rounds of `run=hot`. Null is a query that failed. The system is a parameter, the queries are
numbered from 0 as on ClickBench's page.
"""

from collections.abc import Iterator

from perfci.model.metric import Better, Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled
from perfci.readers.tools.single import single

_SIZE = Metric(name="data_size", unit="B", better=Better.LOWER)


def read_json(source: Source) -> Reading:
    """Read the result of a system.

    Raises:
        FormatError: damaged, or no query in it.
    """
    root = json_of(source, "system", "result")
    system = (("system", root.get("system").text()),)
    found: list[Found] = []
    broken: list[Broken] = []
    for at, query in enumerate(root.need("result")):
        times = list(query)
        for run, part in (("cold", times[:1]), ("hot", times[1:])):
            params = (*system, ("run", run))
            if any(time.value is None for time in part):
                why = "the query failed"
                broken.append(Broken(name=f"Q{at}", params=params, reason=why, metrics=(LATENCY,)))
            elif part:
                values = tuple(time.number() for time in part)
                found.append(_query(f"Q{at}", params, values))
    if not found and not broken:
        raise nothing_in(source, "queries")
    machine = root.get("machine").text()
    return Reading(
        found=(*found, *_loading(root, system)),
        broken=tuple(broken),
        machine=Machine(facts={"machine": machine} if machine else {}),
        started_at=spelled(root.get("date").text()),
    )


def _query(name: str, params: Params, values: tuple[float, ...]) -> Found:
    level = Level.ITERATION if len(values) > 1 else Level.NONE
    return Found(name=name, params=params, metric=LATENCY, launches=(values,), level=level)


def _loading(root: Node, params: Params) -> Iterator[Found]:
    for key, metric in (("load_time", LATENCY), ("data_size", _SIZE)):
        node = root.get(key)
        if node:
            yield single("load", metric, node.number(), params)


FORMATS = (
    Format(
        name="clickbench",
        describes="ClickBench: results/*.json of a system",
        proves=Proof.VALUES,
        marks=(r'"system"\s*:\s*"', r'"result"\s*:\s*\[\s*\[', r'"(?:load_time|cluster_size)"\s*:'),
        parse=each(read_json),
    ),
)
