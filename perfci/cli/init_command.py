"""`perfci init`: a working configuration and pipeline file for this repository."""

import json
import sys
from argparse import Namespace

from perfci.errors import ConfigurationError, ExitCode
from perfci.model.emission import File
from perfci.platforms.folder import FolderSink
from perfci.scaffold.files import pipeline_file, settings_file
from perfci.scaffold.survey import survey
from perfci.wiring import process


def main(options: Namespace) -> int:
    """Write what is not there yet; say what was done and what comes next, in a few lines."""
    root = process.folder()
    found = survey(root)
    # a JSON string is a YAML scalar, whatever the text holds
    files = [settings_file(found, json.dumps), pipeline_file(options.platform)]
    kept = [] if options.force else [item for item in files if (root / item.path).exists()]
    if kept == files:
        raise ConfigurationError(
            f"{' and '.join(item.path for item in kept)} are there already",
            hint="change them by hand, or replace them with --force",
        )
    sink = FolderSink(root)
    for item in files:
        if item not in kept:
            sink.deliver(item)
    sys.stdout.write("\n".join(_said(files, kept, found.note)) + "\n")
    return ExitCode.PASS


def _said(files: list[File], kept: list[File], note: str) -> list[str]:
    lines = [f"found    {note}"]
    lines += [f"kept     {item.path} (it was there; --force replaces it)" for item in kept]
    lines += [f"wrote    {item.path}" for item in files if item not in kept]
    lines.append("next     perfci run --dry-run, then perfci run; commit both files")
    return lines
