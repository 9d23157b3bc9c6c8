"""The settings: one frozen model, validated once, in base units."""

from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from perfci.gate.policy import Level, OnInconclusive, OnMissingBaseline
from perfci.settings.entry import Entry
from perfci.settings.fields import (
    CommandLine,
    Count,
    Day,
    Flag,
    GitName,
    Label,
    PlainText,
    Rounds,
    Variable,
)
from perfci.settings.quantities import Change, Duration, Percent, Quantity, Seconds, Share
from perfci.settings.renaming import BenchmarkName
from perfci.settings.table import Table, shape


class Measure(Table):
    """How measuring is done."""

    warmup: Count = Field(1, description="Executions thrown away before measuring.")
    rounds: Rounds = Field(
        "auto",
        validate_default=True,
        description="Launches a side: as many as it takes to decide, or a fixed number.",
    )
    timeout: Duration = Field(
        "300s", validate_default=True, description="Longest that one execution may take."
    )
    cooldown: Seconds = Field("0s", validate_default=True, description="Rest before each launch.")
    max_time: Duration = Field(
        "10m", validate_default=True, description="Longest that all measuring may take."
    )


class Bands(Table):
    """Size of a worsening from which a regression has each severity; rising."""

    minor: Change = Field("10%", validate_default=True, description="From here `minor`.")
    moderate: Change = Field("25%", validate_default=True, description="From here `moderate`.")
    major: Change = Field("50%", validate_default=True, description="From here `major`.")
    critical: Change = Field("100%", validate_default=True, description="From here `critical`.")

    @model_validator(mode="after")
    def _rising(self) -> "Bands":
        if not self.minor < self.moderate < self.major < self.critical:
            raise shape("must rise: minor < moderate < major < critical")
        return self


class GateRule(Table):
    """A limit for the series that its glob matches."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["threshold"]},
                {"required": ["budget"]},
                {"required": ["level"], "properties": {"level": {"const": "off"}}},
            ],
            "dependentRequired": {"at_least": ["threshold"]},
        }
    )

    match: Label = Field(
        description="Glob over the key `suite/benchmark[parameter=value]:metric`; without `:` it "
        "means every metric, without `[` every parameter."
    )
    threshold: Change | None = Field(None, description="Relative worsening that is too much.")
    at_least: Quantity | None = Field(
        None, description="The worsening must be this large, too, in the metric's own unit."
    )
    budget: Quantity | None = Field(
        None,
        description="Limit on the value itself, baseline or no baseline; of counts a plain number.",
    )
    level: Level = Field(Level.ERROR, description="What a broken rule does.")

    @model_validator(mode="after")
    def _has_a_limit(self) -> "GateRule":
        if self.threshold is None and self.budget is None and self.level is not Level.OFF:
            raise shape("has neither threshold nor budget; to silence its series, add level: off")
        return self

    @model_validator(mode="after")
    def _at_least_has_a_threshold(self) -> "GateRule":
        if self.at_least is not None and self.threshold is None:
            raise shape("has at_least, but no threshold that it could stand beside; add one")
        return self


class AcceptEntry(Table):
    """A known regression that is let pass."""

    match: Label = Field(description="Glob over the key, as in `rules`.")
    reason: Label = Field(description="Why it is accepted; told wherever the regression is.")
    until: Day | None = Field(None, description="Last day on which it holds.")
    up_to: Percent | None = Field(None, description="Largest worsening that it stands for.")


class Gate(Table):
    """What the gate goes by."""

    sensitivity: Share = Field(
        "5%", validate_default=True, description="The change that measuring works to see."
    )
    severity: Bands = Field(
        default_factory=Bands, description="Size of a worsening, in four bands."
    )
    fail_on: Literal["none", "minor", "moderate", "major", "critical"] = Field(
        "minor", description="Smallest severity that fails the gate where no rule matches."
    )
    max_regressions: Count | None = Field(
        None, description="More regressions than this fail the gate, whatever their size."
    )
    on_inconclusive: OnInconclusive = Field(
        OnInconclusive.WARN, description="What a comparison that cannot tell does."
    )
    on_missing_baseline: OnMissingBaseline = Field(
        OnMissingBaseline.RECORD, description="What having nothing to compare with does."
    )
    rules: tuple[GateRule, ...] = Field(
        (), description="The first rule that matches replaces `fail_on` for that series."
    )
    accept: tuple[AcceptEntry, ...] = Field((), description="Known regressions that do not block.")


class Report(Table):
    """What is written beside the result."""

    html: Flag = Field(default=True, description="Write `report.html`.")
    charts: Literal["svg", "png", "none"] = Field(
        "svg", description="Pictures as files beside the report, and of which kind."
    )
    comment: Literal["always", "on-change", "never"] = Field(
        "on-change", description="When to write `comment.md`."
    )


class Notify(Table):
    """Who is told in a chat, and when."""

    slack: Variable | None = Field(
        None, description="Variable with the address of a Slack webhook, as `$NAME`."
    )
    discord: Variable | None = Field(
        None, description="Variable with the address of a Discord webhook, as `$NAME`."
    )
    teams: Variable | None = Field(
        None, description="Variable with the address of a Teams workflow, as `$NAME`."
    )
    webhook: Variable | None = Field(
        None, description="Variable with the address of a program of your own, as `$NAME`."
    )
    on: Literal["fail", "change", "always", "never"] = Field(
        "fail", description="What a message is sent for."
    )


class Settings(Table):
    """Settings of perfci: `perfci.yml`, `perfci.toml`, or `[tool.perfci]` in `pyproject.toml`."""

    project: Label | None = Field(
        None,
        description="Name under which baselines are kept: the repository's slug, else the "
        "folder's name, where it is not set.",
    )
    store: PlainText = Field(
        "file:.perfci",
        description="Where baselines are kept: `file:DIR`, `git:BRANCH`, `s3://BUCKET/PREFIX`, "
        "`artifact:NAME` or `gitlab:PACKAGE`.",
    )
    mode: Literal["auto", "paired", "history", "record"] = Field(
        "auto",
        description="What head is compared with: its base, side by side; the stored runs of the "
        "branch; nothing yet. `auto` takes the first on pull requests, else the second.",
    )
    base: GitName | None = Field(None, description="Commit or branch to compare with.")
    setup: CommandLine | None = Field(
        None, description="Command that is run once on each side before measuring."
    )
    interpreter: PlainText | None = Field(
        None,
        description="Python that runs callables, a path or a name on `PATH`: each side's own "
        "`.venv`, else python3, where it is not set.",
    )
    benchmarks: tuple[Entry, ...] = Field((), description="What is measured.")
    measure: Measure = Field(default_factory=Measure, description="How measuring is done.")
    gate: Gate = Field(default_factory=Gate, description="What the gate goes by.")
    renamed: dict[BenchmarkName, BenchmarkName] = Field(
        default_factory=dict,
        description="New `suite/benchmark` by old: stored runs of the old name stay its history.",
    )
    expect: tuple[Label, ...] | None = Field(
        None, description="Globs of benchmarks that must be measured: all where it is not set."
    )
    report: Report = Field(default_factory=Report, description="What is written beside the result.")
    notify: Notify = Field(default_factory=Notify, description="Who is told in a chat, and when.")
    branches: tuple[GitName, ...] = Field(
        (), description="Branches whose runs become baselines: the default branch where not set."
    )
    update_baseline: Literal["auto", "always", "never"] = Field(
        "auto", description="Whether a run becomes a baseline."
    )
    output: PlainText = Field("perfci-results", description="Folder that files are written to.")
