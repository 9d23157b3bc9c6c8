"""The formats of result files that perfci reads, and which of them a file is in."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from perfci.errors import ConfigurationError, FormatError
from perfci.model.text import printable
from perfci.readers.format import Format
from perfci.readers.look import look
from perfci.readers.own import OWN
from perfci.readers.source import Source
from perfci.readers.tools import (
    action_custom,
    apache_bench,
    asv,
    bencher_metric,
    benchmark_ips,
    benchmark_js,
    benchmark_tools,
    benchmarkdotnet,
    benchmarkdotnet_csv,
    cargo_bench,
    catch2,
    clickbench,
    console_time,
    criterion,
    criterion_text,
    ctest,
    custom_csv,
    custom_json,
    dart_benchmark,
    gatling,
    go,
    google_benchmark,
    gungraun,
    gungraun_text,
    hey,
    hyperfine,
    jmeter,
    jmh,
    jmh_table,
    jmh_text,
    junit,
    k6,
    lighthouse,
    linetimer,
    locust,
    luau_bench,
    memtier,
    mitata,
    mocha,
    nyrkio,
    perf_stat,
    pgbench,
    phpbench,
    playwright,
    pyperf,
    pytest_benchmark,
    reassure,
    redis_benchmark,
    ruby_benchmark,
    sysbench,
    time,
    tinybench,
    trx,
    vegeta,
    vitest,
    wrk,
)

FORMATS: Mapping[str, Format] = {
    item.name: item
    for item in (
        OWN,
        *action_custom.FORMATS,
        *apache_bench.FORMATS,
        *asv.FORMATS,
        *bencher_metric.FORMATS,
        *benchmark_ips.FORMATS,
        *benchmark_js.FORMATS,
        *benchmark_tools.FORMATS,
        *benchmarkdotnet.FORMATS,
        *benchmarkdotnet_csv.FORMATS,
        *cargo_bench.FORMATS,
        *catch2.FORMATS,
        *clickbench.FORMATS,
        *console_time.FORMATS,
        *criterion.FORMATS,
        *criterion_text.FORMATS,
        *ctest.FORMATS,
        *custom_csv.FORMATS,
        *custom_json.FORMATS,
        *dart_benchmark.FORMATS,
        *gatling.FORMATS,
        *go.FORMATS,
        *google_benchmark.FORMATS,
        *gungraun.FORMATS,
        *gungraun_text.FORMATS,
        *hey.FORMATS,
        *hyperfine.FORMATS,
        *jmeter.FORMATS,
        *jmh.FORMATS,
        *jmh_table.FORMATS,
        *jmh_text.FORMATS,
        *junit.FORMATS,
        *k6.FORMATS,
        *lighthouse.FORMATS,
        *linetimer.FORMATS,
        *locust.FORMATS,
        *luau_bench.FORMATS,
        *memtier.FORMATS,
        *mitata.FORMATS,
        *mocha.FORMATS,
        *nyrkio.FORMATS,
        *perf_stat.FORMATS,
        *pgbench.FORMATS,
        *phpbench.FORMATS,
        *playwright.FORMATS,
        *pyperf.FORMATS,
        *pytest_benchmark.FORMATS,
        *reassure.FORMATS,
        *redis_benchmark.FORMATS,
        *ruby_benchmark.FORMATS,
        *sysbench.FORMATS,
        *time.FORMATS,
        *tinybench.FORMATS,
        *trx.FORMATS,
        *vegeta.FORMATS,
        *vitest.FORMATS,
        *wrk.FORMATS,
    )
}
"""Every format, by its name."""

_RESULT = re.compile(r'\A\s*\{\s*"schema"\s*:\s*"perfci\.result/')


def named(name: str, formats: Mapping[str, Format] = FORMATS, *, where: str = "") -> Format:
    """Return the format of a name.

    Args:
        name: as the user wrote it.
        formats: those that are known.
        where: he wrote it; empty where that goes without saying.

    Raises:
        ConfigurationError: there is none; names the nearest.
    """
    if name in formats:
        return formats[name]
    near = get_close_matches(name.lower(), list(formats), n=1, cutoff=0.4)
    meant = f"did you mean {near[0]}? " if near else ""
    raise ConfigurationError(
        f"there is no format {printable(name, limit=60)!r}{f' ({where})' if where else ''}",
        hint=f"{meant}`perfci formats` lists them",
    )


def detect(source: Source, formats: Mapping[str, Format] = FORMATS) -> Format:
    """Return the format of a file: one, or an error, never a guess.

    Args:
        source: unpacked.
        formats: those that are known.

    Raises:
        FormatError: it fits none, or more than one; says which are close.
    """
    seen = look(source)
    fitting = [item for item in formats.values() if item.fits(seen)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " or ".join(item.name for item in fitting)
        raise FormatError(
            f"{source.name} could be in more than one format: {names}",
            hint=f"name it: `--format {fitting[0].name}`",
        )
    raise FormatError(
        f"{source.name} is in no format that perfci reads: {_looks(seen, formats)}",
        hint=_instead(seen),
    )


def _looks(seen: str, formats: Mapping[str, Format]) -> str:
    if not seen.strip():
        return "it is empty"
    if _RESULT.search(seen):
        return "it is perfci's result.json, which holds no raw values"
    near = _near(seen, formats)
    if near:
        return f"it has something of {' and '.join(near)}, but not all of it"
    if "\0" in seen:
        return "it looks like a binary file"
    for pattern, what in (
        (r"\A\s*[\[{]", "JSON of some other program"),
        (r"\A\s*<", "XML or HTML"),
    ):
        if re.search(pattern, seen):
            return f"it looks like {what}"
    return "it looks like plain text"


def _near(seen: str, formats: Mapping[str, Format]) -> list[str]:
    """Return the formats of whose marks at least half are there, the nearest three first."""
    shares = []
    for item in formats.values():
        # how any JSON or XML begins says nothing
        marks = [mark for mark in item.marks if not any(re.search(mark, it) for it in "{[<")]
        found = sum(re.search(mark, seen, re.MULTILINE) is not None for mark in marks)
        if found and found * 2 >= len(marks):
            shares.append((-found / len(marks), item.name))
    return [name for _, name in sorted(shares)[:3]]


def _instead(seen: str) -> str:
    if _RESULT.search(seen):
        return "Give the run.json that lies beside it."
    return "`perfci formats` lists what is read; `--format` names one where a file hides it"
