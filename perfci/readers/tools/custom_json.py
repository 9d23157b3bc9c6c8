"""perfci's own JSON for programs that measure by themselves: `docs/formats.md` describes it.

`value` is one number, `values` are those of one process, `launches` are lists of values, one list a
fresh process. Names that are not known are refused: a misspelt one would change what is measured.
"""

from collections.abc import Sequence
from datetime import datetime

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.readers.counts import count_of
from perfci.readers.custom_metric import UNITS_OF_SHARES, better_of, custom_quantity
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import unambiguous_json_of
from perfci.readers.json_tree import Node, are_floats
from perfci.readers.quantity import Quantity
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled

_ROOT = {"schema", "results", "commit", "branch", "time", "machine"}
_VALUES = ("value", "values", "launches")
_RESULT = {"name", "params", "metric", "unit", "better", "iterations", "error", *_VALUES}


def read(source: Source) -> Reading:
    """Read one file.

    Raises:
        FormatError: damaged, with a name that is not known, or no result in it.
    """
    root = unambiguous_json_of(source, "schema", "results")
    _known(root, _ROOT)
    found: list[Found] = []
    broken: list[Broken] = []
    for result in root.need("results"):
        _known(result, _RESULT)
        name = result.need("name").text("unnamed")
        params = tuple(
            (key, node.text(str(node.value))) for key, node in result.get("params").items()
        )
        if result.get("error"):
            error = result.get("error").text("it failed")
            broken.append(Broken(name=name, params=params, reason=error))
        else:
            found.append(_found(result, name, params))
    if not found and not broken:
        raise nothing_in(source, "results")
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=_machine(root.get("machine")),
        commit=root.get("commit").text(),
        branch=root.get("branch").text(),
        started_at=_time(root.get("time")),
    )


def _known(node: Node, names: set[str]) -> None:
    for name, inside in node.items():
        if name not in names:
            raise inside.wrong(f"one of {', '.join(sorted(names))}: that name is not known")


def _found(result: Node, name: str, params: Params) -> Found:
    given = [key for key in _VALUES if result.get(key).value is not None]
    if len(given) != 1:
        raise result.wrong("a result with either value, values or launches, or with an error")
    what = _what(result)
    values = result.get(given[0])
    if given[0] == "launches":
        launches = _launches(values)
    else:
        launches = [values.numbers() if given[0] == "values" else (values.number(),)]
    factor = what.factor
    levels = {"value": Level.NONE, "values": Level.ITERATION, "launches": Level.PROCESS}
    return Found(
        name=name,
        params=params,
        metric=what.metric,
        launches=tuple([tuple([value * factor for value in launch]) for launch in launches]),
        level=levels[given[0]],
        iterations=count_of(result.get("iterations")) or 1,
    )


def _launches(values: Node) -> Sequence[Sequence[float]]:
    """Return the values of each launch; a number that stands alone is a launch of one."""
    plain = values.plain_list()
    if are_floats(plain):
        return plain
    return [each.numbers() if type(each.value) is list else (each.number(),) for each in values]


def _what(result: Node) -> Quantity:
    better = _better(result.get("better"))
    try:
        return custom_quantity(result.get("metric").text(), result.get("unit").text(), better)
    except ValueError as error:
        where = f"{result.source}: {result.place}"
        raise FormatError(f"{where}: {error}", hint=UNITS_OF_SHARES) from None


def _better(told: Node) -> Better | None:
    try:
        return better_of(told.text()) if told else None
    except KeyError:
        raise told.wrong("lower or higher") from None


def _time(told: Node) -> datetime | None:
    if told.value is None:
        return None
    found = spelled(told.text())
    if found is None:
        raise told.wrong("a time of ISO 8601 in the years 2 to 9998")
    return found


def _machine(told: Node) -> Machine:
    _known(told, {"cpu", "cores", "kernel", "interpreter"})
    return Machine(
        cpu=told.get("cpu").text(),
        cores=count_of(told.get("cores")) or 0,
        kernel=told.get("kernel").text(),
        interpreter=told.get("interpreter").text(),
    )


FORMATS = (
    Format(
        name="custom-json",
        describes='JSON of your own: {"schema": "perfci.custom/1", "results": [...]}',
        proves=Proof.LAUNCHES,
        marks=(r'"schema"\s*:\s*"perfci\.custom/1"', r'"results"\s*:\s*\['),
        parse=each(read),
    ),
)
