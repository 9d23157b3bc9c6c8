"""One entry under `benchmarks`."""

from collections.abc import Iterator

from pydantic import ConfigDict, Field, model_validator

from perfci.model.measured import SERVER_METRICS, YIELDS
from perfci.model.work import Ai, Command, Function, HomeAssistant, Http, System, Work
from perfci.settings.addresses import PORT, Variables
from perfci.settings.checksum import Checksum
from perfci.settings.fields import (
    CommandLine,
    Count,
    ExitCodes,
    Flag,
    InsidePath,
    Metrics,
    Name,
    ParameterName,
    ParameterValues,
    PlainText,
    Target,
    told_metrics,
)
from perfci.settings.kinds import AiTable, HomeAssistantTable, HttpTable, ServiceTable, SystemTable
from perfci.settings.parameters import count, mentions
from perfci.settings.quantities import Duration, Seconds
from perfci.settings.spelling import shown
from perfci.settings.table import Table, shape

MOST_COMBINATIONS = 1000

KINDS: dict[str, type[Work]] = {
    "run": Command,
    "python": Function,
    "http": Http,
    "ai": Ai,
    "home_assistant": HomeAssistant,
    "system": System,
}
"""Keys that say what is measured; an entry has one of them."""
_PROCESS = ("run", "python")
_SERVED = ("http", "ai", "home_assistant")
_FITS = {
    "setup": ("python",),
    "teardown": ("python",),
    "gc": ("python",),
    "input": ("run",),
    "exit_codes": ("run",),
    "prepare": ("run",),
    "cleanup": ("run",),
    "startup": ("run",),
    "checksum": _PROCESS,
    "env": _PROCESS,
    "cwd": _PROCESS,
    "image": _PROCESS,
    "service": _SERVED,
}
"""Which kinds an option is for; what is not named here is for all."""


class Entry(Table):
    """A named piece of work."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [kind]} for kind in KINDS]})

    name: Name = Field(description="Its name within the suite.")
    suite: Name = Field("default", description="The set of benchmarks that it belongs to.")
    run: CommandLine | None = Field(
        None,
        description="Command to measure: a text for the shell, or a list of arguments. "
        "`{parameter}` stands for a parameter's value.",
    )
    python: Target | None = Field(
        None,
        description="Callable to measure, sync or async: `file.py:function` or "
        "`package.module:function`. Parameters are passed by keyword; what a generator makes is "
        "consumed.",
    )
    http: HttpTable | None = Field(None, description="Requests to measure.")
    ai: AiTable | None = Field(None, description="Model whose streamed answers are measured.")
    home_assistant: HomeAssistantTable | None = Field(
        None, description="Home Assistant whose round trips are measured."
    )
    system: SystemTable | None = Field(None, description="Measures the machine itself.")
    service: ServiceTable | None = Field(
        None, description="Server that is started on each side for http, ai or home_assistant."
    )
    image: PlainText | None = Field(
        None,
        description="Image in which run or python is measured: a container beside perfci, "
        "through the Docker socket.",
    )
    metrics: Metrics | None = Field(
        None,
        description="What the gate judges. Where it is not set: `latency`; of http also "
        "`error_rate`; of ai `ai_response_time` and `error_rate`; of home_assistant "
        "`ha_integration` and `error_rate`; of system `system_health`.",
    )
    parameters: dict[ParameterName, ParameterValues] = Field(
        default_factory=dict,
        description="Lists of values by name; every combination is a benchmark of its own.",
    )
    setup: Target | None = Field(
        None,
        description="Callable that runs once in every fresh process before `python`, with the same "
        "parameters; what it returns is the first argument of the others.",
    )
    teardown: Target | None = Field(None, description="Callable that runs once at the end.")
    gc: Flag = Field(
        default=False, description="Leave Python's garbage collector on while `python` is timed."
    )
    prepare: CommandLine | None = Field(
        None, description="Command before every execution of `run`, not measured."
    )
    cleanup: CommandLine | None = Field(
        None, description="Command after every execution of `run`, not measured."
    )
    startup: CommandLine | None = Field(
        None,
        description="Command that starts the same program and does nothing; its instructions are "
        "subtracted.",
    )
    input: InsidePath | None = Field(None, description="File that is the standard input of `run`.")
    exit_codes: ExitCodes = Field((0,), description="Exit codes of `run` that mean success.")
    checksum: Checksum = Field(
        default=False,
        description="Refuse to compare sides that did different work: `true`, what `run` prints or "
        "`python` returns must be the same; a text, only the lines that `run` prints with this "
        "beginning.",
    )
    env: Variables = Field(default_factory=dict, description="Variables that it gets, too.")
    cwd: InsidePath | None = Field(None, description="Folder that it starts in.")
    timeout: Duration | None = Field(None, description="Instead of `measure.timeout`.")
    warmup: Count | None = Field(None, description="Instead of `measure.warmup`.")
    cooldown: Seconds | None = Field(None, description="Instead of `measure.cooldown`.")

    @property
    def kind(self) -> str:
        """Return the key that says what is measured."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def _one_kind_of_work(self) -> "Entry":
        kinds = [kind for kind in KINDS if getattr(self, kind) is not None]
        if not kinds:
            raise shape(f"has nothing to measure: it needs one of {', '.join(KINDS)}")
        if len(kinds) > 1:
            raise shape(f"has both {kinds[0]} and {kinds[1]}; split it in two")
        return self

    @model_validator(mode="after")
    def _options_fit(self) -> "Entry":
        for name, kinds in _FITS.items():
            if name in self.model_fields_set and self.kind not in kinds:
                raise shape(f"has {name}, which is for {' or '.join(kinds)}, not for {self.kind}")
        if self.kind == "python" and isinstance(self.checksum, str):
            raise shape("has a text as checksum, which is for run; python has checksum: true")
        return self

    @model_validator(mode="after")
    def _metrics_fit(self) -> "Entry":
        names = self.metrics or ()
        if len(set(names)) < len(names):
            raise shape("names a metric twice")
        known = YIELDS[KINDS[self.kind]].all
        if self.image is not None and "instructions" in names:
            raise shape("cannot count instructions in an image; leave out one of the two")
        for name in names:
            if name not in known:
                raise shape(f"has no {name} to measure; {self.kind} has {told_metrics(known)}")
            if self.kind in _SERVED and name in SERVER_METRICS and self.service is None:
                raise shape(f"can measure {name} only of a service that perfci starts")
        return self

    @model_validator(mode="after")
    def _parameters_make_sense(self) -> "Entry":
        number = count(self.parameters)
        if number > MOST_COMBINATIONS:
            raise shape(f"has {shown(number)} combinations, more than {MOST_COMBINATIONS}")
        if PORT in self.parameters and self.kind in _SERVED:
            raise shape("has a parameter port, but {port} is the port that perfci chooses")
        if self.kind not in {"python", "system"}:
            text = "\n".join(self.texts())
            for name in self.parameters:
                if not mentions(text, name):
                    raise shape(f"has a parameter {name} that is nowhere used: write {{{name}}}")
        return self

    @model_validator(mode="after")
    def _port_has_an_owner(self) -> "Entry":
        work = self.http or self.ai or self.home_assistant
        if work and self.service is None and mentions(work.url, PORT):
            raise shape("has {port} in its url, but no service that could listen there")
        return self

    def texts(self) -> Iterator[str]:
        """Yield every text in which a parameter may stand."""
        for command in (self.run, self.prepare, self.cleanup, self.startup, self.input):
            if command is not None:
                yield from [command] if isinstance(command, str) else command
        yield from self.env.values()
        if self.http:
            yield from (self.http.url, self.http.body or "", *self.http.headers.values())
        if self.ai:
            yield from (self.ai.url, self.ai.model, self.ai.prompt)
        if self.home_assistant:
            yield from (self.home_assistant.url, self.home_assistant.entity or "")
        if self.service:
            run = self.service.run
            yield from [run] if isinstance(run, str) else run
            yield from self.service.env.values()
