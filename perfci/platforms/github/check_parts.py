"""A check run's parts as GitHub takes them: whose it is, its page, its annotations."""

import re
from dataclasses import dataclass

from perfci.model.emission import Annotation, Check, Level

KILLED = {
    "title": "The job ended before the gate had decided",
    "summary": "It was cancelled or killed, and nothing was judged. Run it again.",
}
"""What stands on the page of a check that its own job did not close."""
_LONGEST = 64_000
"""Bytes of a page or a message; GitHub takes 65,535 characters."""
_TITLE = 255
"""Characters."""
_LEVELS = {Level.NOTICE: "notice", Level.WARNING: "warning", Level.ERROR: "failure"}
_CUT = "\n\n*More does not fit here; the report has all of it.*\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The job that opened a check, as the check itself remembers it."""

    run: str
    """Number of the workflow run."""
    attempt: int
    token: str
    """Its own: the jobs of a matrix have the rest in common."""

    def __str__(self) -> str:
        """Return the text that GitHub keeps beside the check."""
        return f"perfci:{self.run}:{self.attempt}:{self.token}"


def owner_of(external_id: str) -> Owner | None:
    """Return whose a check is; None where perfci did not make it."""
    found = re.fullmatch(r"perfci:([0-9]{1,20}):([0-9]{1,9}):(.*)", external_id, re.ASCII)
    return Owner(run=found[1], attempt=int(found[2]), token=found[3]) if found else None


def output_of(check: Check) -> dict[str, object]:
    """Return the check's page, cut to what GitHub takes."""
    return {"title": check.title[:_TITLE], "summary": _cut(check.summary)}


def annotation_of(annotation: Annotation) -> dict[str, object]:
    """Return an annotation with a path as GitHub takes it."""
    line = max(annotation.line, 1)
    return {
        "path": annotation.path,
        "start_line": line,
        "end_line": line,
        "annotation_level": _LEVELS[annotation.level],
        "title": _plane(annotation.title)[:_TITLE],
        "message": _cut(_plane(annotation.text)),
    }


def _plane(text: str) -> str:
    """Replace what needs four bytes in UTF-8: GitHub has refused such annotations."""
    return re.sub("[\U00010000-\U0010ffff]", "\ufffd", text)


def _cut(text: str) -> str:
    """Return the whole lines that fit, with a note where something is missing."""
    data = text.encode("utf-8", "replace")
    if len(data) <= _LONGEST:
        return data.decode()
    kept = data[: _LONGEST - len(_CUT)].decode("utf-8", "ignore")
    whole = kept.rpartition("\n")[0]
    return (whole or kept) + _CUT
