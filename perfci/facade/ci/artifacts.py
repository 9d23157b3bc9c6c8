"""The folders of artifacts that a CI system uploads: one a run, and one of a fixed name."""

import re
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from perfci.model.emission import Emission, File
from perfci.platforms.folder import FolderSink

FIXED = "performance_artifacts"
"""Holds the newest run's files, for pipelines that name a path without wildcards."""
_STAMP = "%Y%m%dT%H%M%SZ"
_OURS = re.compile(rf"{FIXED}_(\d{{8}}T\d{{6}}Z)(?:-\d+)?")


def new_folder(root: Path, now: datetime) -> Path:
    """Make the folder of a run: `performance_artifacts_20261123T065000Z`.

    Args:
        root: the output folder.
        now: aware; two runs of one second get folders of their own.

    Raises:
        OSError: it cannot be made.
    """
    stem = f"{FIXED}_{now.astimezone(UTC):{_STAMP}}"
    root.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = root / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder


def write_files(folder: Path, emissions: Iterable[Emission]) -> tuple[Path, ...]:
    """Write those emissions that are files, each whole or not at all; return their paths.

    Raises:
        OSError: one could not be written.
    """
    sink = FolderSink(folder)
    written = []
    for emission in emissions:
        if isinstance(emission, File):
            sink.deliver(emission)
            written.append(folder / emission.path)
    return tuple(written)


def delete_old(root: Path, now: datetime, *, days: int) -> Iterator[str]:
    """Delete folders of runs that are older; say of each what kept it.

    Only what `new_folder` made is touched: real folders of such a name, by the time in it.

    Args:
        root: the output folder.
        now: aware.
        days: how long a folder is kept.
    """
    for path in sorted(root.glob(f"{FIXED}_*")):
        made = _made(path)
        if made is None or now - made <= timedelta(days=days):
            continue
        try:
            shutil.rmtree(path)
        except OSError as error:
            yield f"{path} is older than {days} days and could not be deleted: {error.strerror}"


def _made(path: Path) -> datetime | None:
    """Return when a folder was made; None for what is not a run's folder."""
    named = _OURS.fullmatch(path.name)
    if named is None or path.is_symlink() or not path.is_dir():
        return None
    try:
        return datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
