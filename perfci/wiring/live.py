"""Where a framework of the Python API lives, and the world in which it measures."""

import os
import sys
import tempfile
from argparse import Namespace
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from perfci import __version__
from perfci.baselines.keys import run_id
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.revision import Revision
from perfci.model.run import Environment
from perfci.model.work import Live
from perfci.pipeline import Ports
from perfci.plan.plan import Plan
from perfci.ports import Observer, Opened, Places, Runner, Store
from perfci.runners.live.calling import Caller
from perfci.runners.live.runner import LiveRunner
from perfci.runners.live.stop import Stop
from perfci.runners.machine import MachineProbe
from perfci.stores.local import FileStore
from perfci.wiring.process import SystemClock, token
from perfci.wiring.project import Project, open_project, project_name, subfolder
from perfci.wiring.runners import runners
from perfci.wiring.turns import turn
from perfci.worktrees.leftovers import clear_folders, delete, run_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A framework's folder, and the project whose baselines it keeps there."""

    folder: Path
    """Absolute."""
    store: Store
    project: Project
    """As the command finds it from here."""
    name: str
    """Under which its baselines are kept."""

    @property
    def branch(self) -> str:
        """Return the branch that runs are kept under; empty outside a repository."""
        return self.project.context.branch

    def environment(self) -> Environment:
        """Look at this machine; callables run in this very interpreter."""
        project = self.project
        variables = tuple(sorted(project.environ.items()))
        return _environment(variables, project.root, frozenset(os.sched_getaffinity(0)))


def open_home(folder: Path) -> Home:
    """Find out where this is.

    Raises:
        ConfigurationError: the settings that are found here contradict themselves.
    """
    project = open_project(Namespace())
    return Home(
        folder=folder,
        store=FileStore(f"file:{folder}", folder),
        project=project,
        name=project_name(project),
    )


@lru_cache(maxsize=8)
def _environment(
    variables: tuple[tuple[str, str], ...], root: Path, _usable: frozenset[int]
) -> Environment:
    """Look at the machine once for many tests: it costs starting an interpreter."""
    found = MachineProbe(dict(variables), root, sys.executable or None).environment()
    # what changes from test to test would be that of the first
    facts = {name: told for name, told in found.facts.items() if name != "load average"}
    return replace(found, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What one test brings along."""

    loop: AbstractEventLoop | None
    """Where async callables are at home."""
    stop: Stop
    patience: float
    """Seconds to wait for another process that is measuring."""
    ref: str
    """What head is called: a baseline's version."""


def live_ports(home: Home, session: Session, observer: Observer, environment: Environment) -> Ports:
    """Name the concrete parts that measure, callables of this process among them."""

    @contextmanager
    def sides(_plan: Plan) -> Iterator[Opened]:
        scratch = Path(tempfile.gettempdir())
        with turn(scratch, session.stop, session.patience):
            clear_folders(scratch)
            yield _opened(home, session.ref)

    @contextmanager
    def chosen(plan: Plan, places: Places) -> Iterator[Callable[[Benchmark], Runner]]:
        with ExitStack() as stack:
            scratch = run_folder(Path(tempfile.gettempdir()))
            stack.callback(delete, scratch)
            caller = Caller(session.loop, session.stop)
            live = LiveRunner(caller, session.stop, SystemClock(), scratch)
            stack.callback(live.close)
            others = stack.enter_context(runners(home.project, plan, places, observer))
            yield lambda item: live if isinstance(item.work, Live) else others(item)

    return Ports(
        sides=sides,
        runners=chosen,
        environment=environment,
        clock=SystemClock(),
        observer=observer,
        run_id=lambda at: run_id(at, token()[:8]),
        version=__version__,
    )


def _opened(home: Home, ref: str) -> Opened:
    git, root = home.project.git, home.project.root.resolve()
    head = Revision(ref=ref)
    if git is not None:
        own = (str(home.folder),)
        head = Revision(
            commit=git.commit("HEAD"), ref=ref, dirty=git.is_dirty(own, subfolder(root, git.root))
        )
    places = Places(roots={Side.HEAD: root}, checkout=root, definitions=root)
    return Opened(places=places, head=head)
