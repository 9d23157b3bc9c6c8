"""go test -bench: the lines it prints, or the events of `-json`, which split them.

A line is the mean of the executions of one process; with `-count` a benchmark has several, which
are repetitions. A package's import path is part of a benchmark's name, so that two packages can
have the same one; `k=v` parts of a sub-benchmark's name are its parameters. The ending `-8`, where
it is GOMAXPROCS, is a parameter, `procs`, only where a benchmark ran with several (`-cpu 1,8`).
What a file says of goos, goarch, cpu or note is a parameter where it says more than one thing.
MB/s says what ns/op says, and is only read where that is not there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from operator import mul

from perfci.model.text import printable
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.reading import Broken, Found, Level, Machine, Packed, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import parts
from perfci.readers.tools.go_blocks import take_text
from perfci.readers.tools.go_events import events_of
from perfci.readers.tools.go_lines import Output
from perfci.readers.tools.go_names import Endings, endings_of, full_name, with_params
from perfci.readers.tools.go_results import Result, Results, Settings, without_package
from perfci.readers.tools.go_units import go_quantity

_Named = tuple[str, Params]
_Measured = Sequence[tuple[_Named, Result]]
_Ended = dict[Settings, Endings]
"""What names end in, by the settings without the package."""


def read_text(source: Source) -> Reading:
    """Read what `go test -bench` prints.

    Raises:
        FormatError: no benchmark in it, or too many units or settings to be that.
    """
    output = Output(results=Results(place=source.name))
    take_text(output, parts(source))
    return _reading(source, output)


def read_json(source: Source) -> Reading:
    """Read the events of `go test -bench -json`.

    Raises:
        FormatError: no benchmark in it, or too many units or settings to be that.
    """
    events = events_of(source)
    output = Output(results=Results(place=source.name))
    for package, pieces in events.printed.items():
        output.lines = 0
        output.results.place = f"{source.name}, output of package {printable(package, limit=200)!r}"
        output.results.set("pkg", package)
        for piece in pieces:
            whole, cut = piece.parted()
            take_text(output, parts(replace(source, data=whole.encode())))
            if piece.damaged:
                output.lose(f"line {piece.damaged} of the file is damaged", piece.names, cut=cut)
        output.end()
    # what could not be built is told in plain text between the events
    for text in events.beside:
        output.take(text)
    reading = _reading(source, output)
    told = _told("damaged events were left out", [f"line {at}" for at in events.damaged])
    return replace(reading, left=reading.left + told)


def _reading(source: Source, output: Output) -> Reading:
    output.end()
    endings = _endings(output.results.found.items())
    named = tuple(_named(output, endings))
    found = tuple(_found(output, named))
    cut = tuple(_cut(named))
    if not found and not (cut or output.broken or output.aborted):
        raise nothing_in(source, "benchmarks")
    left = _told("benchmarks were skipped", output.skipped)
    left += _told("results without a name are left out", output.nameless)
    settings = output.results.settings
    return Reading(
        found=found,
        broken=(*_broken(output, endings), *cut),
        machine=Machine(
            cpu=settings.get("cpu", ""),
            facts={key: settings[key] for key in ("goos", "goarch") if key in settings},
        ),
        left=left,
    )


def _told(what: str, which: Sequence[str]) -> tuple[str, ...]:
    return (f"{len(which)} {what}, e.g. {which[0]}",) if which else ()


def _found(output: Output, named: _Measured) -> Iterator[Found]:
    quantities = {
        unit: go_quantity(unit, output.units.get(unit, {})) for unit in output.results.units
    }
    for (name, params), result in named:
        if _times_lost(result):
            continue
        for unit, values in result.values.items():
            if unit == "MB/s" and "ns/op" in result.values:
                continue
            it = quantities[unit]
            yield Found(
                name=name,
                params=params,
                metric=it.metric,
                launches=Packed(map(mul, values, repeat(it.factor))),
                level=Level.REPETITION if len(values) > 1 else Level.NONE,
                iterations=result.iterations,
            )


def _cut(named: _Measured) -> Iterator[Broken]:
    """Yield the benchmarks that have lines without a time, where other lines of theirs have one."""
    for (name, params), result in named:
        if lost := _times_lost(result):
            reason = f"{lost} of its {result.lines} lines have no ns/op, or another name for it"
            yield Broken(name=name, params=params, reason=reason)


def _times_lost(result: Result) -> int:
    times = result.values.get("ns/op")
    return result.lines - len(times) if times else 0


def _named(output: Output, endings: _Ended) -> Iterator[tuple[_Named, Result]]:
    """Yield the results with names and parameters that tell them apart."""
    settings = {item for here in output.results.found for item in here if item[0] != "pkg"}
    several = Counter(key for key, _ in settings)
    for here, results in output.results.found.items():
        shared = tuple(item for item in here if several[item[0]] > 1)
        package, ending = dict(here).get("pkg", ""), endings[without_package(here)]
        for printed, result in results.items():
            name, params = _called(package, printed, ending)
            yield (name, params + shared), result


def _endings(printed: Iterable[tuple[Settings, Iterable[str]]]) -> _Ended:
    """Return what names end in: packages that are tested together share it."""
    names: dict[Settings, list[str]] = {}
    for here, several in printed:
        names.setdefault(without_package(here), []).extend(several)
    return {run: endings_of(several) for run, several in names.items()}


def _called(package: str, printed: str, endings: Endings) -> _Named:
    cut, procs = endings.parted(printed)
    whole, params = with_params(full_name(package, cut))
    return whole, params + procs


def _broken(output: Output, endings: _Ended) -> Iterator[Broken]:
    # where there are results, they alone tell: what failed is named with its ending or without
    endings = _endings((here, (name,)) for here, name in output.broken) | endings
    reasons: dict[_Named, str] = {}
    for (here, printed), reason in output.broken.items():
        called = _called(dict(here).get("pkg", ""), printed, endings[without_package(here)])
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
            r'^\{.*"Action"\s*:\s*"output"',
            r'"Package"\s*:\s*"',
            r'"Output"\s*:\s*"Benchmark',
        ),
        parse=each(read_json),
    ),
)
