"""Names in the settings that must be those of benchmarks: of `expect`, of `renamed`."""

from collections.abc import Iterator, Sequence

from perfci.errors import ConfigurationError
from perfci.model.benchmark import Benchmark
from perfci.model.nearest import nearest
from perfci.model.work import Read
from perfci.plan.meaning import means
from perfci.plan.reach import listed
from perfci.settings.load import Loaded
from perfci.settings.spelling import shown


def insist_on_expected(loaded: Loaded, every: Sequence[Benchmark]) -> None:
    """Make sure that what is expected can be measured at all.

    Raises:
        ConfigurationError: an entry of `expect` is no configured benchmark: the run could only
            end in error, after all its measuring.
    """
    names = {f"{item.id.suite}/{item.id.name}" for item in every}
    for at, glob in enumerate(loaded.settings.expect or ()):
        if any(means(glob, item) for item in every):
            continue
        place = loaded.provenance(("expect", at))
        raise ConfigurationError(
            f"{shown(glob)} is expected, but no configured benchmark is called so ({place})"
            f"{nearest(glob, names)}",
            hint="correct the entry of `expect`, or take it out if the benchmark is gone for good",
        )


def doubtful_names(loaded: Loaded, every: Sequence[Benchmark]) -> Iterator[str]:
    """Say which entries of `renamed` lead nowhere, or mix two histories."""
    renamed = loaded.settings.renamed
    tools = {item.id.suite for item in every if isinstance(item.work, Read)}
    there = {f"{item.id.suite}/{item.id.name}" for item in every}
    for old, new in renamed.items():
        if new.partition("/")[0] in tools:
            continue  # what a tool measures is not known yet
        who = f"renamed ({loaded.provenance(('renamed', old))})"
        if old == new:
            yield f"{who} gives {old!r} its own name"
        elif new in renamed and renamed[new] != old:
            yield (
                f"{who} gives {old!r} the name {new!r}, which it gives {renamed[new]!r} in turn: "
                "names are followed one step; write the newest name for each old one"
            )
        elif new not in there and old in there:
            yield (
                f"{who} names {new!r}, which is no benchmark, while {old!r} is one: it looks "
                f"swapped; the old name comes first, {{{new!r}: {old!r}}}"
            )
        elif new not in there:
            yield f"{who} names {new!r}, which is no benchmark"
        elif old in there:
            yield f"{who} gives {old!r} the name {new!r}, but both are benchmarks"
    for new in dict.fromkeys(renamed.values()):
        olds = [old for old, name in renamed.items() if name == new and old != new]
        if len(olds) > 1:
            yield f"renamed gives {listed(olds)} one name, {new!r}: their histories are mixed"
