"""The entries under `benchmarks` to the benchmarks that are measured: one a combination."""

import shlex
from collections.abc import Sequence

from perfci.model.benchmark import Benchmark, Command, Function, Work
from perfci.model.metric import Metric, built_in
from perfci.settings.entry import Entry
from perfci.settings.load import Loaded
from perfci.settings.model import Measure
from perfci.settings.parameters import Combination, combinations, fill, identity


def expand(loaded: Loaded) -> tuple[Benchmark, ...]:
    """Return every configured benchmark, in the order of the settings."""
    return tuple(
        _benchmark(entry, chosen, loaded.settings.measure, loaded.provenance(("benchmarks", at)))
        for at, entry in enumerate(loaded.settings.benchmarks)
        for chosen in combinations(entry.parameters)
    )


def _benchmark(entry: Entry, chosen: Combination, measure: Measure, source: str) -> Benchmark:
    return Benchmark(
        id=identity(entry.suite, entry.name, chosen),
        work=_work(entry, chosen),
        metrics=_metrics(entry.metrics),
        timeout=measure.timeout if entry.timeout is None else entry.timeout,
        warmup=measure.warmup if entry.warmup is None else entry.warmup,
        cooldown=measure.cooldown if entry.cooldown is None else entry.cooldown,
        source=source,
    )


def _work(entry: Entry, chosen: Combination) -> Work:
    if entry.python is not None:
        return Function(target=entry.python, arguments=chosen)
    if isinstance(entry.run, str):
        text = fill(entry.run, chosen, shlex.quote)
        return Command(argv=("/bin/sh", "-c", text), shell=True)  # noqa: S604 - a field
    return Command(argv=tuple(fill(part, chosen) for part in entry.run or ()))


def _metrics(names: Sequence[str]) -> tuple[Metric, ...]:
    known = (built_in(name) for name in names)
    return tuple(metric for metric in known if metric is not None)
