"""What the parts of a run have to do with one another: one that contradicts itself is refused.

Each alone is sound; together they would be read in one of two ways, and one may be a pass.
"""

from collections.abc import Sequence

from perfci.model.measurement import Launch, Measurement
from perfci.model.revision import Mode
from perfci.schema.fields import Fields


def insist_on_launches(fields: Fields, launches: Sequence[Launch]) -> None:
    """Make sure that a measurement has launches, and each a number of its own.

    By their numbers the launches of the two sides are joined.

    Raises:
        FormatError: it has none, or two of one number.
    """
    if not launches:
        raise fields.wrong("launches", "holds not one launch")
    seen: set[int] = set()
    for place, launch in enumerate(launches):
        if launch.number in seen:
            problem = f"is {launch.number}, which an earlier launch is called, too"
            raise fields.wrong(f"rounds[{place}].number", problem)
        seen.add(launch.number)


def insist_on_one_each(fields: Fields, measurements: Sequence[Measurement]) -> None:
    """Make sure that a side was measured once for each series.

    Raises:
        FormatError: two measurements are of one series.
    """
    seen: dict[str, int] = {}
    for place, measurement in enumerate(measurements):
        first = seen.setdefault(measurement.key, place)
        if first != place:
            problem = f"is of {measurement.key}, and so is measurements[{first}]"
            raise fields.wrong(f"measurements[{place}]", problem)


def insist_on_base(fields: Fields, mode: Mode) -> None:
    """Make sure that base was measured where the mode says so, and only there.

    Raises:
        FormatError: it is missing, and all would be new; or it would be passed over in silence.
    """
    base = fields.group_or_none("base")
    there = base is not None and base.has("measurements")
    if mode is Mode.PAIRED and not there:
        raise fields.wrong("base.measurements", "is missing, though mode is paired")
    if mode in {Mode.HISTORY, Mode.RECORD} and there:
        raise fields.wrong("base.measurements", f"is there, though mode is {mode}")
