"""`perfci baseline list`: the branches that have stored runs, or the runs of one of them."""

from argparse import Namespace

from perfci.baselines import whole_history
from perfci.baselines.branches import Listed, listed
from perfci.baselines.retention import began
from perfci.cli.baselines import Opened, called, moment, open_baselines
from perfci.cli.layout import print_json, print_rows
from perfci.cli.progress import progress
from perfci.errors import ExitCode, StoreError
from perfci.model.history import History, StoredRun
from perfci.model.text import printable


def main(options: Namespace) -> int:
    """Print one row a branch, or one row a run."""
    opened = open_baselines(options)
    branches = listed(opened.store, opened.name)
    if options.branch is not None:
        return _runs(opened, branches, as_json=options.json)
    if not branches:
        progress().warn(f"nothing is stored of {opened.name} in {opened.store.url}")
    indices = [_index(opened, branch.branch) for branch in branches]
    if options.json:
        print_json([_document(*pair) for pair in zip(branches, indices, strict=True)])
    else:
        print_rows([_row(*pair) for pair in zip(branches, indices, strict=True)])
    return ExitCode.ERROR if None in indices else ExitCode.PASS


def _index(opened: Opened, branch: str) -> History | None:
    """Return what is known of a branch, or None: one that is damaged does not hide the others."""
    try:
        index, warnings = whole_history(opened.store, opened.name, branch)
    except StoreError as error:
        progress().warn(f"{called(branch)}: {error.line}")
        return None
    for warning in warnings:
        progress().warn(f"{called(branch)}: {warning}")
    return index


def _row(branch: Listed, index: History | None) -> dict[str, str]:
    newest = index.runs[-1] if index and index.runs else None
    environments = {run.fingerprint for run in index.runs} if index else set()
    return {
        "branch": called(branch.branch),
        "runs": str(len(branch.runs)),
        "newest": moment(began(branch.runs[-1])) if branch.runs else "",
        "commit": newest.commit[:7] if newest else "",
        "verdict": newest.verdict if newest else "",
        "environments": str(len(environments)) if index else "not readable",
        "acceptances": str(len(branch.acceptances)),
    }


def _document(branch: Listed, index: History | None) -> dict[str, object]:
    newest = index.runs[-1] if index and index.runs else None
    return {
        "branch": printable(branch.branch),
        "runs": len(branch.runs),
        "newest": _line(newest) if newest else None,
        "environments": sorted({run.fingerprint for run in index.runs}) if index else None,
        "acceptances": len(branch.acceptances),
    }


def _runs(opened: Opened, branches: tuple[Listed, ...], *, as_json: bool) -> int:
    here = [branch for branch in branches if branch.branch == opened.branch]
    index, warnings = whole_history(opened.store, opened.name, opened.branch)
    for warning in warnings:
        progress().warn(warning)
    if not here:
        progress().warn(
            f"no run of {called(opened.branch)} is stored in {opened.store.url}; "
            "`perfci baseline list` shows the branches that have some"
        )
    known = {run.id for run in index.runs}
    older = [each for branch in here for each in branch.runs if each not in known]
    if as_json:
        lines = list(map(_line, index.runs))
        print_json({"branch": printable(opened.branch), "runs": lines, "older": older})
        return ExitCode.PASS
    print_rows(
        [
            {
                "run": run.id,
                "when": moment(run.started_at),
                "commit": run.commit[:7],
                "verdict": run.verdict,
                "environment": run.fingerprint,
                "series": str(len(run.points)),
                "regressed": str(_regressed(run)),
                "accepted": str(_accepted(run)),
            }
            for run in reversed(index.runs)
        ]
    )
    if older:
        plural = "" if len(older) == 1 else "s"
        progress().warn(f"{len(older)} older run{plural} beside these; `--json` names them")
    return ExitCode.PASS


def _line(run: StoredRun) -> dict[str, object]:
    return {
        "id": run.id,
        "commit": run.commit,
        "started_at": run.started_at.isoformat(),
        "verdict": run.verdict,
        "environment": run.fingerprint,
        "series": len(run.points),
        "regressed": _regressed(run),
        "accepted": _accepted(run),
    }


def _regressed(run: StoredRun) -> int:
    return sum(point.regressed and not point.accepted for point in run.points.values())


def _accepted(run: StoredRun) -> int:
    return sum(point.accepted for point in run.points.values())
