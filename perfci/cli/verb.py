"""What a verb of the command line is, and the flags that several of them share."""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass


def _nothing(_parser: ArgumentParser) -> None:
    """Take no flags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One command of the command line."""

    name: str
    help: str
    example: str
    options: Callable[[ArgumentParser], None] = _nothing
    verbs: "tuple[Verb, ...]" = ()
    """What follows it, where it does nothing by itself: `perfci baseline accept`."""


def project(parser: ArgumentParser) -> None:
    """Take the flags that name the settings."""
    parser.add_argument("--config", metavar="FILE", help="settings file (default: perfci.yml)")
    parser.add_argument(
        "--set",
        metavar="SECTION.KEY=VALUE",
        action="append",
        default=[],
        help="change one setting, e.g. --set gate.sensitivity=3%%",
    )


def output(parser: ArgumentParser) -> None:
    """Take `--output`, a folder."""
    parser.add_argument(
        "--output", "-o", metavar="DIR", help="where files go (default: perfci-results)"
    )


def as_json(parser: ArgumentParser) -> None:
    """Take `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def select(parser: ArgumentParser, what: str) -> None:
    """Take `--select`, any number of times.

    Args:
        parser: of a verb.
        what: it chooses, for people: `series`.
    """
    parser.add_argument(
        "--select", metavar="GLOB", action="append", default=[], help=f"{what} by glob"
    )


def store(parser: ArgumentParser) -> None:
    """Take `--store`."""
    parser.add_argument("--store", metavar="URL", help="where baselines are kept (file:.perfci)")


def dry_run(parser: ArgumentParser) -> None:
    """Take `--dry-run`."""
    parser.add_argument("--dry-run", action="store_true", help="show it, change nothing")
