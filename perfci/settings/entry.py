"""One entry under `benchmarks`."""

from collections.abc import Iterator

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from perfci.model.measured import MEASURED
from perfci.settings.addresses import Variables
from perfci.settings.checksum import Checksum
from perfci.settings.fields import (
    CommandLine,
    Count,
    ExitCodes,
    Flag,
    FormatName,
    InsidePath,
    Metrics,
    Name,
    ParameterName,
    ParameterValues,
    Paths,
    PlainText,
    Target,
    insist_on_measured,
)
from perfci.settings.fitting import KINDS, insist_on_fit
from perfci.settings.kinds import AiTable, HomeAssistantTable, HttpTable, ServiceTable, SystemTable
from perfci.settings.quantities import Duration, Seconds
from perfci.settings.table import Table


class Entry(Table):
    """A named piece of work."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [kind]} for kind in KINDS],
            # a tool's metrics have names of its own
            "if": {"not": {"anyOf": [{"required": ["read"]}, {"required": ["results"]}]}},
            "then": {"properties": {"metrics": {"items": {"enum": list(MEASURED)}}}},
        }
    )

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
    results: Paths | None = Field(
        None,
        description="Files, folders or globs of results that something else has measured before: "
        "they are read, and compared with stored runs.",
    )
    read: FormatName | None = Field(
        None,
        description="`run` is a benchmark tool, and its results are in this format: `perfci "
        "formats` lists them, `auto` finds it out. `{output}` in the command stands for a file "
        "to write them to; without it and `output`, what it prints is read.",
    )
    output: InsidePath | None = Field(
        None, description="File or folder that the tool of `run` writes its results to."
    )
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

    @field_validator("metrics")
    @classmethod
    def _metrics_are_known(cls, names: Metrics | None, info: ValidationInfo) -> Metrics | None:
        # a tool's metrics have names of its own
        if not (info.data.get("read") or info.data.get("results")):
            for name in names or ():
                insist_on_measured(name)
        return names

    @property
    def kind(self) -> str:
        """Return the key that says what is measured."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def home(self) -> str:
        """Return the suite in its keys: of a tool its own name, where no suite is set."""
        own = self.reads and "suite" not in self.model_fields_set
        return self.name if own else self.suite

    @property
    def reads(self) -> str:
        """Return the format of the results that are read; empty where perfci itself measures."""
        return self.read or ("auto" if self.results else "")

    @model_validator(mode="after")
    def _fits_together(self) -> "Entry":
        insist_on_fit(self)
        return self

    def texts(self) -> Iterator[str]:
        """Yield every text in which a parameter may stand."""
        yield from self.results or ()
        if self.output:
            yield self.output
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
