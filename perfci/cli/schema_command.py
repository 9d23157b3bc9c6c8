"""`perfci schema`: the JSON Schema of the settings, for editors."""

from argparse import Namespace

from perfci.cli.layout import print_json
from perfci.errors import ExitCode
from perfci.settings.json_schema import json_schema


def main(_options: Namespace) -> int:
    """Print it."""
    print_json(json_schema())
    return ExitCode.PASS
