"""Something to say, as data; a sink says it. A failed delivery never changes a verdict."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file below the output folder."""

    path: str
    """Relative, with forward slashes."""
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Markdown for the platform's own page of the job."""

    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A named value for later steps of the pipeline."""

    name: str
    value: str


class Level(StrEnum):
    """How loud something is said."""

    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A line that the platform shows above the log or beside the code."""

    title: str
    text: str
    level: Level = Level.WARNING
    path: str = ""
    """File that it is about, relative to the repository; empty: the whole job."""
    line: int = 0
    """Of that file, from 1; 0: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What stands below a pull request: one a project, made or brought up to date."""

    marker: str
    """First line of every form, by which it is found again; nobody sees it."""
    forms: tuple[str, ...]
    """Markdown with the marker, the fullest first: a server may refuse that for its length."""
    makes: bool
    """Whether one is made where there is none yet; else only one that is there is changed."""


class Conclusion(StrEnum):
    """What a check came to."""

    SUCCESS = "success"
    NEUTRAL = "neutral"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The gate's state at a commit: one a project, opened before and closed after measuring."""

    name: str
    conclusion: Conclusion | None
    """None: it is going on."""
    title: str
    summary: str
    """Markdown."""
    annotations: tuple[Annotation, ...] = ()


class Service(StrEnum):
    """A chat service, or any other that takes a message by POST."""

    SLACK = "slack"
    DISCORD = "discord"
    TEAMS = "teams"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message for a chat."""

    service: Service
    body: bytes
    """JSON, as the service takes it."""


Emission = File | Summary | Output | Annotation | Comment | Check | Notice
