"""What the parts of a run have to do with one another: one that contradicts itself is refused.

Each alone is sound; together they would be read in one of two ways, and one may be a pass.
"""

from collections.abc import Iterable, Sequence

from perfci.model.given import Given
from perfci.model.measurement import Launch, Measurement, Side, Stage
from perfci.model.revision import Mode
from perfci.model.run import Run
from perfci.model.text import printable
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


def insist_on_screening(fields: Fields, measurement: Measurement) -> None:
    """Make sure that a series that decides has launches from before it was suspected.

    Those that confirm are never counted without: it would be inconclusive, and pass.

    Raises:
        FormatError: all of its launches confirm.
    """
    if not measurement.gated or isinstance(measurement.launches, Given):
        return  # what another tool has measured was never suspected
    if all(launch.stage is Stage.CONFIRM for launch in measurement.launches):
        problem = "are all of stage confirm, though only what was screened is confirmed"
        raise fields.wrong("rounds", problem)


def insist_on_one_each(fields: Fields, keys: Iterable[str]) -> None:
    """Make sure that a side was measured once for each series.

    Args:
        fields: of the side.
        keys: of its measurements, in their order.

    Raises:
        FormatError: two measurements are of one series.
    """
    seen: dict[str, int] = {}
    for place, key in enumerate(keys):
        first = seen.setdefault(key, place)
        if first != place:
            problem = f"is of {key}, and so is measurements[{first}]"
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


def insist_on_broken_base(fields: Fields, base: Run | None, mode: Mode) -> None:
    """Make sure that what base could not run is not what it has run.

    Of such a benchmark head alone would be judged, and base's launches passed over.

    Raises:
        FormatError: base has measurements of it, or it is said of head.
    """
    if base is None or mode is not Mode.PAIRED:
        return
    measured = {measurement.id for measurement in base.measurements}
    for place, failure in enumerate(base.failures):
        if failure.side is not Side.BASE:
            raise fields.wrong(f"base.failures[{place}].side", f"is {failure.side}, not base")
        if failure.id in measured:
            name = printable(str(failure.id), limit=120)
            problem = f"says that base cannot run {name}, which it has measurements of"
            raise fields.wrong(f"base.failures[{place}]", problem)
