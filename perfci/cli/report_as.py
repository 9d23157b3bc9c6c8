"""`perfci report --as`: head's values for another tool."""

import sys
from argparse import Namespace
from pathlib import Path

from perfci.cli.files import read_recording
from perfci.cli.progress import progress
from perfci.cli.result_files import RUN, path_of, read_result
from perfci.errors import ExitCode, FormatError
from perfci.model.text import inert, inert_json
from perfci.platforms.single_file import STANDARD_OUTPUT, insist_on_file, write_file
from perfci.readers.look import look
from perfci.readers.own import OWN
from perfci.reports.leaving import FORMS
from perfci.reports.values import Value, values_of, values_of_run
from perfci.results.files import read_source


def write_as(options: Namespace) -> int:
    """Write one form, to standard output or to a file."""
    named = "" if options.output == STANDARD_OUTPUT else options.output
    place = insist_on_file(named, _inputs(options.result)) if named else None
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
    if place:
        write_file(place, written.text.encode())
    else:
        sys.stdout.write(_inert(written.text))
    return ExitCode.PASS


def _inert(text: str) -> str:
    """Return it so that a CI system that shows it takes none of it for a command."""
    if text.startswith(("[", "{")):
        return inert_json(text)
    return "".join(f"{inert(line)}\n" for line in text.splitlines())


def _inputs(named: str) -> tuple[Path, ...]:
    path = path_of(named)
    # the launches are read from there, too
    return path, path.with_name(RUN)


def _values(named: str) -> tuple[Value, ...]:
    path = str(path_of(named))
    if OWN.fits(look(read_source(path).unpacked())):
        return values_of_run(read_recording(path).run)
    return values_of(read_result(path))
