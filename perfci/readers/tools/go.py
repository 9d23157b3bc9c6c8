"""go test -bench: the lines it prints, or the events of `-json`, which split them.

A line is the mean of the executions of one process; with `-count` a benchmark has several, which
are repetitions. A package's import path is part of a benchmark's name, so that two packages can
have the same one; `k=v` parts of a sub-benchmark's name are its parameters. The ending `-8`, where
it is GOMAXPROCS, is a parameter, `procs`, only where a benchmark ran with several (`-cpu 1,8`).
What a file says of goos, goarch, cpu or note is a parameter where it says more than one thing.
MB/s says what ns/op says, and is only read where that is not there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import repeat
from operator import mul

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_lines
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading, Single
from perfci.readers.source import Source
from perfci.readers.text import blocks, parts
from perfci.readers.tools.go_blocks import take_text
from perfci.readers.tools.go_lines import Output, Result, Settings
from perfci.readers.tools.go_names import Endings, endings_of, full_name, with_params
from perfci.readers.tools.go_units import go_quantity

_Named = tuple[str, Params]
_Ended = dict[Settings, Endings]
"""What names end in, by the settings without the package."""


def read_text(source: Source) -> Reading:
    """Read what `go test -bench` prints.

    Raises:
        FormatError: no benchmark in it.
    """
    output = Output()
    take_text(output, parts(source))
    return _reading(source, output)


def read_json(source: Source) -> Reading:
    """Read the events of `go test -bench -json`.

    Raises:
        FormatError: no benchmark in it.
    """
    printed: dict[str, list[str]] = defaultdict(list)
    for event in json_lines(source):
        if event.value.get("Action") == "output":
            printed[event.said("Package")].append(event.said("Output"))
    output = Output()
    for package, texts in printed.items():
        output.set("pkg", package)
        take_text(output, blocks("".join(texts)))
        output.end()
    # what could not be built is told in plain text between the events
    for block in parts(source):
        if "FAIL\t" in block:
            for text in block.split("\n"):
                if text.startswith("FAIL\t"):
                    output.take(text)
    return _reading(source, output)


def _reading(source: Source, output: Output) -> Reading:
    output.end()
    endings = _endings(output.results.items())
    found = tuple(_found(output, endings))
    if not found and not output.broken and not output.aborted:
        raise nothing_in(source, "benchmarks")
    skipped, settings = output.skipped, output.settings
    return Reading(
        found=found,
        broken=tuple(_broken(output, endings)),
        machine=Machine(
            cpu=settings.get("cpu", ""),
            facts={key: settings[key] for key in ("goos", "goarch") if key in settings},
        ),
        left=(f"{len(skipped)} benchmarks were skipped, e.g. {skipped[0]}",) if skipped else (),
    )


def _found(output: Output, endings: _Ended) -> Iterator[Found]:
    units = {
        unit
        for results in output.results.values()
        for result in results.values()
        for unit in result.values
    }
    quantities = {unit: go_quantity(unit, output.units.get(unit, {})) for unit in units}
    for (name, params), result in _named(output, endings):
        for unit, values in result.values.items():
            if unit == "MB/s" and "ns/op" in result.values:
                continue
            it = quantities[unit]
            yield Found(
                name=name,
                params=params,
                metric=it.metric,
                launches=Single(map(mul, values, repeat(it.factor))),
                level=Level.REPETITION if len(values) > 1 else Level.NONE,
                iterations=result.iterations,
            )


def _named(output: Output, endings: _Ended) -> Iterator[tuple[_Named, Result]]:
    """Yield the results with names and parameters that tell them apart."""
    settings = {item for here in output.results for item in here if item[0] != "pkg"}
    several = Counter(key for key, _ in settings)
    for here, results in output.results.items():
        shared = tuple(item for item in here if several[item[0]] > 1)
        package, ending = dict(here).get("pkg", ""), endings[_run(here)]
        for printed, result in results.items():
            name, params = _called(package, printed, ending)
            yield (name, params + shared), result


def _endings(printed: Iterable[tuple[Settings, Iterable[str]]]) -> _Ended:
    """Return what names end in: packages that are tested together share it."""
    names: dict[Settings, list[str]] = {}
    for here, several in printed:
        names.setdefault(_run(here), []).extend(several)
    return {run: endings_of(several) for run, several in names.items()}


def _run(here: Settings) -> Settings:
    return tuple(item for item in here if item[0] != "pkg")


def _called(package: str, printed: str, endings: Endings) -> _Named:
    cut, procs = endings.parted(printed)
    whole, params = with_params(full_name(package, cut))
    return whole, params + procs


def _broken(output: Output, endings: _Ended) -> Iterator[Broken]:
    # where there are results, they alone tell: what failed is named with its ending or without
    endings = _endings((here, (name,)) for here, name in output.broken) | endings
    reasons: dict[_Named, str] = {}
    for (here, printed), reason in output.broken.items():
        called = _called(dict(here).get("pkg", ""), printed, endings[_run(here)])
        reasons.setdefault(called, reason)
    for (name, params), reason in reasons.items():
        yield Broken(name=name, params=params, reason=reason)
    for package, reason in output.aborted.items():
        name, params = with_params(package)
        yield Broken(name=name, params=params, reason=reason)


FORMATS = (
    Format(
        name="go",
        describes="go test -bench, best with -count=10",
        proves=Proof.REPETITIONS,
        marks=(r"^Benchmark(?![a-z])\S*[ \t]", r"^(Benchmark\S*[ \t]+)?\d+[ \t]+\d\S*[ \t]+\D"),
        parse=each(read_text),
    ),
    Format(
        name="go-json",
        describes="go test -bench -json",
        proves=Proof.REPETITIONS,
        marks=(
            r'^\{"Time":.*"Action":"output"',
            r'"Package":"',
            r'"Output":"Benchmark',
        ),
        parse=each(read_json),
    ),
)
