"""One side's container as runners see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from perfci.errors import MeasurementError
from perfci.model.text import printable
from perfci.runners.callables.interpreter import Interpreter
from perfci.runners.callables.pipes import Pipes
from perfci.runners.callables.workplace import FOLDER
from perfci.runners.container.box import SCRATCH, Box
from perfci.runners.container.images import Image
from perfci.runners.container.refusal import ContainerError
from perfci.runners.container.relayed import RelayedPipes
from perfci.runners.container.runtime import there
from perfci.runners.failures import clean
from perfci.runners.processes.spawning import PROGRAM, Spawner

_PASSED_ON = ("CI", "NO_COLOR", "SOURCE_DATE_EPOCH", "TZ")
"""Variables of perfci's own that programs in an image get: no path, no name, no secret. What else
they need stands in the benchmark's `env`."""
_OUTPUT = SCRATCH / "output"
_END = 4096
"""Bytes of output that are told."""
_PYTHONS = ("python3", "python")


@dataclass(slots=True, kw_only=True)
class Sibling:
    """A container that holds one side's tree at the path that it has here."""

    box: Box
    root: Path
    definitions: Path
    """The tree, as seen there, that the files of callables are read from."""
    image: Image
    own: Mapping[str, str]
    """Perfci's own variables."""
    brought: set[str] = field(default_factory=set)
    """Files that were copied into `definitions`."""
    spawner: Spawner = field(init=False)
    _numbers: "count[int]" = field(init=False, default_factory=count)
    _found: dict[tuple[str, Path, str], Path] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Make the spawner; its process starts when it is first needed."""
        self.spawner = Spawner(lambda: self.box.open(PROGRAM))

    @property
    def environ(self) -> Mapping[str, str]:
        """Return the image's own variables, a home folder, and a few of perfci's."""
        passed = {name: self.own[name] for name in _PASSED_ON if name in self.own}
        return {"HOME": self.box.home, **passed, **self.image.environ}

    @property
    def output(self) -> Path:
        """Return the file, as seen there, that programs' outputs are written to."""
        return Path(_OUTPUT)

    def read_output(self) -> str:
        """Return the end of that file, made harmless; empty where it cannot be read."""
        try:
            return clean(self.box.end_of(_OUTPUT, _END).decode(errors="replace"))
        except (ContainerError, OSError):
            return ""

    def find(self, name: str, folder: Path, environ: Mapping[str, str]) -> Path | None:
        """Return the program that a name stands for there; None where there is none.

        Args:
            name: as written; with a slash it is a path, seen from `folder`.
            folder: that it is started in.
            environ: variables; `PATH` counts.
        """
        asked = (name, folder, environ.get("PATH", ""))
        if asked not in self._found:
            found = self.box.look(find=[asked]).found[0]
            if not found:
                return None
            self._found[asked] = Path(found)
        return self._found[asked]

    def python(self, setting: str | None, environ: Mapping[str, str]) -> Interpreter:
        """Choose the image's interpreter; see `Workplace.python`."""
        for name in _PYTHONS if setting is None else (setting,):
            found = self.find(name, self.root, environ)
            if found:
                said = name if setting is None else f"interpreter: {printable(name)}"
                return Interpreter(path=found, tried=said)
        tried = "the image" if setting is None else "interpreter"
        if setting is None:
            reason = f"{' and '.join(_PYTHONS)} are in no folder of the image's PATH"
            hint = "name an image that has Python, or the one it has by `interpreter:`"
        else:
            reason = f"{printable(setting)} is not in the image"
            hint = "name one that the image has"
        return Interpreter(path=None, tried=tried, reason=reason, hint=hint)

    def program(self, name: str) -> Path:
        """Return where a program of perfci's own lies there."""
        return Path(there(FOLDER / name))

    def pipes(self) -> Pipes:
        """Open a fresh pair; see `Workplace.pipes`."""
        stem = SCRATCH / f"worker-{next(self._numbers)}"
        return RelayedPipes(self.box, stem)

    def close(self) -> None:
        """End everything there and remove it; safe to call twice."""
        try:
            self.spawner.close()
        except MeasurementError:
            pass
        finally:
            self.box.close()
