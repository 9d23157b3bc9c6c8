"""Which of the configured benchmarks are meant."""

import difflib
from collections.abc import Sequence

from perfci.errors import ConfigurationError
from perfci.model.benchmark import Benchmark
from perfci.plan.meaning import means
from perfci.plan.plan import Wish


def select(every: Sequence[Benchmark], wish: Wish) -> tuple[Benchmark, ...]:
    """Return the benchmarks that the names and globs of a wish mean; all without any.

    Raises:
        ConfigurationError: there are none, or a name or glob matches nothing.
    """
    if not every:
        raise ConfigurationError(
            "no benchmark is configured",
            hint="add one under `benchmarks:` in perfci.yml, or let `perfci init` look for some",
        )
    if not wish.names and not wish.globs:
        return tuple(every)
    chosen = set()
    for text in (*wish.names, *wish.globs):
        found = {item.id for item in every if _means(text, item, glob=text in wish.globs)}
        if not found:
            raise ConfigurationError(
                f"{text!r} matches no benchmark{_nearest(text, every)}",
                hint="`perfci list` shows them all",
            )
        chosen |= found
    return tuple(item for item in every if item.id in chosen)


def _means(text: str, item: Benchmark, *, glob: bool) -> bool:
    if not glob and text in {item.id.name, f"{item.id.suite}/{item.id.name}", str(item.id)}:
        return True
    return means(text, item)


def _nearest(text: str, every: Sequence[Benchmark]) -> str:
    names = {name for item in every for name in (str(item.id), item.id.name)}
    close = difflib.get_close_matches(text, sorted(names), n=1, cutoff=0.4)
    return f"; did you mean {close[0]}?" if close else ""
