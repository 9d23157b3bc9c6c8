"""Whether a machine, a configuration and a store are fit for measuring; pure over given facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from perfci.model.run import Environment

_FIT = 50.0
"""Points from which a part of the machine is good enough."""


class State(StrEnum):
    """How one thing is."""

    GOOD = "good"
    POOR = "poor"
    """Works, but not as well as it could."""
    BAD = "bad"
    """`perfci run` will end with exit code 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    state: State
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One part of the machine, judged from what it did."""

    name: str
    """`processor`, `memory`, `disk` or `scheduler`."""
    score: float
    """Points, 0 to 100."""
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What was found out about the machine."""

    environment: Environment
    doubts: tuple[str, ...]
    """What could not be found out about the machine."""
    health: tuple[Health, ...]
    """What the machine did while it was watched."""
    load: float
    """Runnable tasks, averaged over a minute."""
    delay_readable: bool
    """Whether the kernel tells how long a process waited for a processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found out before judging it."""

    machine: Machine
    git: str
    """Version; empty where git is not found."""
    in_repository: bool
    shallow: bool
    settings: str
    """Where the settings came from; empty without a file."""
    benchmarks: int
    problem: str
    """What is wrong with the settings; empty where nothing is."""
    store: str
    stored_runs: int
    store_problem: str


def examine(facts: Facts) -> list[Check]:
    """Judge every fact, in the order in which a person would look."""
    return [*examine_machine(facts.machine), *_project(facts)]


def examine_machine(machine: Machine) -> list[Check]:
    """Judge the machine alone."""
    return [*_machine(machine), *_health(machine)]


def _machine(facts: Machine) -> Iterator[Check]:
    yield Check(
        name="machine",
        state=State.POOR if facts.doubts else State.GOOD,
        found=str(facts.environment),
        advice="; ".join(facts.doubts),
    )
    busy = facts.load > facts.environment.cores
    yield Check(
        name="load",
        state=State.POOR if busy else State.GOOD,
        found=f"{facts.load:.1f} runnable tasks on {facts.environment.cores} cores",
        advice="other work runs beside: expect more launches and more 'inconclusive'"
        if busy
        else "",
    )
    yield Check(
        name="clock",
        state=State.GOOD if facts.delay_readable else State.POOR,
        found="run-queue delay is readable: the net clock works"
        if facts.delay_readable
        else "run-queue delay is not readable",
        advice="" if facts.delay_readable else "cpu or wall time decides instead",
    )


def _health(facts: Machine) -> Iterator[Check]:
    for part in facts.health:
        poor = part.score < _FIT
        yield Check(
            name=part.name,
            state=State.POOR if poor else State.GOOD,
            found=f"{part.found} ({part.score:.0f} of 100)",
            advice="values from this machine will spread; another runner, or a calmer time, helps"
            if poor
            else "",
        )


def _project(facts: Facts) -> Iterator[Check]:
    if not facts.git:
        yield Check(
            name="git",
            state=State.POOR,
            found="not found",
            advice="install git: without it there is no side-by-side comparison",
        )
    elif not facts.in_repository:
        yield Check(
            name="git",
            state=State.POOR,
            found=f"{facts.git}, but this folder is in no repository",
            advice="only history mode works here",
        )
    else:
        yield Check(
            name="git",
            state=State.GOOD,
            found=facts.git + (", shallow clone" if facts.shallow else ""),
            advice="the base commit will be fetched when it is needed" if facts.shallow else "",
        )
    if facts.problem:
        yield Check(name="settings", state=State.BAD, found=facts.problem)
    else:
        yield Check(
            name="settings",
            state=State.GOOD if facts.benchmarks else State.BAD,
            found=f"{facts.settings or 'no file'}, benchmarks: {facts.benchmarks}",
            advice="" if facts.benchmarks else "perfci init github writes a first perfci.yml",
        )
    yield Check(
        name="store",
        state=State.BAD if facts.store_problem else State.GOOD,
        found=facts.store_problem
        or f"{facts.store}, {facts.stored_runs} comparable runs of this branch",
    )
