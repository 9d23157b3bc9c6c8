"""The command line's grammar: verbs, flags, help with examples. Verbs are imported when asked."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module

from perfci import __version__
from perfci.cli import verbs
from perfci.uncollected import uncollected

Command = Callable[[argparse.Namespace], int]


def parse(arguments: list[str]) -> tuple[Command, argparse.Namespace]:
    """Return the function of the verb and its options.

    Raises:
        SystemExit: 0 after help, 2 after a usage error, as argparse has it.
    """
    parser = argparse.ArgumentParser(
        prog="perfci",
        description="Fails the pull request that makes your code slower, and says how sure it is.",
        epilog="exit codes: 0 the gate passed, 1 it failed, 2 perfci could not do its job",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"perfci {__version__}")
    _add(parser, verbs.VERBS, "perfci.cli.")
    options = parser.parse_args(arguments)
    return _command(options.module), options


def _command(module: str) -> Command:
    """Import a verb; of what it needs nothing goes, and looking for that takes a tenth of it."""
    with uncollected():
        command: Command = import_module(module).main
    return command


def _add(parser: argparse.ArgumentParser, under: Sequence[verbs.Verb], start: str) -> None:
    """Add verbs, and theirs; `baseline accept` is main of `baseline_accept_command`."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for verb in under:
        sub = commands.add_parser(
            verb.name,
            help=verb.help,
            description=verb.help,
            epilog=f"example: {verb.example}",
            allow_abbrev=False,
        )
        if verb.verbs:
            _add(sub, verb.verbs, f"{start}{verb.name}_")
            continue
        verb.options(sub)
        sub.add_argument("--debug", action="store_true", help="show tracebacks")
        sub.set_defaults(module=f"{start}{verb.name}_command")
