"""Blobs left on disk, for another step of the job to carry where perfci itself cannot."""

from collections.abc import Mapping
from pathlib import Path

from perfci.stores.forge_archive import LEFT


class Left:
    """Writes blobs below a folder of its own, where nothing else is looked for."""

    def __init__(self, folder: Path) -> None:
        """Name the folder that the job's other files are written to; nothing is made yet."""
        self.folder = folder / LEFT

    def keep(self, blobs: Mapping[str, bytes]) -> None:
        """Write blobs by their names, which were checked before.

        Raises:
            OSError: one cannot be written.
        """
        for name, data in blobs.items():
            path = self.folder.joinpath(*name.split("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
