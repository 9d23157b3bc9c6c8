"""`perfci validate`: is everything there that the Python API needs?"""

from argparse import Namespace

from perfci.errors import ExitCode
from perfci.facade.diagnostics import print_framework_info, validate_framework_installation


def main(options: Namespace) -> int:
    """Print what is there and what is missing; 2 where perfci could not measure here."""
    if options.info:
        print_framework_info()
    return ExitCode.PASS if validate_framework_installation() else ExitCode.ERROR
