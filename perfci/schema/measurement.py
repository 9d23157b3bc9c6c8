"""One measurement of a `run.json`: a series with the launches of one side."""

from typing import Any

from perfci.errors import FormatError
from perfci.model.given import Given
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.model.metric import Metric
from perfci.schema.coherent import insist_on_launches, insist_on_screening
from perfci.schema.fields import Fields, finite
from perfci.schema.parts import Json, dump_series, load_series

_BEST_FIRST = (Clock.NET, Clock.WALL, Clock.CPU, Clock.VALUE)


def _default_clock(metric: Metric) -> Clock:
    return Clock.WALL if metric.timed else Clock.VALUE


def _best_clock(metric: Metric, launches: tuple[Launch, ...]) -> Clock:
    """Return the first clock that most launches were read in; ties go to the better one."""
    read = [(sum(clock in launch.clocks for launch in launches), clock) for clock in _BEST_FIRST]
    count, clock = max(read, key=lambda found: found[0])
    return clock if count else _default_clock(metric)


def dump_measurement(measurement: Measurement) -> Json:
    """Return a measurement as it is written.

    Raises:
        FormatError: a value is NaN or infinite; JSON has no such number.
    """
    # those of another tool are made anew each time they are gone through
    launches = tuple(measurement.launches)
    clock = _best_clock(measurement.metric, launches)
    for launch in launches:
        if not (finite(launch.delay) and all(map(finite, launch.clocks.values()))):
            message = f"launch {launch.number} of {measurement.key} holds a value that is no number"
            raise FormatError(message, hint="Report this: perfci must not measure such a value.")
    return dump_series(measurement.id, measurement.metric) | {
        "clock": clock.value,
        "gated": measurement.gated,
        "sensitivity": measurement.sensitivity,
        "iterations": measurement.iterations,
        "warmups": measurement.warmups,
        **({"definition": measurement.definition} if measurement.definition else {}),
        **({"seconds_per_launch": measurement.pace} if measurement.pace is not None else {}),
        **({"details": list(measurement.details)} if measurement.details else {}),
        **({"given": True} if measurement.given else {}),
        "launches": [launch.clocks.get(clock, ()) for launch in launches],
        "rounds": [_dump_round(launch, clock) for launch in launches],
    }


def _dump_round(launch: Launch, clock: Clock) -> Json:
    found: Json = {
        "number": launch.number,
        "stage": launch.stage.value,
        "position": launch.position,
        "whole": launch.whole,
    }
    for other, values in launch.clocks.items():
        if other is not clock or other is Clock.WALL:
            found[other.value] = values
    if launch.delay:
        found["delay"] = launch.delay
    return found


def load_measurement(fields: Fields) -> tuple[str, Measurement]:
    """Return a measurement and its key, which takes long to put together.

    Raises:
        FormatError: it is damaged, or contradicts itself.
    """
    key, benchmark, metric = load_series(fields)
    clock = fields.choice("clock", Clock, _default_clock(metric))
    if not fields.has("launches"):
        raise fields.wrong("launches", "is missing")
    launches = fields.items("launches")
    given = fields.flag("given")
    loaded = (_packed(fields, clock, launches) if given else None) or _launches(
        fields, clock, launches
    )
    measurement = Measurement(
        id=benchmark,
        metric=metric,
        launches=loaded,
        iterations=fields.whole("iterations", 1, least=1),
        warmups=fields.whole("warmups", 0, least=0),
        gated=fields.flag("gated", default=True),
        details=fields.texts("details"),
        sensitivity=_share(fields, "sensitivity"),
        definition=fields.text("definition", ""),
        pace=fields.seconds_or_none("seconds_per_launch"),
        given=given,
    )
    insist_on_screening(fields, measurement)
    return key, measurement


def _packed(fields: Fields, clock: Clock, launches: list[Any]) -> Given | None:
    """Return launches of another tool; None where they are not as such are always written."""
    rounds = fields.items("rounds")
    if not launches or len(rounds) != len(launches) or not all(launches):
        return None
    for at, (each, values) in enumerate(zip(rounds, launches, strict=True)):
        usual: Json = {"number": at + 1, "stage": "screen", "position": at, "whole": True}
        if clock is Clock.WALL:
            usual["wall"] = values
        if each != usual or not _of_right_kinds(each):
            return None
    loaded = [fields.values(values, f"launches[{at}]") for at, values in enumerate(launches)]
    return Given(clock, loaded)


def _of_right_kinds(usual: Json) -> bool:
    """Return whether what equals a usual round has no 1 for true in it, nor true for 1."""
    return usual["whole"] is True and type(usual["number"]) is type(usual["position"]) is int


def _launches(fields: Fields, clock: Clock, launches: list[Any]) -> tuple[Launch, ...]:
    rounds = fields.groups("rounds")
    if not fields.has("rounds"):
        order = range(len(launches))
        rounds = (Fields({"number": i + 1, "position": i}, fields.source) for i in order)
    elif (told := len(fields.items("rounds"))) != len(launches):
        raise fields.wrong("rounds", f"has {told} entries for {len(launches)} launches")
    loaded = tuple(
        _load_launch(fields, place, clock, each, values)
        for place, (each, values) in enumerate(zip(rounds, launches, strict=True))
    )
    insist_on_launches(fields, loaded)
    return loaded


def _load_launch(fields: Fields, place: int, clock: Clock, each: Fields, deciding: Any) -> Launch:
    values = fields.values(deciding, f"launches[{place}]")
    clocks = {clock: values} if values else {}
    # straight from the object: this runs once a launch, and there are hundreds of thousands
    raw = each.raw
    for other in _BEST_FIRST:
        if other is not clock and (read := raw.get(other)) is not None:
            clocks[other] = each.values(read, other)
    if len({len(of_clock) for of_clock in clocks.values()}) != 1:
        raise fields.wrong(f"launches[{place}]", "has no values, or not as many in each clock")
    waited = raw.get("delay")
    return Launch(
        number=each.whole("number", least=1),
        stage=each.choice("stage", Stage, Stage.SCREEN),
        position=each.whole("position", least=0),
        clocks=clocks,
        delay=() if waited is None else each.values(waited, "delay"),
        whole=each.flag("whole", default=True),
    )


def _share(fields: Fields, name: str) -> float | None:
    """Return a number in (0, 1]: a file must not make its reader blind."""
    share = fields.number_or_none(name)
    if share is not None and not 0 < share <= 1:
        raise fields.wrong(name, "is not in (0, 1]")
    return share
