"""`perfci.run/1`: run.json, all that was measured in one job, with every raw value.

A side is its `revision`, its run's fields and its `measurements`; head's stand at the root,
base's under `base`. A measurement's `launches` are its values in the clock named by `clock`,
one list a launch; `rounds[i]` holds launch i's stage and place, its other clocks and, always,
its wall time where that was read.
"""

from dataclasses import replace

from perfci.model.run import Recording, Run
from perfci.schema.coherent import insist_on_base, insist_on_broken_base, insist_on_one_each
from perfci.schema.document import check_schema, encode, load_in_pieces, schema_of
from perfci.schema.fields import Fields
from perfci.schema.measurement import dump_measurement, load_measurement
from perfci.schema.parts import Json, dump_job, dump_revision, dump_run, load_job, load_run
from perfci.schema.shard import dump_shard, load_shard

KIND = "perfci.run"


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
    return load_in_pieces(data, source, KIND, from_fields)


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
    return dump_run(run) | {"measurements": [dump_measurement(each) for each in run.measurements]}


def _load_side(fields: Fields, outer: Fields | None = None) -> Run:
    if not fields.has("measurements"):
        raise fields.wrong("measurements", "is missing")
    loaded = [*map(load_measurement, fields.groups("measurements"))]
    insist_on_one_each(fields, (key for key, _ in loaded))
    return load_run(fields, tuple(each for _, each in loaded), outer=outer)
