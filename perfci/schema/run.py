"""`perfci.run/1`: run.json, all that was measured in one job, with every raw value.

A side is its `revision`, its run's fields and its `measurements`; head's stand at the root,
base's under `base`. A measurement's `launches` are its values in the clock named by `clock`,
one list a launch; `rounds[i]` holds launch i's stage and place, its other clocks and, always,
its wall time where that was read.
"""

from dataclasses import replace
from typing import Any

from perfci.errors import FormatError
from perfci.model.given import Given
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.model.metric import Metric
from perfci.model.run import Recording, Run
from perfci.schema.coherent import (
    insist_on_base,
    insist_on_broken_base,
    insist_on_launches,
    insist_on_one_each,
    insist_on_screening,
)
from perfci.schema.document import check_schema, decode, encode, schema_of
from perfci.schema.fields import Fields, finite
from perfci.schema.parts import (
    Json,
    dump_job,
    dump_revision,
    dump_run,
    dump_series,
    load_job,
    load_run,
    load_series,
)
from perfci.schema.shard import dump_shard, load_shard

KIND = "perfci.run"

_BEST_FIRST = (Clock.NET, Clock.WALL, Clock.CPU, Clock.VALUE)


def dump(recording: Recording) -> bytes:
    """Return run.json: compact JSON with one line break, at its end.

    Raises:
        FormatError: a value is NaN or infinite; JSON has no such number.
    """
    return encode(to_document(recording))


def load(data: bytes, source: str) -> Recording:
    """Return what `dump` wrote; `source` is the file's name, for messages.

    The contract's fields are enough: what else is missing is taken as unknown.

    Raises:
        FormatError: damaged, foreign, or (NewerVersionError) of a newer perfci.
    """
    return from_fields(decode(data, source, KIND))


def to_document(recording: Recording) -> Json:
    """Return run.json before it is encoded."""
    base: Json | None = None
    if recording.base is not None or recording.base_run is not None:
        base = {"revision": dump_revision(recording.base)}
        if recording.base_run is not None:
            base |= _dump_side(recording.base_run)
    return {
        "schema": schema_of(KIND),
        **dump_job(recording),
        **({"shard": dump_shard(recording.shard)} if recording.shard else {}),
        "revision": dump_revision(recording.head),
        **_dump_side(recording.run),
        "base": base,
    }


def from_fields(fields: Fields) -> Recording:
    """Return the recording of a document that is already decoded.

    Raises:
        FormatError: as `load`.
    """
    check_schema(fields, KIND)
    base = fields.group_or_none("base")
    recording = load_job(
        fields,
        head=fields.group_or_none("revision"),
        base=base.group_or_none("revision") if base else None,
        run=_load_side(fields),
        base_run=_load_side(base, fields) if base and base.has("measurements") else None,
    )
    insist_on_base(fields, recording.mode)
    insist_on_broken_base(fields, recording.base_run, recording.mode)
    return replace(recording, shard=load_shard(fields.group_or_none("shard")))


def _dump_side(run: Run) -> Json:
    return dump_run(run) | {"measurements": [_dump_measurement(each) for each in run.measurements]}


def _load_side(fields: Fields, outer: Fields | None = None) -> Run:
    if not fields.has("measurements"):
        raise fields.wrong("measurements", "is missing")
    measurements = tuple(map(_load_measurement, fields.groups("measurements")))
    insist_on_one_each(fields, measurements)
    return load_run(fields, measurements, outer=outer)


def _default_clock(metric: Metric) -> Clock:
    return Clock.WALL if metric.timed else Clock.VALUE


def _best_clock(measurement: Measurement) -> Clock:
    """Return the first clock that most launches were read in; ties go to the better one."""
    read = [
        (sum(clock in launch.clocks for launch in measurement.launches), clock)
        for clock in _BEST_FIRST
    ]
    count, clock = max(read, key=lambda found: found[0])
    return clock if count else _default_clock(measurement.metric)


def _dump_measurement(measurement: Measurement) -> Json:
    clock = _best_clock(measurement)
    for launch in measurement.launches:
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
        "launches": [launch.clocks.get(clock, ()) for launch in measurement.launches],
        "rounds": [_dump_round(launch, clock) for launch in measurement.launches],
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


def _load_measurement(fields: Fields) -> Measurement:
    benchmark, metric = load_series(fields)
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
    return measurement


def _packed(fields: Fields, clock: Clock, launches: list[Any]) -> Given | None:
    """Return launches of another tool; None where they are not as such are always written."""
    beside = "wall" if clock is Clock.WALL else None
    usual = [
        {"number": at + 1, "stage": "screen", "position": at, "whole": True}
        | ({beside: each} if beside else {})
        for at, each in enumerate(launches)
    ]
    if not (launches and all(launches)) or fields.items("rounds") != usual:
        return None
    values = (fields.values(each, f"launches[{at}]") for at, each in enumerate(launches))
    return Given(clock, tuple(values))


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
