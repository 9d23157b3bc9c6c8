"""`perfci doctor`: is this machine, configuration and store fit?"""

import sys
from argparse import Namespace

from perfci.baselines.index import load_history
from perfci.cli.layout import print_json, print_rows
from perfci.doctor import Check, Facts, State, examine
from perfci.errors import ExitCode, PerfciError
from perfci.wiring import parts, process
from perfci.wiring.project import Project, benchmarks_of, open_project, project_name, store_of


def main(options: Namespace) -> int:
    """Print one row a check; 2 where `perfci run` could not do its job here."""
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


def _row(check: Check) -> dict[str, str]:
    return {"check": check.name, "state": check.state.value, "found": check.found}


def _facts(options: Namespace) -> Facts:
    machine = process.machine()
    project, count, problem = _settings(options)
    probe = parts.probe(project)
    environment = probe.environment()
    runs, store_problem = _stored(project, environment.fingerprint) if project else (0, "")
    git = project.git if project else None
    return Facts(
        environment=environment,
        doubts=probe.doubts(),
        health=parts.health(),
        load=machine.load,
        delay_readable=machine.delay_readable,
        git=machine.git,
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
