"""`perfci formats`: which files of results are read."""

from argparse import Namespace

from perfci.cli.layout import print_json, print_rows
from perfci.cli.progress import progress
from perfci.errors import ExitCode
from perfci.wiring.formats import known_formats


def main(options: Namespace) -> int:
    """Print one row a format, in the order of their names."""
    known = known_formats()
    rows = [
        {"format": name, "proves": item.proves.value, "what it is": item.describes}
        for name, item in sorted(known.formats.items())
    ]
    if options.json:
        print_json([{**row, "files": known.formats[row["format"]].files} for row in rows])
    else:
        print_rows(rows)
    for warning in known.warnings:
        progress().warn(warning)
    return ExitCode.PASS
