"""Base and head really are two, as far as a command's words and its imports can tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from perfci.ports import Places
from perfci.runners.commands.steps import Execution
from perfci.runners.imports.notes import Notes
from perfci.runners.two_sides import Territory, refuse_shared_modules, refuse_shared_programs


@contextmanager
def apart(execution: Execution, places: Places, notes: Path) -> Iterator[Execution]:
    """Make sure that a side runs nothing of the other, by its words and by what it imports.

    Args:
        execution: of one of two sides.
        places: where these lie.
        notes: folder for what programs note of their imports.

    Yields:
        The execution to run meanwhile.

    Raises:
        WorktreeError: both sides would run the same code.
    """
    subject = execution.subject
    territory = Territory.of(places, subject.side)
    name, cwd = str(subject.benchmark.id), subject.benchmark.cwd
    refuse_shared_programs(execution.work, territory, execution.environ, name, cwd=cwd)
    taken = Notes(notes)
    yield replace(execution, environ=taken.asked_of(execution.environ))
    refuse_shared_modules(taken.modules(), territory, name)
