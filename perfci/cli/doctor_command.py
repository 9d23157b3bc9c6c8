"""`perfci doctor`: is this machine, configuration and store fit? How much does it wander?"""

import sys
from argparse import Namespace

from perfci.baselines.index import load_history
from perfci.cli.layout import print_json, print_rows
from perfci.cli.machine import look_at_machine
from perfci.doctor import Check, Facts, State, examine
from perfci.errors import ConfigurationError, ExitCode, PerfciError
from perfci.wiring import process
from perfci.wiring.project import Project, benchmarks_of, open_project, project_name, store_of


def main(options: Namespace) -> int:
    """Print one row a check; 2 where `perfci run` could not do its job here.

    Raises:
        ConfigurationError: what only `--noise` measures was asked for without it.
    """
    if options.noise:
        from perfci.cli.noise import measure_noise

        return measure_noise(options)
    _insist_on_noise(options)
    checks = examine(_facts(options))
    if options.json:
        print_json(
            [
                {"check": c.name, "state": c.state, "found": c.found, "advice": c.advice}
                for c in checks
            ]
        )
    else:
        print_rows([_row(check) for check in checks])
        for check in checks:
            if check.advice:
                sys.stdout.write(f"\n{check.name}: {check.advice}")
        sys.stdout.write("\n")
    bad = any(check.state is State.BAD for check in checks)
    return ExitCode.ERROR if bad else ExitCode.PASS


def _insist_on_noise(options: Namespace) -> None:
    given = {
        "a benchmark's name": options.names,
        "--select": options.select,
        "--gates": options.gates,
        "--max-time": options.within,
        "--seed": options.seed,
    }
    alone = [name for name, value in given.items() if value not in (None, [])]
    if alone:
        raise ConfigurationError(
            f"{' and '.join(alone)} can only be given with --noise",
            hint="`perfci doctor --noise` measures the benchmarks; without it none is measured",
        )


def _row(check: Check) -> dict[str, str]:
    return {"check": check.name, "state": check.state.value, "found": check.found}


def _facts(options: Namespace) -> Facts:
    project, count, problem = _settings(options)
    machine = look_at_machine(project)
    fingerprint = machine.environment.fingerprint
    runs, store_problem = _stored(project, fingerprint) if project else (0, "")
    git = project.git if project else None
    return Facts(
        machine=machine,
        git=process.machine().git,
        in_repository=git is not None,
        shallow=git.is_shallow() if git else False,
        settings=str(project.config.name) if project and project.config else "",
        benchmarks=count,
        problem=problem,
        store=project.loaded.settings.store if project else "",
        stored_runs=runs,
        store_problem=store_problem,
    )


def _settings(options: Namespace) -> tuple[Project | None, int, str]:
    try:
        project = open_project(options)
        return project, len(benchmarks_of(project)), ""
    except PerfciError as error:
        return None, 0, error.message


def _stored(project: Project, fingerprint: str) -> tuple[int, str]:
    try:
        history, _warnings = load_history(
            store_of(project), project_name(project), project.context.branch
        )
    except PerfciError as error:
        return 0, error.message
    return len(history.comparable(fingerprint)), ""
