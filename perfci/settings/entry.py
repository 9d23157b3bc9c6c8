"""One entry under `benchmarks`."""

from pydantic import ConfigDict, Field, model_validator

from perfci.settings.fields import (
    CommandLine,
    Count,
    Metrics,
    Name,
    ParameterName,
    ParameterValues,
    Target,
)
from perfci.settings.parameters import count, mentions
from perfci.settings.quantities import Duration, Seconds
from perfci.settings.spelling import shown
from perfci.settings.table import Table, shape

MOST_COMBINATIONS = 1000


class Entry(Table):
    """A named piece of work."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["run"]}, {"required": ["python"]}]}
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
        "`package.module:function`. Parameters are passed by keyword.",
    )
    metrics: Metrics = Field(("latency",), description="What the gate judges.")
    parameters: dict[ParameterName, ParameterValues] = Field(
        default_factory=dict,
        description="Lists of values by name; every combination is a benchmark of its own.",
    )
    timeout: Duration | None = Field(None, description="Instead of `measure.timeout`.")
    warmup: Count | None = Field(None, description="Instead of `measure.warmup`.")
    cooldown: Seconds | None = Field(None, description="Instead of `measure.cooldown`.")

    @model_validator(mode="after")
    def _one_kind_of_work(self) -> "Entry":
        if self.run is None and self.python is None:
            raise shape("has neither run nor python")
        if self.run is not None and self.python is not None:
            raise shape("has both run and python; split it in two")
        return self

    @model_validator(mode="after")
    def _metrics_once(self) -> "Entry":
        if len(set(self.metrics)) < len(self.metrics):
            raise shape("names a metric twice")
        return self

    @model_validator(mode="after")
    def _parameters_make_sense(self) -> "Entry":
        number = count(self.parameters)
        if number > MOST_COMBINATIONS:
            raise shape(f"has {shown(number)} combinations, more than {MOST_COMBINATIONS}")
        if self.run is None:
            return self
        text = self.run if isinstance(self.run, str) else "\n".join(self.run)
        for name in self.parameters:
            if not mentions(text, name):
                raise shape(f"has a parameter {name} that its run does not use: write {{{name}}}")
        return self
