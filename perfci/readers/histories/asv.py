"""asv's results: one file a commit, machine and environment, and `benchmarks.json` beside them.

Benchmarks with parameters have one value for each combination, the last parameter running fastest;
`null` is a failure and NaN is skipped. A value of another version of its benchmark is not
comparable, as asv itself has it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from perfci.model.run import Environment
from perfci.readers.asv_results import columns, combinations, what_of
from perfci.readers.histories.parsing import finite_number, named, parse, table, text_of
from perfci.readers.histories.past import SUITE, Leftovers, Past, PastRun, Value
from perfci.readers.naming import harmless, identity
from perfci.readers.source import Source

TOOL = "asv"

_BENCHMARKS = re.compile(rb'\s*\{\s*(?:"version"\s*:\s*\d+\s*,\s*)?"[^"]+"\s*:\s*\{\s*"[^"]+"\s*:')
_TOLD = re.compile(rb'"(?:code|param_names)"\s*:')
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def sniff(head: bytes) -> bool:
    """Say whether a file is one of asv's: results, benchmarks or a machine."""
    if not head.lstrip().startswith(b"{"):
        return False
    results = b'"commit_hash"' in head and b'"params"' in head
    machine = b'"machine"' in head and b'"version"' in head and b'"schema"' not in head
    if results or machine:
        return True
    return _BENCHMARKS.match(head) is not None and _TOLD.search(head) is not None


def read(sources: tuple[Source, ...]) -> Past:
    """Return all runs, one a file of results.

    Raises:
        FormatError: a file is damaged.
    """
    left = Leftovers()
    documents = [(source.name, parse(source.data, source.name)) for source in sources]
    known: dict[str, Any] = {}
    for _, document in documents:
        if "commit_hash" not in document:
            known |= {name: it for name, it in document.items() if type(it) is dict}
    runs = []
    for name, document in documents:
        if "commit_hash" in document:
            run = _run(document, name, known, left)
            if run is not None:
                runs.append(run)
    return Past(runs=tuple(sorted(runs, key=lambda run: run.started_at)), left=left.sentences())


def _run(
    document: dict[str, Any], source: str, known: Mapping[str, Any], left: Leftovers
) -> PastRun | None:
    commit = text_of(document, "commit_hash")
    moment = finite_number(document.get("date"))
    if moment is None or not 0 <= moment / 1e3 < _LATEST:
        left.add("the file of results has no date", source)
        return None
    values = [
        value
        for name, result in table(document, "results", source).items()
        for value in _values(name, columns(document, result), known.get(name, {}), left)
    ]
    if not values:
        left.add("the file of results holds no value", source)
        return None
    return PastRun(
        tool=TOOL,
        commit=named(commit) if commit else "",
        started_at=datetime.fromtimestamp(moment / 1e3, tz=UTC),
        environment=_environment(document),
        values=tuple(values),
    )


def _values(
    name: str, result: Mapping[str, Any], benchmark: Any, left: Leftovers
) -> Iterator[Value]:
    version, now = text_of(result, "version"), text_of(benchmark, "version")
    if version and now and version != now:
        left.add("it is of another version of its benchmark", name)
        return
    numbers = result.get("result")
    numbers = numbers if type(numbers) is list else [numbers]
    what = what_of(name, benchmark)
    for given, raw in zip(combinations(result, benchmark), numbers, strict=False):
        number = finite_number(raw)
        where = f"{name} {dict(given)}" if given else name
        if number is None:
            left.add("the benchmark failed" if raw is None else "the benchmark was skipped", where)
            continue
        id_ = identity(SUITE, name, given)
        yield Value(id=id_, metric=harmless(what.metric), value=number * what.factor)


def _environment(document: Mapping[str, Any]) -> Environment:
    params = document.get("params")
    setup = text_of(document, "env_name") or text_of(document, "python")
    return Environment(
        cpu=named(text_of(params, "cpu") or "not known"),
        cores=1,
        kernel=named(text_of(params, "os") or "not known"),
        runner=f"{TOOL} machine {named(text_of(params, 'machine'))}",
        interpreter=named(setup) if setup else "",
    )
