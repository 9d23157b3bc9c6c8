"""Which of the configured benchmarks are meant, and which of those that a tool will tell of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from perfci.errors import ConfigurationError
from perfci.gate.match import covers
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.nearest import nearest
from perfci.model.work import Read
from perfci.plan.meaning import means
from perfci.plan.plan import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was asked for."""

    benchmarks: tuple[Benchmark, ...]
    within: Mapping[BenchmarkId, tuple[str, ...]] = field(default_factory=dict)
    """By tool of which not all was asked for, the globs that its benchmarks have to match."""


def select(every: Sequence[Benchmark], wish: Wish) -> Selection:
    """Return what the names and globs of a wish mean; all without any.

    Raises:
        ConfigurationError: there are none, or a name or glob matches nothing.
    """
    if not every:
        raise ConfigurationError(
            "no benchmark is configured",
            hint="add one under `benchmarks:` in perfci.yml, or let `perfci init` look for some",
        )
    if not wish.names and not wish.globs:
        return Selection(benchmarks=tuple(every))
    whole: set[BenchmarkId] = set()
    within: dict[BenchmarkId, list[str]] = {}
    for text in (*wish.names, *wish.globs):
        named = _named(text, every)
        meant = named or [item for item in every if means(text, item)]
        if not meant:
            raise _unknown(text, every)
        for item in meant:
            if named or _takes_all(text, item):
                whole.add(item.id)
            else:
                within.setdefault(item.id, []).append(text)
    return Selection(
        benchmarks=tuple(item for item in every if item.id in whole or item.id in within),
        within={id_: tuple(texts) for id_, texts in within.items() if id_ not in whole},
    )


def _named(text: str, every: Sequence[Benchmark]) -> list[Benchmark]:
    """Return the benchmarks whose name a text is, with their suite or without."""
    return [
        item
        for item in every
        if text in {str(item.id), f"{item.id.suite}/{item.id.name}", item.id.name}
    ]


def _takes_all(text: str, item: Benchmark) -> bool:
    """Tell whether a glob means a benchmark as a whole: of a tool, all that it will measure."""
    return not isinstance(item.work, Read) or covers(text, f"{item.id.suite}/*")


def _unknown(text: str, every: Sequence[Benchmark]) -> ConfigurationError:
    tools = [item.id for item in every if isinstance(item.work, Read)]
    hint = "`perfci list` shows them all"
    if tools:
        hint += f"; what {tools[0]} measures is named with its suite: {tools[0].suite}/{text}"
    names = {name for item in every for name in (str(item.id), item.id.name)}
    return ConfigurationError(f"{text!r} matches no benchmark{nearest(text, names)}", hint=hint)
