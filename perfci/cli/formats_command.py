"""`perfci formats`: which files of results are read."""

from argparse import Namespace

from perfci.cli.layout import print_json, print_rows
from perfci.errors import ExitCode
from perfci.readers.formats import FORMATS


def main(options: Namespace) -> int:
    """Print one row a format."""
    rows = [{"format": item.name, "what it is": item.describes} for item in FORMATS]
    if options.json:
        print_json(rows)
    else:
        print_rows(rows)
    return ExitCode.PASS
