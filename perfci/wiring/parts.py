"""Concrete parts by name: what measures, what draws, what is told."""

import tempfile
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from perfci import __version__
from perfci.baselines.keys import run_id
from perfci.doctor import Health
from perfci.errors import PerfciError
from perfci.model.measurement import Side
from perfci.model.revision import Revision
from perfci.model.run import Environment
from perfci.pipeline import Ports
from perfci.plan.plan import Plan
from perfci.platforms.single_file import is_one_of
from perfci.ports import Observer, Opened, Places, Probe
from perfci.runners.machine import MachineProbe
from perfci.wiring.own_files import CHARTS, RESULT, RUN, answers_in, insist_on_place
from perfci.wiring.process import SystemClock, environ, token
from perfci.wiring.project import Project, subfolder
from perfci.wiring.runners import runners
from perfci.wiring.telling import hidden_from_benchmarks
from perfci.worktrees.leftovers import clear_folders
from perfci.worktrees.lock import measuring_lock
from perfci.worktrees.sides import open_sides, run_setup


def probe(project: Project | None) -> Probe:
    """Name who looks at this machine; the interpreter is the project's, where there is one."""
    if project is None:
        return MachineProbe(environ())
    return MachineProbe(project.environ, project.root, project.loaded.settings.interpreter)


def health() -> tuple[Health, ...]:
    """Watch this machine for a second, and judge its parts."""
    from perfci.runners.system.report import judge
    from perfci.runners.system.watch import Watch

    with tempfile.TemporaryDirectory() as folder:
        report = judge(Watch(SystemClock(), Path(folder)).look(1.0))
    return tuple(
        Health(name=part.name, score=part.score, found=part.found) for part in report.parts
    )


def ports(
    project: Project, observer: Observer, environment: Environment, *, alike: bool = False
) -> Ports:
    """Name the concrete parts that measure.

    Args:
        project: where perfci was started.
        observer: is told how it goes.
        environment: of this machine.
        alike: measure the same code on both sides, and leave an earlier run's results alone.
    """
    hidden = hidden_from_benchmarks(project)
    known = {name: value for name, value in project.environ.items() if name not in hidden}
    project = replace(project, environ=known)

    @contextmanager
    def sides(plan: Plan) -> Iterator[Opened]:
        with ExitStack() as stack:
            stack.enter_context(measuring_lock(Path(tempfile.gettempdir())))
            clear_folders(Path(tempfile.gettempdir()))
            if not alike:
                folder = project.root / plan.outputs.folder
                insist_on_place(folder)
                clear_answers(folder)
                (folder / RUN).unlink(missing_ok=True)
            opened = (
                stack.enter_context(_two_sides(project, plan, observer, alike=alike))
                if len(plan.sides) == 2 and project.git
                else _one_side(project, plan)
            )
            if plan.setup:
                broken = run_setup(
                    plan.setup,
                    opened.places,
                    project.environ,
                    timeout=plan.setup_timeout,
                    observer=observer,
                    revisions=_revisions(opened),
                )
                opened = replace(opened, broken=broken)
            yield _twice(opened) if len(plan.sides) > len(opened.places.roots) else opened

    return Ports(
        sides=sides,
        runners=lambda plan, places: runners(project, plan, places, observer),
        environment=environment,
        clock=SystemClock(),
        observer=observer,
        run_id=lambda at: run_id(at, token()[:8]),
        version=__version__,
    )


def clear_answers(folder: Path, inputs: Iterable[Path] = ()) -> None:
    """Remove an earlier run's answer: if this one ends early, no stale green is left behind.

    What was measured then stays: it is not made again so easily.

    Args:
        folder: where the files go; only those that are perfci's own are removed.
        inputs: files and folders that are read, and stay; a result of perfci is none.
    """
    kept = tuple(inputs)
    with suppress(OSError):  # where nothing can be removed nothing can be written, and that is told
        answers = answers_in(folder)
        for path in answers:
            if path.name == RESULT or not is_one_of(path, kept):
                path.unlink(missing_ok=True)
        if answers:
            (folder / CHARTS).rmdir()  # unless something else lies in it


def _one_side(project: Project, plan: Plan) -> Opened:
    git = project.git
    head = Revision(
        commit=git.commit("HEAD") if git else "",
        ref=project.context.branch,
        dirty=git.is_dirty(_own_folders(plan), subfolder(project.root, git.root)) if git else False,
    )
    root = project.root.resolve()
    places = Places(roots={Side.HEAD: root}, checkout=root, definitions=root)
    return Opened(places=places, head=head)


def _twice(opened: Opened) -> Opened:
    """Return one side as both: where there is no repository, nothing else is the same code."""
    (root,) = opened.places.roots.values()
    places = replace(opened.places, roots={Side.BASE: root, Side.HEAD: root})
    return replace(opened, places=places, base=opened.head)


@contextmanager
def _two_sides(
    project: Project, plan: Plan, observer: Observer, *, alike: bool
) -> Iterator[Opened]:
    git = project.git
    assert git is not None  # noqa: S101 - only within a repository are there two
    with open_sides(
        git,
        base=None if alike else plan.base,
        head="HEAD" if project.context.in_ci else None,
        exclude=_own_folders(plan),
        definitions=plan.definitions,
        scratch=Path(tempfile.gettempdir()),
        observer=observer,
        subfolder=subfolder(project.root, git.root),
    ) as opened:
        yield opened


def _revisions(opened: Opened) -> dict[Side, Revision]:
    sides = {Side.BASE: opened.base, Side.HEAD: opened.head}
    return {side: revision for side, revision in sides.items() if revision is not None}


def _own_folders(plan: Plan) -> tuple[str, ...]:
    """Return what perfci itself writes into the tree: no part of the code under test."""
    folders = [plan.outputs.folder]
    if plan.store.startswith("file:"):
        folders.append(plan.store.removeprefix("file:"))
    return tuple(folders)


def output_folder(project: Project, options: Namespace) -> Path:
    """Return where this run's files go."""
    return project.root / (getattr(options, "output", None) or project.loaded.settings.output)


def writable(folder: Path) -> None:
    """Make sure, before an hour of measuring, that its results can be written.

    Raises:
        PerfciError: the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"perfci")
            trial.flush()
    except OSError as error:
        raise PerfciError(
            f"nothing can be written to {folder}: {error.strerror}",
            hint="choose another folder with --output",
        ) from error
