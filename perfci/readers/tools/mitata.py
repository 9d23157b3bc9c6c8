"""mitata: `run({format: "json"})`, also with the text that it prints, or what `run` returns.

With `samples: true` the values are there, sorted and without the two fastest and slowest; else
the median and the tail. All are of one process. `heap` is what one execution allocated on average.
Where a script kept the result under another name, as `results`, it is found there.
"""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import ALLOCATED, LATENCY, percentile
from perfci.readers.reading import Broken, Found, Machine, Params, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import since_1970
from perfci.readers.tools.distribution import Distribution

_TIMES = Distribution(
    factor=1e-9,
    raw="samples",
    middle=("p50", "avg"),
    tails={percentile(LATENCY, 99): "p99", percentile(LATENCY, 99.9): "p999"},
)
_HEAP = Distribution(metric=ALLOCATED, factor=1.0, middle=("avg",))
_ARGUMENT = re.compile(r"\s*\$\w+")


def read_json(source: Source) -> Reading:
    """Read what mitata wrote.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    root = json_of(source)
    whole = root.get("results") if root.get("benchmarks").value is None else root
    groups = [group.get("name").text() for group in whole.get("layout")]
    found: list[Found] = []
    broken: list[Broken] = []
    for benchmark in whole.need("benchmarks"):
        for run in benchmark.need("runs"):
            params = tuple((key, node.text()) for key, node in run.get("args").items())
            name = _called(benchmark, run, groups, params=params)
            stats = run.get("stats")
            series = _TIMES.of(name, stats, params)
            if series:
                found += (*series, *_HEAP.of(name, stats.get("heap"), params))
                continue
            error = run.get("error")
            why = error.get("message").text() or error.text() or "it has no statistics"
            broken.append(Broken(name=name, params=params, reason=why, metrics=(LATENCY,)))
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    context = whole.get("context")
    now = context.get("now").maybe()
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=_machine(context),
        started_at=since_1970(now, 1e3) if now is not None else None,
    )


def _called(benchmark: Node, run: Node, groups: list[str], *, params: Params) -> str:
    """Return the name with its group's; arguments are told apart by parameters alone."""
    name = run.need("name").text()
    if params:
        name = _ARGUMENT.sub("", benchmark.get("alias").text()).strip() or name
    at = benchmark.get("group").maybe()
    group = groups[int(at)] if at is not None and 0 <= at < len(groups) else ""
    return f"{group} > {name}" if group else name


def _machine(context: Node) -> Machine:
    arch = context.get("arch").text()
    runtime = f"{context.get('runtime').text()} {context.get('version').text()}".strip()
    return Machine(
        cpu=context.get("cpu").get("name").text(),
        interpreter=runtime,
        facts={"arch": arch} if arch else {},
    )


FORMATS = (
    Format(
        name="mitata",
        describes='mitata: run({format: "json"}), with the text around it or without',
        proves=Proof.VALUES,
        marks=(
            r'"layout"\s*:\s*\[',
            r'"types"\s*:\s*\[',
            r'"(?:noop|alias|ticks)"\s*:',
        ),
        parse=each(read_json),
    ),
)
