"""The command line's grammar: verbs, flags, help with examples. Verbs are imported when asked."""

import argparse
from collections.abc import Callable
from importlib import import_module

from perfci import __version__
from perfci.cli import verbs

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
    commands = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    for verb in verbs.VERBS:
        sub = commands.add_parser(
            verb.name,
            help=verb.help,
            description=verb.help,
            epilog=f"example: {verb.example}",
            allow_abbrev=False,
        )
        verb.options(sub)
        sub.add_argument("--debug", action="store_true", help="show tracebacks")
    options = parser.parse_args(arguments)
    module = import_module(f"perfci.cli.{options.verb}_command")
    command: Command = module.main
    return command, options
