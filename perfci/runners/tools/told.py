"""What a tool's results say, as the benchmarks of one launch."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

from perfci.errors import MeasurementError
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Launch, Measurement
from perfci.model.metric import Metric
from perfci.model.text import printable
from perfci.ports import LaunchOrder, Member
from perfci.readers.reading import Reading
from perfci.readers.recording import measured
from perfci.runners.failures import Subject

Launches = Callable[[Measurement], tuple[Launch, ...]]


def members(
    reading: Reading, order: LaunchOrder, subject: Subject, launches: Launches
) -> tuple[Member, ...]:
    """Return the benchmarks that a reading tells of.

    Args:
        reading: of all results of one side.
        order: of the launch.
        subject: whom errors are about.
        launches: of one series.

    Raises:
        MeasurementError: there is nothing in it that gates.
    """
    unit = order.benchmark
    measurements, failures = measured(reading, unit.id.suite)
    found: dict[BenchmarkId, list[Measurement]] = {}
    for it in measurements:
        found.setdefault(_within(it.id, unit.id), []).append(it)
    told = [
        Member(
            id=id_,
            metrics=tuple(it.metric for it in series),
            launches={it.metric.name: launches(it) for it in series},
        )
        for id_, series in found.items()
    ]
    told += [
        Member(id=_within(it.id, unit.id), metrics=it.metrics, failure=it.reason) for it in failures
    ]
    _insist_on_something(told, order, subject)
    return tuple(told)


def warnings(reading: Reading, unit: BenchmarkId) -> tuple[str, ...]:
    """Return what a tool left out, or left open, in sentences about the tool."""
    return tuple(printable(f"{unit}: {text}") for text in reading.left)


def in_settings(hint: str) -> str:
    """Return a reader's hint with the settings' word for a format in the command line's place."""
    return hint.replace("`--format ", "`read: ").replace("`--format`", "`read:`")


def as_one(order: LaunchOrder) -> Launches:
    """Return how the values of a series become one launch: the tool ran once."""

    def launches(it: Measurement) -> tuple[Launch, ...]:
        ((clock, _),) = it.launches[0].clocks.items()
        values = tuple(chain.from_iterable(each.clocks[clock] for each in it.launches))
        return (
            Launch(
                number=order.number,
                stage=order.stage,
                position=order.position,
                clocks={clock: values},
            ),
        )

    return launches


def _within(id_: BenchmarkId, unit: BenchmarkId) -> BenchmarkId:
    """Return a tool's benchmark with the parameters of the entry that runs the tool."""
    return replace(id_, params=tuple(sorted((*id_.params, *unit.params))))


def _insist_on_something(told: Sequence[Member], order: LaunchOrder, subject: Subject) -> None:
    wanted = set(getattr(order.benchmark.work, "metrics", ()))
    there: set[str] = {name.name for it in told for name in _names(it)}
    if not told:
        raise subject.error("measured nothing", hint="was anything selected when the tool ran?")
    if wanted and any(not it.failure for it in told) and not wanted & there:
        raise _none_of(wanted, there, subject)


def _names(member: Member) -> tuple[Metric, ...]:
    return member.metrics


def _none_of(wanted: set[str], there: set[str], subject: Subject) -> MeasurementError:
    return subject.error(
        "measured none of its `metrics`",
        after=f": {', '.join(sorted(wanted))}",
        hint=f"what there is: {', '.join(sorted(there))}",
    )
