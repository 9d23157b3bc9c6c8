"""The entries under `benchmarks` to the benchmarks that are measured: one a combination."""

import shlex
from collections.abc import Mapping
from urllib.parse import quote

from perfci.model.benchmark import Benchmark, Service
from perfci.model.measured import YIELDS
from perfci.model.metric import Metric, built_in
from perfci.model.work import (
    Ai,
    Command,
    Function,
    HomeAssistant,
    Http,
    Results,
    System,
    Tool,
    Variables,
    Work,
)
from perfci.settings.entry import Entry
from perfci.settings.fitting import KINDS
from perfci.settings.kinds import AiTable, HomeAssistantTable, HttpTable, ServiceTable
from perfci.settings.load import Loaded
from perfci.settings.model import Measure
from perfci.settings.parameters import Combination, combinations, fill, identity

_SHELL = ("/bin/sh", "-c")


def expand(loaded: Loaded) -> tuple[Benchmark, ...]:
    """Return every configured benchmark, in the order of the settings."""
    return tuple(
        _benchmark(entry, chosen, loaded.settings.measure, loaded.provenance(("benchmarks", at)))
        for at, entry in enumerate(loaded.settings.benchmarks)
        for chosen in combinations(entry.parameters)
    )


def _benchmark(entry: Entry, chosen: Combination, measure: Measure, source: str) -> Benchmark:
    warmup = measure.warmup if entry.warmup is None else entry.warmup
    return Benchmark(
        id=identity(entry.home, entry.name, chosen),
        work=_work(entry, chosen),
        metrics=_metrics(entry),
        timeout=measure.timeout if entry.timeout is None else entry.timeout,
        # a tool warms up itself
        warmup=(entry.warmup or 0) if entry.reads else warmup,
        cooldown=measure.cooldown if entry.cooldown is None else entry.cooldown,
        env=_variables(entry.env, chosen),
        cwd=entry.cwd or "",
        image=entry.image or "",
        checksum=_counted(entry.checksum),
        service=_service(entry.service, chosen) if entry.service else None,
        source=source,
    )


def _counted(checksum: bool | str) -> str | None:  # noqa: FBT001 - as the user wrote it
    if isinstance(checksum, str):
        return checksum
    return "" if checksum else None


def _work(entry: Entry, chosen: Combination) -> Work:
    match entry.kind:
        case "run" if entry.read:
            return Tool(
                command=_command(entry, chosen),
                reads=entry.read,
                output=fill(entry.output or "", chosen),
                metrics=entry.metrics or (),
            )
        case "run":
            return _command(entry, chosen)
        case "results":
            return Results(
                paths=tuple(fill(path, chosen) for path in entry.results or ()),
                reads=entry.reads,
                metrics=entry.metrics or (),
            )
        case "python":
            return Function(
                target=entry.python or "",
                arguments=chosen,
                setup=entry.setup or "",
                teardown=entry.teardown or "",
                gc=entry.gc,
            )
        case _:
            return _asking(entry, chosen)


def _command(entry: Entry, chosen: Combination) -> Command:
    return Command(
        argv=argv_of(entry.run, chosen),
        shell=isinstance(entry.run, str),
        input=fill(entry.input or "", chosen),
        exit_codes=entry.exit_codes,
        prepare=argv_of(entry.prepare, chosen),
        cleanup=argv_of(entry.cleanup, chosen),
        startup=argv_of(entry.startup, chosen),
    )


def _asking(entry: Entry, chosen: Combination) -> Work:
    if entry.http:
        return _http(entry.http, chosen)
    if entry.ai:
        return _ai(entry.ai, chosen)
    if entry.home_assistant:
        return _home_assistant(entry.home_assistant, chosen)
    assert entry.system  # noqa: S101 - an entry has one kind of work
    return System(duration=entry.system.duration)


def _http(table: HttpTable, chosen: Combination) -> Http:
    return Http(
        url=fill(table.url, chosen, _in_url),
        method=table.method,
        headers=_variables(table.headers, chosen),
        body=fill(table.body or "", chosen),
        token_env=table.token_env or "",
        concurrency=table.concurrency,
        rate=table.rate,
        duration=table.duration,
        timeout=table.timeout,
        status=table.status,
    )


def _ai(table: AiTable, chosen: Combination) -> Ai:
    return Ai(
        url=fill(table.url, chosen, _in_url),
        model=fill(table.model, chosen),
        prompt=fill(table.prompt, chosen),
        dialect=table.dialect,
        api_key_env=table.api_key_env or "",
        requests=table.requests,
        max_tokens=table.max_tokens,
        timeout=table.timeout,
        vary=table.vary,
    )


def _home_assistant(table: HomeAssistantTable, chosen: Combination) -> HomeAssistant:
    return HomeAssistant(
        url=fill(table.url, chosen, _in_url),
        token_env=table.token_env,
        call=table.call or "",
        entity=fill(table.entity or "", chosen),
        requests=table.requests,
        timeout=table.timeout,
    )


def _service(table: ServiceTable, chosen: Combination) -> Service:
    return Service(
        argv=argv_of(table.run, chosen),
        shell=isinstance(table.run, str),
        ready=fill(table.ready or "", chosen, _in_url),
        timeout=table.timeout,
        env=_variables(table.env, chosen),
        cwd=table.cwd or "",
    )


def argv_of(command: str | tuple[str, ...] | None, chosen: Combination = ()) -> tuple[str, ...]:
    """Return what is executed for a command of the settings; nothing where there is none."""
    if command is None:
        return ()
    if isinstance(command, str):
        return (*_SHELL, fill(command, chosen, shlex.quote))
    return tuple(fill(part, chosen) for part in command)


def _in_url(text: str) -> str:
    return quote(text, safe="")


def _variables(given: Mapping[str, str], chosen: Combination) -> Variables:
    return tuple((name, fill(value, chosen)) for name, value in given.items())


def _metrics(entry: Entry) -> tuple[Metric, ...]:
    if entry.reads:
        return ()
    names = entry.metrics or YIELDS[KINDS[entry.kind]].usual
    known = (built_in(name) for name in names)
    return tuple(metric for metric in known if metric is not None)
