"""`perfci test`: does perfci find a known slowdown on this machine, and nothing where none is?"""

from argparse import Namespace
from importlib import import_module

from perfci.errors import ExitCode


def main(options: Namespace) -> int:
    """Run the checks; 2 where one fails: here perfci could not do its job."""
    # a door above this layer; whoever is told of no failure needs no names of checks
    door = import_module("perfci.test_regression_framework")
    good = door.run_all_tests(verbosity=2 if options.verbose else 1)
    return ExitCode.PASS if good else ExitCode.ERROR
