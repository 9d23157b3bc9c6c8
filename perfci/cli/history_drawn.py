"""`perfci history --html`: where the page goes, and what is not lost for it."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from perfci.errors import ConfigurationError
from perfci.platforms.single_file import STANDARD_OUTPUT, insist_on_file

_PAGE = re.compile(rb"\s*<!doctype html", re.IGNORECASE)
_HEAD = 4096
_OUTPUT = 1


def place_of_page(named: str, files: Sequence[str]) -> Path:
    """Return where the page can be written.

    Args:
        named: by `--html`.
        files: that are read, or their folders.

    Raises:
        ConfigurationError: it is standard output, or something else than a page is there.
        PerfciError: it is a folder, or one of the files.
    """
    if named == STANDARD_OUTPUT or _is_output(Path(named)):
        raise ConfigurationError(
            "standard output has the table, and not the page, too",
            hint="name a file: --html history.html",
        )
    # of a folder only what is no page is read
    place = insist_on_file(named, [path for path in map(Path, files) if not path.is_dir()])
    if not _takes_a_page(place):
        raise ConfigurationError(
            f"{named} is no HTML page, and would be written over by one",
            hint="name another file: --html history.html",
        )
    return place


def _is_output(place: Path) -> bool:
    """Tell whether the table goes into this very file."""
    try:
        return place.is_file() and os.path.samestat(place.stat(), os.fstat(_OUTPUT))
    except OSError:
        return False


def _takes_a_page(place: Path) -> bool:
    """Tell whether nothing is lost there: no file yet, an empty one, a page, a device, a pipe."""
    try:
        if not place.is_file():
            return True
        with place.open("rb") as file:
            head = file.read(_HEAD)
        return not head or _PAGE.match(head) is not None
    except OSError:  # whoever writes it says so
        return True
