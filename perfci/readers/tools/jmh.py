"""JMH: JSON (`-rf json`), with the values of every iteration of every fork.

A fork is a fresh process, and so a launch; its iterations are the launch's values. `thrpt` is a
throughput, every other mode a time; where a benchmark was run in several modes that measure time,
the mode is a parameter, and so is the number of threads where it was run with several. Of the
secondary metrics those in the unit of an operation are read (the parts of a group), and what one
allocates (`gc.alloc.rate.norm`); the rest of what profilers say is left out. In sample mode an
iteration has the times of many operations: the values are their means, and percentiles of all stand
beside them. A benchmark that failed is not in the file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from perfci.model.metric import Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.histories.past import Leftovers
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import ALLOCATED, LATENCY, THROUGHPUT, percentile
from perfci.readers.reading import Broken, Found, Level, Machine, Packed, Params, Reading
from perfci.readers.source import Source
from perfci.readers.tools.json_params import MIXED, mixed, params_of

_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "min": 60.0,
    "hr": 3600.0,
    "day": 86400.0,
}
_TAIL = {"90.0": 90.0, "95.0": 95.0, "99.0": 99.0, "99.9": 99.9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a score is."""

    factor: float
    """Base units in one of its units."""
    metric: Metric


BYTES = Unit(factor=1.0, metric=ALLOCATED)


@lru_cache(maxsize=256)
def unit_of(text: str) -> Unit | None:
    """Return what a unit says: `ops/min`, `us/op`; None where it is neither."""
    over, _, under = text.partition("/")
    if over == "ops" and under in _SECONDS:
        return Unit(factor=1 / _SECONDS[under], metric=THROUGHPUT)
    if under == "op" and over in _SECONDS:
        return Unit(factor=_SECONDS[over], metric=LATENCY)
    return None


def several_timed(modes: Iterable[str]) -> bool:
    """Return whether more than one of the modes measures time."""
    return len({mode for mode in modes if mode != "thrpt"}) > 1


def left_out(labels: list[str]) -> tuple[str, ...]:
    """Say what was not read."""
    if not labels:
        return ()
    return (f"{len(labels)} metrics of profilers are left out, e.g. {labels[0]}",)


def read_json(source: Source) -> Reading:
    """Read `-rf json`.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    root = json_of(source)
    results = list(root)
    found: list[Found] = []
    broken: list[Broken] = []
    profiled: list[str] = []
    left = Leftovers()
    alike = mixed(root, "params", lambda result: result.said("benchmark"))
    threaded = _threaded(results)
    modes = [result.said("mode") for result in results]
    several = several_timed(modes)
    for result, mode in zip(results, modes, strict=True):
        name = result.said("benchmark") or result.need("benchmark").text()
        metric = result.need("primaryMetric")
        params = params_of(result.get("params"))
        unclear = alike and (name, params) in alike
        if threaded and (name, params, mode) in threaded and (count := result.said("threads")):
            params += (("threads", count),)
        if several and mode != "thrpt":
            params += (("mode", mode),)
        unit = _unit(metric)
        if unclear:
            broken.append(Broken(name=name, params=params, reason=MIXED, metrics=(unit.metric,)))
            continue
        found.append(_series(name, params, metric, unit, _forks(metric, result, left)))
        if mode == "sample":
            found += _tail(name, params, metric, unit)
        for label, secondary in result.get("secondaryMetrics").items():
            if part := _part(label, secondary):
                ending, its_unit = part
                forks = _forks(secondary, result, left)
                found.append(_series(f"{name}{ending}", params, secondary, its_unit, forks))
            else:
                profiled.append(label.lstrip("·"))
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=_machine(results[0]),
        left=(*left.sentences(), *left_out(profiled)),
    )


def _threaded(results: Sequence[Node]) -> set[tuple[str, Params, str]]:
    """Return names, parameters and modes of what was run with more than one number of threads."""
    counts = [result.plain_object().get("threads") for result in results]
    if counts == counts[:1] * len(counts):
        return set()
    first: dict[tuple[str, Params, str], str] = {}
    several = set()
    for result in results:
        params = result.get("params")
        count = result.said("threads")
        if count and "threads" not in params.plain_object():  # it may have one that is called so
            run = (result.said("benchmark"), params_of(params), result.said("mode"))
            if first.setdefault(run, count) != count:
                several.add(run)
    return several


def _part(label: str, secondary: Node) -> tuple[str, Unit] | None:
    """Return how the name of a secondary metric ends, and its unit; None where it is left out."""
    short = label.lstrip("·")
    if short == "gc.alloc.rate.norm":
        if secondary.get("scoreUnit").value not in (None, "B/op"):
            raise secondary.need("scoreUnit").wrong("B/op")
        return "", BYTES
    unit = unit_of(secondary.said("scoreUnit"))
    return (f":{short}", unit) if unit else None


def _unit(metric: Node) -> Unit:
    found = unit_of(metric.said("scoreUnit"))
    if found is None:
        raise metric.need("scoreUnit").wrong("a time per operation or operations per time")
    return found


def _forks(metric: Node, result: Node, left: Leftovers) -> Sequence[Sequence[float]]:
    """Return the values of each fork that has any; notes which have none, and how many lack.

    Args:
        metric: any of a benchmark's.
        result: of that benchmark, which says how many forks were run; 0 where it was not forked.
        left: takes the notes.
    """
    given = metric.get("rawData")
    forks = given.lists()
    if not forks:
        given = metric.get("rawDataHistogram")
        forks = [tuple(_mean(iteration) for iteration in fork) for fork in given]
    if forks and result.plain_object().get("forks") != len(forks):
        ran = result.get("forks").maybe() or 0
        if len(forks) < ran:
            told = f"{given.place} has {len(forks)} of {ran:g}"
            left.change("lists have fewer forks than were run", told)
    if all(forks):
        return forks
    for number, fork in enumerate(forks):
        if not fork:
            left.add("a fork has no values", given.at(number).place)
    return [fork for fork in forks if fork]


def _series(
    name: str, params: Params, metric: Node, unit: Unit, forks: Sequence[Sequence[float]]
) -> Found:
    values = list(chain.from_iterable(forks)) or [metric.need("score").number()]
    if (factor := unit.factor) != 1.0:  # not so for operations per second, a throughput's unit
        values = [value * factor for value in values]
    return Found(
        name=name,
        params=params,
        metric=unit.metric,
        launches=Packed(values, map(len, forks)),
        level=Level.PROCESS if forks else Level.NONE,
    )


def _mean(iteration: Node) -> float:
    """Return the mean of an iteration's histogram, a list of values and how often each came."""
    total, times = 0.0, 0.0
    for bar in iteration:
        pair = bar.numbers()
        if len(pair) != 2:
            raise bar.wrong("a value and a count")
        total += pair[0] * pair[1]
        times += pair[1]
    if times <= 0:
        raise iteration.wrong("a histogram with at least one count")
    return total / times


def _tail(name: str, params: Params, metric: Node, unit: Unit) -> Iterator[Found]:
    percentiles = metric.get("scorePercentiles")
    for key, share in _TAIL.items():
        value = percentiles.get(key).maybe()
        if value is not None:
            yield Found(
                name=name,
                params=params,
                metric=percentile(unit.metric, share),
                launches=((value * unit.factor,),),
                level=Level.NONE,
            )


def _machine(result: Node) -> Machine:
    facts = {
        name: result.get(name).text()
        for name in ("jmhVersion", "jdkVersion", "vmName", "vmVersion")
        if result.get(name)
    }
    arguments = result.get("jvmArgs").value
    if type(arguments) is list and arguments:
        facts["jvmArgs"] = " ".join(map(str, arguments))
    jdk = facts.get("jdkVersion", "")
    return Machine(interpreter=f"{facts.get('vmName', 'JDK')} {jdk}" if jdk else "", facts=facts)


FORMATS = (
    Format(
        name="jmh",
        describes="JMH -rf json",
        proves=Proof.LAUNCHES,
        marks=(r'"primaryMetric"\s*:', r'"scoreUnit"\s*:', r'"mode"\s*:'),
        parse=each(read_json),
    ),
)
