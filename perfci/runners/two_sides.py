"""Base and head really are two: nothing that runs comes from the checkout or the other side.

An earlier `pip install -e .`, an absolute path, a program on PATH: both sides would run the same
code, and every comparison would be green.
"""

import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from perfci.errors import WorktreeError
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.model.work import Command
from perfci.ports import Places
from perfci.runners.executables import find

_PACKAGES = re.compile(r"/(?:site-packages|dist-packages|lib(?:64)?/python\d[\d.]*)/")
_INTERPRETER = re.compile(r"(?:python|pypy)[\d.]*")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_HINT = (
    "install each side by itself in `setup:`, e.g. `python -m venv .venv && .venv/bin/pip install"
    " -e .`, and start it from there: `run: .venv/bin/python ...`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """What belongs to one side, and what must not be used on it."""

    side: Side
    own: str
    other: str
    checkout: str

    @classmethod
    def of(cls, places: Places, side: Side) -> "Territory":
        """Return the territory of one of two sides."""
        other = Side.HEAD if side is Side.BASE else Side.BASE
        return cls(
            side=side,
            own=os.path.realpath(places.roots[side]),
            other=os.path.realpath(places.roots[other]),
            checkout=os.path.realpath(places.checkout),
        )

    @property
    def is_one(self) -> bool:
        """Return whether both sides are one folder: on purpose, to measure code against itself."""
        return self.own == self.other

    def is_foreign(self, path: str) -> bool:
        """Return whether a file belongs to the checkout or to the other side."""
        real = os.path.realpath(path)
        if _inside(real, self.own):
            return False
        return _inside(real, self.other) or _inside(real, self.checkout)

    def has_module(self, name: str) -> bool:
        """Return whether the side's own tree holds a module or package of this name."""
        folders = (Path(self.own), Path(self.own, "src"))
        files = (f"{name}/__init__.py", f"{name}.py")
        return any((folder / file).is_file() for folder in folders for file in files)

    def refusal(self, benchmark: str, what: str) -> WorktreeError:
        """Return the error for something that is not this side's own."""
        other = Side.HEAD if self.side is Side.BASE else Side.BASE
        return WorktreeError(
            f"{printable(benchmark)} on {self.side} would use {printable(what)}, which is not in"
            f" {self.side}'s own tree ({self.own}; {other} is in {self.other}): both sides would"
            " run the same code. The usual cause is an earlier install (pip install -e .)",
            hint=_HINT,
        )


def refuse_shared_modules(
    modules: Iterable[tuple[str, str]],
    territory: Territory,
    benchmark: str,
    *,
    allowed: Path | None = None,
) -> None:
    """Refuse modules that both sides would share though they are under test.

    Args:
        modules: names and files of what was imported on one side.
        territory: that side's.
        benchmark: for the message.
        allowed: head's file of the benchmark itself, which holds for both sides.

    Raises:
        WorktreeError: one comes from the checkout, from the other side, or from an install though
            the side's own tree holds it.
    """
    if territory.is_one:
        return
    excepted = os.path.realpath(allowed) if allowed else None
    for name, file in modules:
        real = os.path.realpath(file)
        if real == excepted or _inside(real, territory.own):
            continue
        top = name.partition(".")[0]
        foreign = territory.is_foreign(real) and not (_installed(file) or _installed(real))
        installed = (
            top not in sys.stdlib_module_names and top != "__main__" and territory.has_module(top)
        )
        if foreign or installed:
            raise territory.refusal(benchmark, f"{file} (module {name})")


def refuse_shared_programs(
    work: Command,
    territory: Territory,
    environ: Mapping[str, str],
    benchmark: str,
    *,
    cwd: str = "",
) -> None:
    """Refuse a command that names or finds something of the checkout or of the other side.

    Args:
        work: the command.
        territory: of the side that it runs on.
        environ: its variables; `PATH` counts.
        benchmark: for the message.
        cwd: the folder that it starts in, relative to the side's root.

    Raises:
        WorktreeError: it does.
    """
    if territory.is_one:
        return
    words = _words(work.argv[-1]) if work.shell else list(work.argv)
    for word in words:
        for part in (word, word.partition("=")[2]):
            if part.startswith("/") and not _is_python(part) and territory.is_foreign(part):
                raise territory.refusal(benchmark, part)
    for name in _programs(words) if work.shell else words[:1]:
        found = find(name, Path(territory.own, cwd), environ)
        if found and not _is_python(str(found)) and territory.is_foreign(str(found)):
            raise territory.refusal(benchmark, f"{found} (found on PATH)")


def _words(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:  # an open quote; the shell will complain
        return text.split()


def _programs(words: Iterable[str]) -> Iterator[str]:
    """Return the words of a shell text that stand where a program's name does."""
    first = True
    for word in words:
        if re.fullmatch(r"[();|&]+", word):
            first = True
        elif first and not _ASSIGNMENT.match(word):
            first = False
            yield word


def _is_python(path: str) -> bool:
    """Return whether a program is Python itself, or an installed Python script.

    What it imports is looked at then, not where it lies.
    """
    if _INTERPRETER.fullmatch(Path(path).name):
        return True
    try:
        with Path(path).open("rb") as file:
            line = file.readline(256)
    except OSError:
        return False
    return _installed(path) and line.startswith(b"#!") and b"python" in line


def _installed(path: str) -> bool:
    """Return whether a file is a dependency: in a packages folder, or a virtual environment's."""
    folder = Path(path).parent
    return bool(_PACKAGES.search(path)) or (
        folder.name == "bin" and (folder.parent / "pyvenv.cfg").is_file()
    )


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
