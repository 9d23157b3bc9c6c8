"""Has Python programs note what they import while they warm up, and reads what they have noted."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

_HERE = Path(__file__).parent
_AT_EXIT = {"seen.py": "sitecustomize.py"}
_AT_SIGTERM = {"at_end.py": "sitecustomize.py", "seen.py": "seen.py"}


class Notes:
    """A place for notes.

    Args:
        folder: of its own; made, and made empty, where needed.
        served: True where programs are ended by SIGTERM, and never come to their orderly end.
    """

    def __init__(self, folder: Path, *, served: bool = False) -> None:
        self._folder = folder
        self._seen = folder / "seen"
        folder.mkdir(exist_ok=True)
        for source, name in (_AT_SIGTERM if served else _AT_EXIT).items():
            shutil.copyfile(_HERE / source, folder / name)
        self._seen.write_bytes(b"")

    def asked_of(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the variables with which programs take notes."""
        path = ":".join(filter(None, (str(self._folder), environ.get("PYTHONPATH"))))
        return {**environ, "PYTHONPATH": path, "PERFCI_IMPORTS": str(self._seen)}

    def modules(self) -> Iterator[tuple[str, str]]:
        """Yield names and files of the modules that were imported, each once."""
        for line in sorted(set(self._seen.read_text(errors="surrogateescape").split("\n"))):
            name, _, file = line.partition("\t")
            if file and Path(file).parent != self._folder:
                yield name, file
