"""`perfci doctor --noise`: base against base on this very machine, and what that tells."""

import sys
from argparse import Namespace
from dataclasses import replace

from perfci.cli.machine import look_at_machine
from perfci.cli.noise_answer import Answer, print_noise
from perfci.cli.noise_gates import Session, Wanted
from perfci.cli.progress import progress
from perfci.cli.say import error_text
from perfci.doctor import Machine, State, examine_machine
from perfci.errors import ConfigurationError, ExitCode, MeasurementError, PerfciError
from perfci.model.mask import Mask
from perfci.model.revision import Mode
from perfci.model.work import Command, Function
from perfci.noise.advice import Advice, Conditions, advise
from perfci.noise.summary import Summary, summarise
from perfci.plan.make import make_plan
from perfci.plan.plan import Plan, Wish
from perfci.stats.series import Design
from perfci.units import duration, parse_duration
from perfci.wiring import parts, process
from perfci.wiring.project import Project, circumstances, open_project

GATES = 5
MOST_GATES = 1000
WITHIN = "10m"
_FOR_NOISE = ("load", "clock", "processor", "scheduler")
"""The checks of the machine that say why values spread."""


def measure_noise(options: Namespace) -> int:
    """Run the gates and tell what they said.

    Nothing is stored, no results folder is written or cleared.

    Returns:
        0 where all was measured, false alarms or not; 2 where a benchmark failed, or the user
        stopped it.

    Raises:
        PerfciError: nothing could be measured.
    """
    wanted = Wanted(gates=_gates(options), within=_within(options))
    project = open_project(options)
    plan = _plan(project, options)
    observer = progress()
    for warning in project.warnings:
        observer.warn(warning)
    observer.phase("looking at this machine")
    machine = look_at_machine(project)
    session = Session(
        plan=plan,
        ports=parts.ports(project, observer, machine.environment, alike=True),
        wanted=wanted,
        mask=Mask.of(project.environ, (item.work for item in plan.benchmarks)),
    )
    session.run()
    observer.clear()
    for warning in (*machine.doubts, *session.warnings):
        observer.warn(warning)
    if session.gates or options.json:
        print_noise(_answer(session, plan, machine, project), as_json=options.json)
    return _ended(session)


def _gates(options: Namespace) -> int:
    gates = GATES if options.gates is None else options.gates
    if not 1 <= gates <= MOST_GATES:
        raise ConfigurationError(
            f"--gates is {gates}: it must be from 1 to {MOST_GATES}",
            hint=f"leave it out for {GATES}; the more gates, the rarer the alarms that are seen",
        )
    return int(gates)


def _within(options: Namespace) -> float:
    text = WITHIN if options.within is None else options.within
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise ConfigurationError(f"--max-time: {error}", hint="write it like 10m") from None
    if seconds <= 0:
        raise ConfigurationError("--max-time must be more than 0", hint="write it like 10m")
    return seconds


def _plan(project: Project, options: Namespace) -> Plan:
    """Make the plan of `perfci run`, with the same code on both sides.

    What is accepted would hide false alarms, and what is expected or recorded has no part in it.
    """
    settings = project.loaded.settings.model_copy(update={"mode": "record", "base": None})
    wish = Wish(
        names=tuple(options.names),
        globs=tuple(options.select),
        seed=process.fresh_seed() if options.seed is None else options.seed,
    )
    loaded = replace(project.loaded, settings=settings)
    plan = make_plan(loaded, circumstances(project, comparable_runs=0), wish)
    return replace(
        plan,
        mode=Mode.PAIRED,
        mode_reason="the same code on both sides",
        policy=replace(plan.policy, accept=(), expect=()),
        design=Design(mode=Mode.PAIRED, rounds=plan.design.rounds, partial=True),
        updates_baseline=False,
        warnings=(),
    )


def _answer(session: Session, plan: Plan, machine: Machine, project: Project) -> Answer:
    summary = summarise(session.gates)
    conditions = Conditions(
        rounds=plan.design.rounds,
        max_time=plan.max_time,
        computing=frozenset(
            str(item.id)
            for item in plan.benchmarks
            if isinstance(item.work, Command | Function) or item.service is not None
        ),
    )
    head = session.opened.head if session.opened else None
    return Answer(
        summary=summary,
        asked=session.wanted.gates,
        left_out=tuple(session.left_out),
        failures=tuple(session.failures),
        advice=(*advise(summary, conditions), *_of_machine(machine, summary)),
        code=str(head) if project.git and head else "",
        environment=machine.environment,
        seed=plan.seed,
        elapsed=session.elapsed,
        interrupted=session.interrupted,
    )


def _of_machine(machine: Machine, summary: Summary) -> tuple[Advice, ...]:
    """Say what of the machine itself explains that a change is hard to see here."""
    if not (summary.inconclusive or summary.false_alarms or any(r.blind for r in summary.rows)):
        return ()
    return tuple(
        Advice(about="runner", text=f"{check.found}; {check.advice}")
        for check in examine_machine(machine)
        if check.name in _FOR_NOISE and check.state is not State.GOOD
    )


def _ended(session: Session) -> int:
    """Tell on standard error what went wrong, after the answer; return the exit code."""
    for failure in session.failures:
        error = MeasurementError(f"{failure.id} failed: {failure.reason}", output=failure.output)
        sys.stderr.write(error_text(error))
    if session.trouble:
        raise session.trouble
    if session.interrupted:
        raise PerfciError(
            f"interrupted after {len(session.gates)} of {session.wanted.gates} gates",
            hint="the finished gates are told above" if session.gates else "",
        )
    if session.failures:
        return ExitCode.ERROR
    if not session.gates:
        raise PerfciError(
            f"no gate was finished within {duration(session.wanted.within)}",
            hint="raise --max-time, or measure fewer benchmarks: `perfci doctor --noise NAME`",
        )
    return ExitCode.PASS
