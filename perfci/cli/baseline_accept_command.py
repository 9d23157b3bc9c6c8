"""`perfci baseline accept`: what regressed on a branch becomes its new level."""

from argparse import Namespace
from collections.abc import Sequence

from perfci.baselines import Regressed, accept, regressed_now, run_id, whole_history
from perfci.cli.accepted import as_document, in_words, steps
from perfci.cli.layout import print_json
from perfci.cli.progress import progress
from perfci.errors import ConfigurationError, ExitCode
from perfci.gate.match import matches
from perfci.model.history import Acceptance, History
from perfci.model.identity import renamed_key
from perfci.model.text import printable
from perfci.wiring import process
from perfci.wiring.project import Project, open_project, project_name, store_of

_NAMED = 10


def main(options: Namespace) -> int:
    """Mark the regressed runs of the series that match; say what they are compared with now."""
    reason = printable(options.reason).strip()
    if not reason:
        raise ConfigurationError(
            "a regression is accepted for a reason, and --reason is empty",
            hint="say why it may be so, e.g. --reason 'the new parser checks its input'",
        )
    project = open_project(options)
    store, name = store_of(project), project_name(project)
    branch = project.context.branch if options.branch is None else options.branch
    history, warnings = whole_history(store, name, branch)
    for warning in (*project.warnings, *warnings):
        progress().warn(warning)
    names = project.loaded.settings.renamed
    chosen = _chosen(history.renamed(names), options.globs, store.url)
    accepted = _acceptance(project, history, chosen, options.globs, reason)
    found = steps(chosen, history.with_accepted(accepted).renamed(names))
    kept = "" if options.dry_run else accept(store, name, accepted, pause=process.pause)
    store.close()
    if options.json:
        print_json(as_document(found, accepted, kept))
    else:
        in_words(found, accepted, kept)
    return ExitCode.PASS


def _chosen(history: History, globs: Sequence[str], store: str) -> tuple[Regressed, ...]:
    """Return what is regressed and matches.

    Raises:
        ConfigurationError: a glob matches nothing of that: nothing is accepted by halves.
    """
    whose = history.branch or "no branch"
    if not history.runs:
        raise ConfigurationError(
            f"no run of {whose} is stored in {store}: there is nothing to accept",
            hint="name the branch by --branch, and the place of its runs by --store",
        )
    there = regressed_now(history)
    if not there:
        raise ConfigurationError(
            f"nothing is regressed in the newest stored runs of {whose}: there is nothing to "
            "accept",
            hint="what was regressed before is better by now, or accepted",
        )
    idle = [glob for glob in globs if not any(matches(glob, item.key) for item in there)]
    if idle:
        keys = list(dict.fromkeys(item.key for item in there))
        more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
        raise ConfigurationError(
            f"{', '.join(map(repr, idle))} matches nothing that is regressed in the newest "
            f"stored runs of {whose}; nothing is accepted",
            hint=f"regressed now: {', '.join(keys[:_NAMED])}{more}",
        )
    return tuple(item for item in there if any(matches(glob, item.key) for glob in globs))


def _acceptance(
    project: Project,
    history: History,
    chosen: Sequence[Regressed],
    globs: Sequence[str],
    reason: str,
) -> Acceptance:
    """Put the decision together, under the names that the stored runs have."""
    names = project.loaded.settings.renamed
    wanted = {(identity, item.key) for item in chosen for identity in item.runs}
    series: dict[str, list[str]] = {}
    for run in history.runs:
        for key, point in run.points.items():
            if point.regressed and (run.id, renamed_key(key, names)) in wanted:
                series.setdefault(key, []).append(run.id)
    now = process.SystemClock().now()
    return Acceptance(
        id=run_id(now, process.token()[:8]),
        branch=history.branch,
        accepted_at=now,
        commit=project.context.commit,
        globs=tuple(globs),
        reason=reason,
        series={key: tuple(runs) for key, runs in series.items()},
    )
