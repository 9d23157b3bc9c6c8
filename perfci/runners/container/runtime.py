"""The interpreter that perfci takes along: an image need not have one, or has another."""

import ast
import marshal
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

from perfci.runners.container.refusal import ContainerError
from perfci.runners.processes.spawning import OPTIONS
from perfci.runners.processes.spawning import PROGRAM as SPAWNER

HOME = PurePosixPath("/.perfci")
"""Where everything of perfci's lies in a container."""
_OWN = Path(__file__).parent
_ROOT = _OWN.parents[2]
"""The folder that perfci's package lies in."""
HOLD, LOOK, RELAY = (_OWN / f"{name}.py" for name in ("hold", "look", "relay"))
_PROGRAMS = (SPAWNER, HOLD, LOOK, RELAY)
"""What it has to run."""
_LIST = (
    "import sys; sys.path.append(sys.argv[1]);"
    f" from {__package__}.loaded import tell; tell(sys.argv[2:])"
)
"""Told as text, as the spawner is in the end: newer Pythons load more for that."""
_LOADER = re.compile(r"ld[-.\d].*so")
_UNSAID = ("resource",)
"""Modules that are imported though no program says so: by `os.wait4`."""
_PATIENCE = 60.0
"""Seconds that listing may take."""

Files = tuple[tuple[PurePosixPath, Path], ...]
"""Where each file goes, and where it is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """An interpreter with no more than perfci's programs need."""

    files: Files
    loader: str
    """Name of the dynamic loader among its libraries; empty where it needs none."""
    dynload: PurePosixPath
    """Folder of its extension modules, which it looks for even where there are none."""

    def command(self, program: Path, *arguments: str) -> list[str]:
        """Return what runs one of perfci's programs in a container.

        The loader is told where the libraries are: no variable that a program would inherit.
        """
        python = [str(HOME / "bin/python3"), *OPTIONS, str(there(program)), *arguments]
        if not self.loader:
            return python
        return [str(HOME / "lib" / self.loader), "--library-path", str(HOME / "lib"), *python]


def there(path: Path) -> PurePosixPath:
    """Return where a file or folder of perfci's package lies in a container."""
    return HOME / "programs" / path.relative_to(_ROOT)


@cache
def runtime() -> Runtime:
    """Collect the running interpreter's files.

    Raises:
        ContainerError: it cannot be found out what they are.
    """
    argv = [sys.executable, *OPTIONS, "-c", _LIST, str(_ROOT), *sorted(_imports(_PROGRAMS))]
    try:
        done = subprocess.run(
            argv, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE
        )
        told = marshal.loads(done.stdout)  # noqa: S302 - our own program wrote it
    except (OSError, subprocess.SubprocessError, EOFError, ValueError) as error:
        raise ContainerError(
            f"perfci cannot take its own Python ({sys.executable}) into a container: {error}",
            hint="run perfci by the Python of a Linux distribution, of python.org or of pyenv",
        ) from error
    libraries = [path for path in map(Path, told["libraries"]) if path.is_absolute()]
    return Runtime(
        files=tuple(dict(_files(told, libraries)).items()),
        loader=next((path.name for path in libraries if _LOADER.match(path.name)), ""),
        dynload=HOME / told["folder"] / "lib-dynload",
    )


def _files(told: dict[str, Any], libraries: list[Path]) -> Iterator[tuple[PurePosixPath, Path]]:
    library, folder = Path(told["library"]), HOME / told["folder"]
    yield HOME / "bin/python3", Path(told["executable"])
    for path in (*_PROGRAMS, *map(Path, told["modules"])):
        if path.is_relative_to(_ROOT / "perfci") and path.is_file():
            yield there(path), path
        elif path.parent.name == "lib-dynload":
            yield folder / "lib-dynload" / path.name, path
        elif path.is_relative_to(library) and path.is_file():
            yield folder / path.relative_to(library), path
    for path in libraries:
        if path.parent.name != "lib-dynload":
            yield HOME / "lib" / path.name, path


def _imports(programs: tuple[Path, ...]) -> set[str]:
    """Return every module that programs import, also inside functions, and so on in perfci's."""
    found = set(_UNSAID)
    waiting = list(programs)
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_bytes())):
            match node:
                case ast.Import(names=names):
                    new = {each.name for each in names} - found
                case ast.ImportFrom(module=str(module)):
                    new = {module} - found
                case _:
                    continue
            found |= new
            for name in new:
                spec = find_spec(name) if name.startswith("perfci.") else None
                if spec and spec.origin:
                    waiting.append(Path(spec.origin))
    return found
