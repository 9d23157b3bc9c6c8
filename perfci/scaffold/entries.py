"""What was found, as the settings file holds it: in YAML, or in TOML for who has that."""

from collections.abc import Callable, Iterator

from perfci.scaffold.found import Found
from perfci.scaffold.survey import Survey


def in_yaml(survey: Survey, quote: Callable[[object], str]) -> list[str]:
    """Return the lines that build and name the benchmarks, with those that say what is left out.

    Args:
        survey: benchmarks and set-up.
        quote: turns a text, or a list of texts, into YAML.
    """
    lines = []
    if survey.setup:
        lines += ["# once in base and once in head, before measuring"]
        lines += [f"setup: {quote(survey.setup)}", ""]
    if survey.interpreter:
        lines += [f"interpreter: {quote(survey.interpreter)}", ""]
    lines.append("benchmarks:")
    remark = ""
    for item in survey.benchmarks:
        if item.remark and item.remark != remark:
            lines.append(f"  # {item.remark}")
        remark = item.remark
        first, *others = (f"{key}: {quote(value)}" for key, value in _fields(item))
        lines += [f"  - {first}", *(f"    {other}" for other in others)]
    for left in survey.left:
        where = f", cwd: {left.folder}" if left.folder else ""
        lines += [f"  # not here: {left}, which {left.why};", f"  # {left.remedy}"]
        entry = f"name: mine, run: its command, read: {left.reads}{where}"
        lines += [f"  #   - {{{entry}}}"] if left.reads else []
    return lines


def in_toml(survey: Survey, quote: Callable[[object], str]) -> list[str]:
    """Return the same as keys of one TOML table, without the remarks."""
    single = {"setup": survey.setup, "interpreter": survey.interpreter}
    lines = [f"{key} = {quote(value)}" for key, value in single.items() if value]
    tables = (
        ", ".join(f"{key} = {quote(value)}" for key, value in _fields(item))
        for item in survey.benchmarks
    )
    return [*lines, "benchmarks = [", *(f"  {{{table}}}," for table in tables), "]"]


def _fields(item: Found) -> Iterator[tuple[str, object]]:
    yield "name", item.name
    yield "suite", item.suite
    yield ("python" if isinstance(item.target, str) else "run"), item.target
    if item.reads:
        yield "read", item.reads
    if item.folder and not isinstance(item.target, str):
        yield "cwd", item.folder
