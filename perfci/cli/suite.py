"""The suite that `--suite` gives to another tool's benchmarks."""

from argparse import ArgumentParser, Namespace

from perfci.errors import ConfigurationError
from perfci.model.text import printable

_LONGEST = 100
"""Characters of a suite's name."""


def take_suite(parser: ArgumentParser, default: str) -> None:
    """Take `--suite`.

    Args:
        parser: of a verb.
        default: what it is where it is not given, for people.
    """
    parser.add_argument("--suite", metavar="NAME", help=f"of its benchmarks (default: {default})")


def suite_of(options: Namespace) -> str | None:
    """Return the suite that was named; None where none was.

    Raises:
        ConfigurationError: it is no name that a key could begin with.
    """
    name: str | None = options.suite
    if name is None:
        return None
    if name != printable(name) or not name.strip() or len(name) > _LONGEST or set("/:[]") & {*name}:
        raise ConfigurationError(
            f"--suite {printable(name, limit=60)!r} is no name of a suite",
            hint=f"take up to {_LONGEST} characters, and none of / : [ ]",
        )
    return name
