"""go test -bench: the lines it prints, or the events of `-json`, which split them.

A line is the mean of the executions of one process; with `-count` a benchmark has several, which
are repetitions. A package's import path is part of a benchmark's name, so that two packages can
have the same one; `k=v` parts of a sub-benchmark's name are its parameters. The ending `-8`, where
it is GOMAXPROCS, is a parameter, `procs`, only where a benchmark ran with several (`-cpu 1,8`).
What a file says of goos, goarch, cpu or note is a parameter where it says more than one thing.
MB/s says what ns/op says, and is only read where that is not there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_lines
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading, Single
from perfci.readers.source import Source
from perfci.readers.text import lines
from perfci.readers.tools.go_lines import Output, Printed, Result, Settings
from perfci.readers.tools.go_names import Endings, endings_of, full_name, with_params
from perfci.readers.tools.go_units import go_quantity

_Named = tuple[str, Params]


def read_text(source: Source) -> Reading:
    """Read what `go test -bench` prints.

    Raises:
        FormatError: no benchmark in it.
    """
    output = Output()
    for _, text in lines(source):
        output.take(text)
    return _reading(source, output)


def read_json(source: Source) -> Reading:
    """Read the events of `go test -bench -json`.

    Raises:
        FormatError: no benchmark in it.
    """
    printed: dict[str, list[str]] = {}
    for event in json_lines(source):
        if event.get("Action").text() == "output":
            printed.setdefault(event.get("Package").text(), []).append(event.get("Output").text())
    output = Output()
    for package, texts in printed.items():
        output.set("pkg", package)
        for text in "".join(texts).split("\n"):
            output.take(text)
        output.end()
    # what could not be built is told in plain text between the events
    for _, text in lines(source):
        if text.startswith("FAIL\t"):
            output.take(text)
    return _reading(source, output)


def _reading(source: Source, output: Output) -> Reading:
    output.end()
    found = tuple(_found(output))
    if not found and not output.broken and not output.aborted:
        raise nothing_in(source, "benchmarks")
    skipped, settings = output.skipped, output.settings
    return Reading(
        found=found,
        broken=tuple(_broken(output)),
        machine=Machine(
            cpu=settings.get("cpu", ""),
            facts={key: settings[key] for key in ("goos", "goarch") if key in settings},
        ),
        left=(f"{len(skipped)} benchmarks were skipped, e.g. {skipped[0]}",) if skipped else (),
    )


def _found(output: Output) -> Iterator[Found]:
    units = {
        unit
        for results in output.results.values()
        for result in results.values()
        for unit in result.values
    }
    quantities = {unit: go_quantity(unit, output.units.get(unit, {})) for unit in units}
    for (name, params), result in _named(output):
        for unit, values in result.values.items():
            if unit == "MB/s" and "ns/op" in result.values:
                continue
            it = quantities[unit]
            yield Found(
                name=name,
                params=params,
                metric=it.metric,
                launches=Single(value * it.factor for value in values),
                level=Level.REPETITION if len(values) > 1 else Level.NONE,
                iterations=result.iterations,
            )


def _named(output: Output) -> Iterator[tuple[_Named, Result]]:
    """Yield the results with names and parameters that tell them apart."""
    settings = {item for here in output.results for item in here if item[0] != "pkg"}
    several = Counter(key for key, _ in settings)
    endings = _endings((here, name) for here, names in output.results.items() for name in names)
    for here, results in output.results.items():
        shared = tuple(item for item in here if several[item[0]] > 1)
        for printed, result in results.items():
            name, params = _called((here, printed), endings)
            yield (name, params + shared), result


def _endings(printed: Iterable[Printed]) -> dict[Settings, Endings]:
    """Return what names end in, by the settings: packages that are tested together share it."""
    names: dict[Settings, list[str]] = {}
    for here, name in printed:
        names.setdefault(_run(here), []).append(name)
    return {run: endings_of(several) for run, several in names.items()}


def _run(here: Settings) -> Settings:
    return tuple(item for item in here if item[0] != "pkg")


def _called(printed: Printed, endings: dict[Settings, Endings]) -> _Named:
    here, name = printed
    cut, procs = endings[_run(here)].parted(name)
    whole, params = with_params(full_name(dict(here).get("pkg", ""), cut))
    return whole, params + procs


def _broken(output: Output) -> Iterator[Broken]:
    # where there are results, they alone tell: what failed is named with its ending or without
    endings = _endings(output.broken) | _endings(
        (here, name) for here, names in output.results.items() for name in names
    )
    reasons: dict[_Named, str] = {}
    for printed, reason in output.broken.items():
        reasons.setdefault(_called(printed, endings), reason)
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
