"""`perfci.history/1`: the index of a branch's recent runs; a comparison reads no more than this."""

from collections.abc import Mapping

from perfci.errors import FormatError
from perfci.model.history import History, Point, StoredRun
from perfci.model.measurement import Clock
from perfci.model.metric import Better
from perfci.schema.document import decode, encode, schema_of
from perfci.schema.fields import Fields, finite
from perfci.schema.packed import unpack
from perfci.schema.parts import Json
from perfci.schema.sound_history import load_sound

KIND = "perfci.history"

_NAMES = {clock: clock.value for clock in Clock}  # asked for 400,000 times in a large index


def dump(history: History) -> bytes:
    """Return the index as compact JSON.

    Raises:
        FormatError: a point is NaN or infinite; JSON has no such number.
    """
    runs = [_dump_stored(run) for run in history.runs]
    document = {"schema": schema_of(KIND), "branch": history.branch, "runs": runs}
    return encode(document | {"acceptances": list(history.acceptances)})


def load(data: bytes, source: str) -> History:
    """Return what `dump` wrote; `source` is the file's name, for messages.

    Raises:
        FormatError: damaged, foreign, or (NewerVersionError) of a newer perfci.
    """
    data = unpack(data, source)
    sound = load_sound(data, schema_of(KIND))
    if sound is not None:
        return sound
    fields = decode(data, source, KIND)
    runs = tuple(_load_stored(run) for run in fields.groups("runs"))
    return History(branch=fields.text("branch"), runs=runs, acceptances=fields.texts("acceptances"))


def dump_points(points: Mapping[str, Point]) -> Json:
    """Return the points by series key; `centre`, in the deciding clock, is for other readers.

    Raises:
        FormatError: a point is NaN or infinite.
    """
    found = {}
    for key, point in points.items():
        if not finite((point.spread, *point.centres.values())):
            hint = "Report this: perfci must not come to such a value."
            raise FormatError(f"the point of {key} is no number", hint=hint)
        found[key] = {
            "n": point.n,
            "centre": point.centres.get(point.clock),
            "centres": {_NAMES[clock]: centre for clock, centre in point.centres.items()},
            "clock": _NAMES[point.clock],
            "spread": point.spread,
            "unit": point.unit,
            "regressed": point.regressed,
        }
        if point.better:
            found[key]["better"] = point.better.value
        if point.accepted:  # rare: an index of a thousand series does not say no a thousand times
            found[key]["accepted"] = True
    return found


def load_points(fields: Fields, name: str = "points") -> dict[str, Point]:
    """Return the points by series key."""
    return {key: _load_point(point) for key, point in fields.members(name).items()}


def _load_point(fields: Fields) -> Point:
    centres = fields.group("centres")
    return Point(
        centres={clock: centres.number(clock) for clock in Clock if centres.has(clock)},
        clock=fields.choice("clock", Clock),
        spread=fields.number("spread"),
        n=fields.whole("n"),
        unit=fields.text("unit"),
        better=fields.choice_or_none("better", Better),
        regressed=fields.flag("regressed"),
        accepted=fields.flag("accepted"),
    )


def _dump_stored(run: StoredRun) -> Json:
    return {
        "id": run.id,
        "commit": run.commit,
        "started_at": run.started_at.isoformat(),
        "fingerprint": run.fingerprint,
        "verdict": run.verdict,
        "points": dump_points(run.points),
        **({"partial": True} if run.partial else {}),
    }


def _load_stored(fields: Fields) -> StoredRun:
    return StoredRun(
        id=fields.text("id"),
        commit=fields.text("commit"),
        started_at=fields.moment("started_at"),
        fingerprint=fields.text("fingerprint"),
        verdict=fields.text("verdict"),
        points=load_points(fields),
        partial=fields.flag("partial"),
    )
