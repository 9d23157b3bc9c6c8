"""pytest-benchmark: JSON of `--benchmark-json`, `--benchmark-save` or `--benchmark-autosave`.

All rounds of a test run in one process, one after the other, and so make one launch; a round's
value is the time of one of its iterations. Only `--benchmark-json` and `--benchmark-save-data`
write the rounds; else there is the median, and least squares, quartiles and rates are left out.
A test that fails is not in the file at all. Tests with equal parameters go by their ids.
"""

import math
from collections import Counter
from collections.abc import Sequence

from perfci.readers.counts import count_of
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled

_PLAIN = {str, int, float, bool}
_NO_COMMIT, _NO_BRANCH = "unversioned", "(unknown)"


def read(source: Source) -> Reading:
    """Read one file.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    root = json_of(source, "benchmarks")
    benchmarks = list(root.need("benchmarks"))
    found: list[Found] = []
    broken: list[Broken] = []
    cut = []
    for benchmark, (name, params) in zip(benchmarks, _called(benchmarks), strict=True):
        stats = benchmark.need("stats")
        data = stats.get("data")
        rounds = _rounds(data, count_of(stats.get("rounds")))
        if not rounds and (lost := _lost(data)):
            broken.append(Broken(name=name, params=params, reason=lost, metrics=(LATENCY,)))
            continue
        cut += [name] if data and not rounds else []
        found.append(
            Found(
                name=name,
                params=params,
                metric=LATENCY,
                launches=(rounds or (stats.need("median").number(),),),
                level=Level.ITERATION if len(rounds) > 1 else Level.NONE,
                iterations=count_of(stats.get("iterations")) or 1,
            )
        )
    if not benchmarks:
        raise nothing_in(source, "benchmarks")
    told = f"medians are taken where there is not one value for each round: {len(cut)}, e.g."
    commit, branch = (root.get("commit_info").get(name).text() for name in ("id", "branch"))
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=_machine(root.get("machine_info")),
        commit="" if commit == _NO_COMMIT else commit,
        branch="" if branch == _NO_BRANCH else branch,
        started_at=spelled(root.get("datetime").text()),
        left=(f"{told} {cut[0]}",) if cut else (),
    )


def _called(benchmarks: Sequence[Node]) -> list[tuple[str, Params]]:
    """Return names and parameters; of tests that share both, the ids without any parameters."""
    ids = [it.said("fullname") or it.need("name").text("unnamed") for it in benchmarks]
    called = [
        _parted(id_, list(it.get("params").items()))
        for id_, it in zip(ids, benchmarks, strict=True)
    ]
    if len(set(called)) == len(called):
        return called
    # one that comes again under one id is no other
    alike = Counter(one for one, _ in {*zip(called, ids, strict=True)})
    return [one if alike[one] == 1 else (id_, ()) for one, id_ in zip(called, ids, strict=True)]


def _parted(id_: str, params: Sequence[tuple[str, Node]]) -> tuple[str, Params]:
    """Part a test from its parameters; what pytest could not write down goes by the test's id."""
    start = max(id_.find("::"), 0)  # folders may have brackets, too
    if not id_.endswith("]") or "[" not in id_[start:] or not params:
        return id_, ()
    if any(
        type(node.value) not in _PLAIN or node.text().startswith("UNSERIALIZABLE[")
        for _, node in params
    ):
        return id_, ()
    # as pytest itself spells them: 1 and 1.0 are two tests
    return id_[: id_.index("[", start)], tuple((key, str(node.value)) for key, node in params)


def _rounds(data: Node, count: int | None) -> tuple[float, ...]:
    """Return the value of every round; nothing where there is not one for each.

    Args:
        data: the list of them.
        count: of rounds; None where the file does not tell.

    Raises:
        FormatError: one is no number.
    """
    raw = data.plain_list()
    # files are cut by hand to keep them small
    cut = bool(raw) and type(raw[-1]) is str and raw[-1].startswith("...")
    values = (Node(raw[:-1], data.within, data.step) if cut else data).numbers()
    if cut or len(values) != (count or len(values)) or (math.isnan(sum(values)) and None in raw):
        return ()
    return values


def _lost(data: Node) -> str:
    """Say which round has null for a value; empty where none has."""
    raw = data.plain_list()
    if None not in raw:
        return ""
    return f"one of its rounds was not measured: {data.at(raw.index(None)).place} is null"


def _machine(info: Node) -> Machine:
    cpu = info.get("cpu")
    return Machine(
        cpu=cpu.get("brand_raw").text() or cpu.get("brand").text() or info.get("processor").text(),
        cores=_count(cpu.get("count")),
        kernel=" ".join(filter(None, (info.get("system").text(), info.get("release").text()))),
        interpreter=" ".join(
            filter(
                None,
                (info.get("python_implementation").text(), info.get("python_version").text()),
            )
        ),
    )


def _count(node: Node) -> int:
    return node.value if type(node.value) is int and 0 < node.value < 2**31 else 0


FORMATS = (
    Format(
        name="pytest-benchmark",
        describes="pytest --benchmark-json, also --benchmark-autosave: then medians only",
        proves=Proof.VALUES,
        marks=(
            r'"benchmarks"\s*:\s*\[',
            r'"fullname"\s*:\s*"',
            r'"(ld15iqr|stddev_outliers|iqr_outliers)"\s*:',
        ),
        parse=each(read),
    ),
)
