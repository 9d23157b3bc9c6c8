"""`perfci report --as`: head's values for another tool."""

import sys
from argparse import Namespace
from pathlib import Path

from perfci import pipeline
from perfci.cli.conclude import insist
from perfci.cli.files import read_recording
from perfci.cli.progress import progress
from perfci.cli.result_files import path_of, read_result
from perfci.errors import ExitCode, FormatError
from perfci.model.emission import File
from perfci.model.text import inert, inert_json
from perfci.platforms.folder import FolderSink
from perfci.readers.look import look
from perfci.readers.own import OWN
from perfci.reports.leaving import FORMS
from perfci.reports.values import Value, values_of, values_of_run
from perfci.results.files import read_source


def write_as(options: Namespace) -> int:
    """Write one form, to standard output or to a file."""
    values = _values(options.result)
    if not values:
        raise FormatError(
            f"{options.result} holds no value of head", hint="was anything measured there?"
        )
    written = FORMS[options.form](values)
    if written.left:
        progress().warn(
            f"{written.left} of {len(values)} series are left out: {options.form} has one "
            "direction, and they are better in the other"
        )
    if options.output:
        place = Path(options.output)
        file = File(path=place.name, content=written.text.encode())
        insist(pipeline.deliver([file], [FolderSink(place.parent)]))
    else:
        sys.stdout.write(_inert(written.text))
    return ExitCode.PASS


def _inert(text: str) -> str:
    """Return it so that a CI system that shows it takes none of it for a command."""
    if text.startswith(("[", "{")):
        return inert_json(text)
    return "".join(f"{inert(line)}\n" for line in text.splitlines())


def _values(named: str) -> tuple[Value, ...]:
    path = str(path_of(named))
    if OWN.fits(look(read_source(path).unpacked())):
        return values_of_run(read_recording(path).run)
    return values_of(read_result(path))
