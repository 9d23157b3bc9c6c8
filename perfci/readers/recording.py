"""What other tools' files say, as a run of ours: one side of a comparison, or a stored run."""

import math
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from perfci.model.given import Given
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Failure, Measurement, Side
from perfci.model.metric import Metric, built_in
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.model.text import printable
from perfci.readers.naming import harmless, identity
from perfci.readers.reading import Broken, Found, Level, Machine, Packed, Reading

_Launches = Sequence[tuple[float, ...]]
_UNKNOWN = "processor not known"
_FROM_0 = {"s", "B", "count", "1/s", "B/s"}
"""Units of times, sizes, counts and rates: nothing takes less than no time."""
_BESIDE: Mapping[Level, tuple[str, ...]] = {
    Level.PROCESS: (),
    Level.REPETITION: (
        (
            "its launches are repetitions within one process, which are more alike than fresh "
            "processes would be"
        ),
    ),
    Level.ITERATION: (
        "its values are rounds of one process: they do not tell how far launches differ",
    ),
    Level.NONE: (
        (
            "its file has one number of it and no raw values: it is judged by ratio or by history "
            "alone"
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """How a reading becomes a run."""

    suite: str = "default"
    """Of all its benchmarks."""
    tool: str
    """The format's name."""
    run_id: str
    moment: datetime
    """Aware; taken for the time of measuring where the file names none."""


def measured(reading: Reading, suite: str) -> tuple[tuple[Measurement, ...], tuple[Failure, ...]]:
    """Return what a tool measured, and what it could not.

    What several files say of one series becomes its launches.

    Args:
        reading: of one or more files of one tool.
        suite: of all its benchmarks.
    """
    gathered = _Gathered(suite=suite)
    for broken in reading.broken:
        gathered.fail(broken)
    for item in reading.found:
        gathered.add(item)
    return tuple(gathered.measurements()), tuple(gathered.failures.values())


def recording_of(reading: Reading, how: Import) -> Recording:
    """Return the run of a tool, as if perfci itself had recorded it."""
    measurements, failures = measured(reading, how.suite)
    run = Run(
        id=how.run_id,
        commit=printable(reading.commit, limit=80),
        branch=printable(reading.branch, limit=300),
        started_at=reading.started_at or how.moment,
        environment=environment_of(reading.machine, how.tool),
        measurements=measurements,
        failures=failures,
        warnings=(*map(printable, reading.left), *_told(measurements, reading.found, how.tool)),
    )
    return Recording(
        project="",
        version="",
        mode=Mode.RECORD,
        mode_reason=f"results of {how.tool}",
        seed=0,
        rounds=None,
        head=Revision(commit=run.commit, ref=run.branch),
        base=None,
        run=run,
        base_run=None,
    )


def environment_of(machine: Machine, tool: str) -> Environment:
    """Return what a file says of the machine; never equal to one that perfci measured on.

    Without a processor's name nothing is shown of it: that is how results of unknown origin look.
    Of versions it keeps what `Environment` has: a runner's kernel is patched every few days.
    """
    told = machine.cores or machine.kernel
    return Environment(
        cpu=printable(machine.cpu, limit=120) or (_UNKNOWN if told else ""),
        cores=max(machine.cores, 0),
        kernel=_version(machine.kernel),
        runner=f"as {tool} tells",
        interpreter=_version(machine.interpreter),
        facts={printable(k, limit=80): printable(v, limit=300) for k, v in machine.facts.items()},
    )


def _version(text: str) -> str:
    """Return a name with its first version as major.minor: `Linux 6.8.0-45-generic` is 6.8."""
    return re.sub(r"(\d+\.\d+)[^\s]*", r"\1", printable(text, limit=120), count=1)


@dataclass(slots=True, kw_only=True)
class _Gathered:
    suite: str
    kept: dict[tuple[BenchmarkId, str], tuple[Found, list[_Launches]]] = field(default_factory=dict)
    failures: dict[BenchmarkId, Failure] = field(default_factory=dict)

    def add(self, item: Found) -> None:
        id_ = identity(self.suite, item.name, item.params)
        metric = harmless(item.metric)
        fault = _fault(item.launches, metric)
        if fault:
            self._fail(id_, f"its {metric.name} has {fault}", (metric,))
            return
        if metric is not item.metric:
            item = replace(item, metric=metric)
        key = (id_, metric.name)
        fresh = (item, [item.launches])
        known = self.kept.setdefault(key, fresh)
        if known is fresh:
            return
        first, parts = known
        if (first.name, first.params) != (item.name, item.params):
            self._fail(id_, "more than one benchmark comes to this name", (item.metric,))
        elif first.metric != item.metric:
            text = f"its {item.metric.name} is in {first.metric.unit} and in {item.metric.unit}"
            self._fail(id_, printable(f"{text}, or better in two directions"), (item.metric,))
        else:
            parts.append(item.launches)

    def fail(self, broken: Broken) -> None:
        id_ = identity(self.suite, broken.name, broken.params)
        metrics = tuple(map(harmless, broken.metrics))
        self._fail(id_, printable(broken.reason, limit=2000), metrics)

    def _fail(self, id_: BenchmarkId, reason: str, metrics: tuple[Metric, ...]) -> None:
        known = self.failures.get(id_)
        if known is None:
            self.failures[id_] = Failure(id=id_, side=Side.HEAD, reason=reason, metrics=metrics)
        else:
            together = tuple(dict.fromkeys((*known.metrics, *metrics)))
            self.failures[id_] = replace(known, metrics=together)

    def measurements(self) -> Iterator[Measurement]:
        for (id_, _), (item, parts) in self.kept.items():
            # one that failed in part is told as failed, whatever else there is of it
            if not self.failures or id_ not in self.failures:
                yield _measurement(id_, item, parts)


def _fault(launches: _Launches, metric: Metric) -> str:
    """Say what is wrong with values; empty where each can be one, and each launch has one."""
    if not launches or not all(launches.sizes if isinstance(launches, Packed) else launches):
        return "no value"
    # a sum is finite only where all of it is
    if math.isfinite(sum(_values(launches))) and min(_values(launches)) >= 0.0:
        return ""
    signed = _may_be_below_0(metric)
    for number, values in enumerate(launches, start=1):
        for place, value in enumerate(values, start=1):
            if not math.isfinite(value):
                wrong = f"the value {value}"
            elif value < 0.0 and not signed:
                wrong = f"the value {value:g} {metric.unit}, and no {metric.name} is below 0"
            else:
                continue
            alone = len(launches) == len(values) == 1
            where = f": launch {number} of {len(launches)}, value {place} of {len(values)}"
            return wrong if alone else wrong + where
    return ""


def _may_be_below_0(metric: Metric) -> bool:
    known = built_in(metric.name)
    return metric.unit not in _FROM_0 and (known is None or known.unit != metric.unit)


def _values(launches: _Launches) -> Iterable[float]:
    if isinstance(launches, Packed):
        return launches.values
    return launches[0] if len(launches) == 1 else chain.from_iterable(launches)


def _measurement(id_: BenchmarkId, item: Found, parts: Sequence[_Launches]) -> Measurement:
    clock = Clock.WALL if item.metric.timed else Clock.VALUE
    return Measurement(
        id=id_,
        metric=item.metric,
        launches=_packed(clock, parts[0] if len(parts) == 1 else [*chain.from_iterable(parts)]),
        iterations=max(item.iterations, 1),
        details=_BESIDE[item.level] if len(parts) == 1 else (),
        given=True,
    )


def _packed(clock: Clock, launches: _Launches) -> Given:
    if isinstance(launches, Packed):
        sizes = launches.sizes or array("q", (1,)) * len(launches)
        return Given.packed(clock, launches.values, sizes)
    return Given(clock, launches)


def _told(measurements: Sequence[Measurement], found: Iterable[Found], tool: str) -> Iterator[str]:
    """Say once how weak the evidence is, where the file holds less than launches."""
    levels = [item.level for item in found]
    bare = levels.count(Level.NONE)
    if bare and measurements:
        which = f"{bare} of the {len(levels)} series that {tool} measured"
        who = f"what {tool} wrote has" if bare == len(levels) else f"{which} have"
        yield f"{who} no raw values: it can be judged by ratio or by history alone"
