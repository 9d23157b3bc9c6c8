"""Indices and stored runs that are as they should be, from bytes to points in one go.

An index of a thousand series and a hundred runs holds 100,000 points: looked at field by field
they take seconds, and every comparison waits for them. Here they are checked while they are
parsed, in compiled code. It only says "sound" or not; what is wrong, and where, is found out by
`perfci.schema.history` and `perfci.schema.stored`, which read the same documents.
"""

from functools import cache
from typing import Never

from pydantic_core import CoreSchema, SchemaValidator, ValidationError
from pydantic_core import core_schema as kind

from perfci.model.history import History, Point, StoredRun
from perfci.model.measurement import Clock
from perfci.model.metric import Better
from perfci.model.run import Environment
from perfci.model.verdict import Status
from perfci.schema.fields import moment


def load_sound(data: bytes, schema: str) -> History | None:
    """Return the index, or None where anything about it is not as perfci writes it.

    Args:
        data: JSON, not packed.
        schema: the only schema that is read here: `perfci.history/1`.
    """
    try:
        found = _index(schema).validate_json(data)
    except (ValidationError, _UnsoundError):
        return None
    return History(branch=found["branch"], runs=found["runs"], acceptances=found["acceptances"])


def load_sound_line(data: bytes, schema: str, inner: str) -> StoredRun | None:
    """Return the line of the index that a stored run makes, or None; its launches are passed over.

    Args:
        data: JSON, not packed.
        schema: the only schema that is read here: `perfci.stored/1`.
        inner: that of the run in it: `perfci.run/1`.
    """
    try:
        found = _stored(schema, inner).validate_json(data)
    except (ValidationError, _UnsoundError):
        return None
    run = found["run"]
    return StoredRun(
        id=run["id"],
        commit=run["commit"],
        started_at=run["started_at"],
        fingerprint=Environment(**run["environment"]).fingerprint,
        verdict=found["verdict"],
        points=found["points"],
        partial=run["partial"],
    )


class _UnsoundError(Exception):
    """The first thing that is wrong: nothing further is looked at."""


_TEXT = kind.str_schema(strict=True)
_WHOLE = kind.int_schema(strict=True)
_FLAG = kind.with_default_schema(kind.bool_schema(strict=True), default=False)


@cache
def _index(schema: str) -> SchemaValidator:
    run = _frozen(
        StoredRun,
        id=_TEXT,
        commit=_TEXT,
        started_at=_when(),
        fingerprint=_TEXT,
        verdict=_TEXT,
        points=_points(),
        partial=_FLAG,
    )
    acceptances = kind.with_default_schema(_several(_TEXT), default=())
    return SchemaValidator(
        _object(
            schema=kind.literal_schema([schema]),
            branch=_TEXT,
            runs=_several(run),
            acceptances=acceptances,
        )
    )


@cache
def _stored(schema: str, inner: str) -> SchemaValidator:
    environment = _object(cpu=_TEXT, cores=_WHOLE, kernel=_TEXT, runner=_TEXT, interpreter=_TEXT)
    run = _object(
        schema=kind.literal_schema([inner]),
        id=_TEXT,
        commit=_TEXT,
        started_at=_when(),
        environment=environment,
        partial=_FLAG,
    )
    return SchemaValidator(
        _object(
            schema=kind.literal_schema([schema]),
            verdict=kind.literal_schema([status.value for status in Status]),
            points=_points(),
            run=run,
        )
    )


def _points() -> CoreSchema:
    number = kind.float_schema(strict=True, allow_inf_nan=False)
    clock = kind.enum_schema(Clock, list(Clock), sub_type="str")
    better = kind.enum_schema(Better, list(Better), sub_type="str")
    point = _frozen(
        Point,
        centres=kind.dict_schema(_or_nothing(clock), _or_nothing(number)),
        clock=clock,
        spread=number,
        n=_WHOLE,
        unit=_TEXT,
        better=kind.with_default_schema(better, default=None),
        regressed=_FLAG,
        accepted=_FLAG,
    )
    return kind.dict_schema(_TEXT, _or_nothing(point))


def _object(**fields: CoreSchema) -> CoreSchema:
    """Return the schema of an object with these fields; others are passed over."""
    named = {name: kind.typed_dict_field(inside) for name, inside in fields.items()}
    return kind.typed_dict_schema(named, extra_behavior="ignore")


def _frozen(cls: type, **fields: CoreSchema) -> CoreSchema:
    """Return the schema of a frozen, slotted dataclass; unknown fields are passed over."""
    named = [kind.dataclass_field(name, inside, kw_only=True) for name, inside in fields.items()]
    arguments = kind.dataclass_args_schema(cls.__name__, named, extra_behavior="ignore")
    return kind.dataclass_schema(cls, arguments, list(fields), slots=True, frozen=True)


def _several(inside: CoreSchema) -> CoreSchema:
    return kind.tuple_schema([_or_nothing(inside)], variadic_item_index=0)


def _or_nothing(inside: CoreSchema) -> CoreSchema:
    """Return the schema that gives up at what is wrong.

    Else the errors of all that is wrong are collected: of 3 bytes each takes 2,800.
    """
    return kind.with_default_schema(inside, default_factory=_give_up, on_error="default")


def _give_up() -> Never:
    raise _UnsoundError


def _when() -> CoreSchema:
    return kind.no_info_after_validator_function(moment, _TEXT)
