"""What the verbs of `perfci baseline` share: project, store and branch, and how they are told."""

import re
from argparse import Namespace
from dataclasses import dataclass
from datetime import datetime, timedelta

from perfci.cli.progress import progress
from perfci.errors import ConfigurationError
from perfci.model.text import printable
from perfci.ports import Store
from perfci.wiring.project import Project, open_project, project_name, store_of

_HOURS = {"h": 1, "d": 24, "w": 24 * 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A project's baselines."""

    project: Project
    store: Store
    name: str
    """Under which they are kept."""
    branch: str
    """The one that was named, else the one that is checked out."""


def open_baselines(options: Namespace) -> Opened:
    """Open the store that settings and flags name; tell what is odd about the settings.

    Raises:
        ConfigurationError: the settings contradict themselves, or name no known store.
    """
    project = open_project(options)
    for warning in project.warnings:
        progress().warn(warning)
    named: str | None = getattr(options, "branch", None)
    return Opened(
        project=project,
        store=store_of(project),
        name=project_name(project),
        branch=project.context.branch if named is None else named,
    )


def called(branch: str) -> str:
    """Return a branch's name for a table."""
    return printable(branch) or "(no name)"


def moment(when: datetime) -> str:
    """Return a time for a table: `2026-11-23 06:50`, in UTC."""
    return f"{when:%Y-%m-%d %H:%M}"


def reason_of(options: Namespace, example: str) -> str:
    """Return `--reason`, made harmless.

    Raises:
        ConfigurationError: nothing is left of it.
    """
    reason = printable(options.reason).strip()
    if not reason:
        raise ConfigurationError(
            "a baseline is decided on for a reason, and --reason is empty",
            hint=f"say why it may be so, e.g. --reason '{example}'",
        )
    return reason


def age(text: str) -> timedelta:
    """Return a span from `90d`, `12w` or `36h`.

    Raises:
        ConfigurationError: it is not a whole number of hours, days or weeks.
    """
    found = re.fullmatch(r"\s*([0-9]{1,5})\s*([hdw])\s*", text)
    if not found:
        raise ConfigurationError(
            f"--older-than {printable(text)[:40]!r} is not an age",
            hint="write it in days, weeks or hours: 90d, 12w, 36h",
        )
    return timedelta(hours=int(found[1]) * _HOURS[found[2]])
