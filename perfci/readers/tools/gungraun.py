"""gungraun, formerly iai-callgrind: its summaries as JSON, in the versions 4 to 7 of their schema.

`--output-format=json` prints one a line, `pretty-json` one over many, both among what cargo
prints; `--save-summary` writes each to a file of its own. A benchmark is its module path and, as
a parameter, its id; the description beside them may change and is not read. Each is compared with
the run before: only the new value counts.
"""

from collections.abc import Iterator

from pydantic_core import from_json

from perfci.errors import FormatError
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_tree import Node
from perfci.readers.reading import Broken, Found, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines
from perfci.readers.tools.valgrind import counts


def read_json(source: Source) -> Reading:
    """Read summaries.

    Raises:
        FormatError: one is damaged, or there is none.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    for summary in _summaries(source):
        name, params = summary.need("module_path").text(), _params(summary)
        measured = [
            item for profile in summary.get("profiles") for item in _profile(profile, name, params)
        ]
        if not measured:
            reason = "none of its counts is one that perfci reads"
            broken.append(Broken(name=name, params=params, reason=reason))
        found += measured
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), broken=tuple(broken))


def _params(summary: Node) -> Params:
    id_ = summary.get("id").text()
    return (("id", id_),) if id_ else ()


def _profile(profile: Node, name: str, params: Params) -> Iterator[Found]:
    inside = profile.get("summaries").get("total").get("summary")
    events = [metrics for _, metrics in inside.items()]
    if not events:  # as of version 7
        events = [profile.get("data").get("total").get("metrics")]
    values = {}
    for metrics in events:
        for event, result in metrics.items():
            new = _new(result)
            if new is not None:
                values[event] = new
    yield from counts(name, params, profile.need("tool").text(), values)


def _new(result: Node) -> float | None:
    """Return the value of this run; None where only the one before has one."""
    sides = result.get("metrics") or result.get("values")
    found = sides.get("Left") or next(iter(sides.get("Both")), sides.get("new"))
    for inside in (found.get("Int"), found.get("Float"), found.get("value"), found):
        if type(inside.value) in {int, float}:
            return inside.number()
    return None


def _summaries(source: Source) -> Iterator[Node]:
    """Yield the summaries among the lines of a file."""
    block: list[str] = []
    started, closing = 0, ""
    for at, text in lines(source):
        if not block and text.strip() in {"{", "[{"}:
            block, started, closing = [text], at, text.rstrip("[{") + "}"
        elif block:
            block.append(text)
            if text.startswith(closing) and text.strip() in {"}", "},"}:
                yield from _parsed(source, started, "\n".join(block))
                block = []
        elif text.lstrip().startswith('{"'):
            yield from _parsed(source, at, text)
    if block:
        yield from _parsed(source, started, "\n".join(block))


def _parsed(source: Source, line: int, text: str) -> Iterator[Node]:
    ours = '"module_path"' in text
    try:
        value = from_json(text.strip().strip("[,")) if ours else None
    except ValueError as error:
        raise FormatError(
            f"{source.name}: the summary at line {line} is not valid JSON: {str(error)[:160]}",
            hint="The file is cut off or damaged; let gungraun write it again.",
        ) from None
    if ours:
        yield Node(value, f"{source.name}, summary at line {line}")


FORMATS = (
    Format(
        name="gungraun",
        describes="gungraun (iai-callgrind) --output-format=json, pretty-json; summary.json",
        proves=Proof.LAUNCHES,
        marks=(r'"module_path"\s*:\s*"', r'"profiles"\s*:\s*\[', r'"(baselines|package_dir)"\s*:'),
        files="*summary.json",
        parse=each(read_json),
    ),
)
