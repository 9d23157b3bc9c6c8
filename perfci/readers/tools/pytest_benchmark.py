"""pytest-benchmark: JSON of `--benchmark-json`, `--benchmark-save` or `--benchmark-autosave`.

All rounds of a test run in one process, one after the other, and so make one launch; a round's
value is the time of one of its iterations. Only `--benchmark-json` and `--benchmark-save-data`
write the rounds; else there is the median, and least squares, quartiles and rates are left out.
A test that fails is not in the file at all.
"""

from perfci.readers.counts import count_of
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Found, Level, Machine, Params, Reading
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
    found: list[Found] = []
    cut = []
    for benchmark in root.need("benchmarks"):
        stats = benchmark.need("stats")
        values, whole = _values(stats)
        name, params = _called(benchmark)
        cut += [] if whole else [name]
        found.append(
            Found(
                name=name,
                params=params,
                metric=LATENCY,
                launches=(values,),
                level=Level.ITERATION if len(values) > 1 else Level.NONE,
                iterations=count_of(stats.get("iterations")) or 1,
            )
        )
    if not found:
        raise nothing_in(source, "benchmarks")
    told = f"medians are taken where there is not one value for each round: {len(cut)}, e.g."
    commit, branch = (root.get("commit_info").get(name).text() for name in ("id", "branch"))
    return Reading(
        found=tuple(found),
        machine=_machine(root.get("machine_info")),
        commit="" if commit == _NO_COMMIT else commit,
        branch="" if branch == _NO_BRANCH else branch,
        started_at=spelled(root.get("datetime").text()),
        left=(f"{told} {cut[0]}",) if cut else (),
    )


def _called(benchmark: Node) -> tuple[str, Params]:
    """Return name and parameters; what pytest could not write down goes by the test's id."""
    name = benchmark.said("fullname") or benchmark.need("name").text("unnamed")
    start = max(name.find("::"), 0)  # folders may have brackets, too
    params = list(benchmark.get("params").items())
    if not name.endswith("]") or "[" not in name[start:] or not params:
        return name, ()
    if any(
        type(node.value) not in _PLAIN or node.text().startswith("UNSERIALIZABLE[")
        for _, node in params
    ):
        return name, ()
    test = name[: name.index("[", start)]
    return test, tuple((key, node.text(str(node.value))) for key, node in params)


def _values(stats: Node) -> tuple[tuple[float, ...], bool]:
    """Return the rounds, or the median where they are not there; and whether it is one of these."""
    data, rounds = stats.get("data"), count_of(stats.get("rounds"))
    raw = data.value if type(data.value) is list else []
    # files are cut by hand to keep them small
    whole = len(raw) == (rounds or len(raw)) and {float, int} >= set(map(type, raw))
    if raw and whole:
        return data.numbers(), True
    return (stats.need("median").number(),), not raw


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
