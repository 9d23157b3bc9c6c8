"""Something to say, as data; a sink says it. A failed delivery never changes a verdict."""

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A warning that the platform shows above the log, where it has a place for such."""

    title: str
    text: str


Emission = File | Summary | Output | Annotation
