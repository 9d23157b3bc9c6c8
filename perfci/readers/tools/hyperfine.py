"""hyperfine: JSON with the time of every execution, or CSV with their mean and median.

Every execution is a fresh process, and so a launch. An exit code other than 0 makes a failure:
hyperfine itself goes on after one only where it was told to (`--ignore-failure`).
"""

import math
from collections.abc import Iterator, Sequence

from perfci.readers.csv_table import csv_table
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.histories.past import Leftovers
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY, MEMORY
from perfci.readers.reading import Broken, Found, Level, Packed, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, number_at
from perfci.readers.tools.json_params import MIXED, mixed, params_of


def read_json(source: Source) -> Reading:
    """Read `--export-json`.

    Raises:
        FormatError: damaged, or no command in it.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    left = Leftovers()
    results = json_of(source, "results").need("results")
    alike = mixed(results, "parameters", _called)
    for result in results:
        name, params = called = _called(result), params_of(result.get("parameters"))
        codes, memory = result.get("exit_codes"), result.get("memory_usage_byte")
        reason = MIXED if alike and called in alike else _failed(codes)
        if reason:
            broken.append(Broken(name=name, params=params, reason=reason, metrics=(LATENCY,)))
            continue
        times = result.get("times").numbers()
        found += _series(name, params, times, result, memory.numbers())
        for given in (codes, memory):
            if times and given.value is not None and len(given.value) != len(times):
                told = f"{given.place} has {len(given.value)} for {len(times)} times"
                left.change("lists have not one value for each execution", told)
    if not found and not broken:
        raise nothing_in(source, "commands")
    return Reading(found=tuple(found), broken=tuple(broken), left=left.sentences())


def read_csv(source: Source) -> Reading:
    """Read `--export-csv`: the median of every command.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    found = []
    for line, row in csv_table(source, decoded(source.data))[1]:
        params = tuple(
            (name.removeprefix("parameter_"), text)
            for name, text in row.items()
            if name.startswith("parameter_")
        )
        median = number_at(source, line, row.get("median", ""))
        found.append(
            Found(
                name=row.get("command", ""),
                params=params,
                metric=LATENCY,
                launches=((median,),),
                level=Level.NONE,
            )
        )
    if not found:
        raise nothing_in(source, "commands")
    return Reading(found=tuple(found))


def _failed(given: Node) -> str:
    """Say how a command failed; empty where it did not. A code that is null comes as NaN."""
    if type(given.value) is list and set(map(type, given.value)) <= {int} and not any(given.value):
        return ""  # as nearly all are, and each command has many
    codes = given.numbers()
    told = ", ".join(
        f"{code:g}" for code in sorted({code for code in codes if code and not math.isnan(code)})
    )
    reasons = [f"exit code {told}"] if told else []
    if any(map(math.isnan, codes)):
        reasons.append("it was ended by a signal, or gave no exit code")
    return "; ".join(reasons)


def _called(result: Node) -> str:
    return result.get("command_name").text() or result.need("command").text()


def _series(
    name: str, params: Params, times: Sequence[float], result: Node, memory: Sequence[float]
) -> Iterator[Found]:
    yield Found(
        name=name,
        params=params,
        metric=LATENCY,
        launches=Packed(times) if times else ((result.need("median").number(),),),
        level=Level.PROCESS if times else Level.NONE,
    )
    if any(memory):
        yield Found(
            name=name,
            params=params,
            metric=MEMORY,
            launches=Packed(memory),
            level=Level.PROCESS,
        )


FORMATS = (
    Format(
        name="hyperfine",
        describes="hyperfine --export-json",
        proves=Proof.LAUNCHES,
        marks=(
            r'"results"\s*:\s*\[',
            r'"command"\s*:',
            r'"(times|exit_codes|user)"\s*:',
        ),
        parse=each(read_json),
    ),
    Format(
        name="hyperfine-csv",
        describes="hyperfine --export-csv: means and medians only",
        proves=Proof.SUMMARY,
        marks=(r"\Acommand,mean,stddev,", r",median,user,system,min,max"),
        parse=each(read_csv),
    ),
)
