"""`perfci baseline show`: one stored run: what it measured, where, and what was decided of it."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping

from perfci.baselines import whole_history
from perfci.baselines.finding import Found, find_run
from perfci.cli.baselines import called, moment, open_baselines
from perfci.cli.layout import print_json, print_rows
from perfci.errors import ExitCode
from perfci.model.history import Point
from perfci.model.text import inert, printable
from perfci.schema import promotion
from perfci.schema.parts import dump_environment
from perfci.schema.promotion import Promotion
from perfci.units import percent, scale_for


def main(options: Namespace) -> int:
    """Print the facts of a run, and one row a series."""
    opened = open_baselines(options)
    found = find_run(
        opened.store,
        opened.name,
        options.run,
        branch=opened.branch,
        elsewhere=options.branch is None,
    )
    why = promotion.load(found.data, found.name)
    points = _marked(found)
    if options.json:
        print_json(_document(found, points, why))
    else:
        for line in _facts(found, why):
            sys.stdout.write(f"{inert(printable(line))}\n")
        print_rows([_row(key, point) for key, point in sorted(points.items())])
    return ExitCode.PASS


def _marked(found: Found) -> Mapping[str, Point]:
    """Return the run's points as the index has them: some may have been accepted since."""
    place, project = found.place, found.run.recording.project
    index, _ = whole_history(place.store, project, place.branch)
    lines = {run.id: run for run in index.runs}
    line = lines.get(found.run.recording.run.id, found.run.line)
    return line.points


def _facts(found: Found, why: Promotion | None) -> Iterator[str]:
    recording, run = found.run.recording, found.run.recording.run
    dirty = ", with uncommitted changes" if run.dirty else ""
    yield f"run: {run.id}"
    yield f"branch: {called(run.branch)}"
    yield f"commit: {run.commit or 'not known'}{dirty}"
    yield f"when: {moment(run.started_at)} UTC"
    yield f"verdict: {found.run.verdict} ({recording.mode}: {recording.mode_reason})"
    yield f"environment: {run.environment.fingerprint}: {run.environment}"
    if why is not None:
        yield f"promoted: {moment(why.promoted_at)} UTC, from {why.source}: {why.reason}"
    for warning in run.warnings:
        yield f"warning: {warning}"
    yield f"kept in: {found.name}"


def _row(key: str, point: Point) -> dict[str, str]:
    centre = point.centres.get(point.clock)
    absolute = point.unit == "ratio"
    return {
        "series": key,
        "centre": "" if centre is None else scale_for(point.unit, centre).text(centre),
        "spread": f"{point.spread:.3g}" if absolute else percent(point.spread, signed=False),
        "n": str(point.n),
        "clock": point.clock.value,
        "mark": _mark(point),
    }


def _mark(point: Point) -> str:
    if point.accepted:
        return "accepted"
    return "regressed, not compared with" if point.regressed else ""


def _document(
    found: Found, points: Mapping[str, Point], why: Promotion | None
) -> dict[str, object]:
    """Return the same for programs: values in base units, spreads as ratios."""
    recording, run = found.run.recording, found.run.recording.run
    return {
        "id": run.id,
        "branch": printable(run.branch),
        "commit": printable(run.commit),
        "dirty": run.dirty,
        "started_at": run.started_at.isoformat(),
        "verdict": found.run.verdict.value,
        "mode": recording.mode.value,
        "environment": dump_environment(run.environment),
        "promoted": why
        and {
            "source": printable(why.source),
            "reason": printable(why.reason),
            "commit": printable(why.commit),
            "promoted_at": why.promoted_at.isoformat(),
        },
        "warnings": [printable(warning) for warning in run.warnings],
        "series": [
            {
                "key": printable(key),
                "centre": point.centres.get(point.clock),
                "unit": point.unit,
                "spread": point.spread,
                "n": point.n,
                "clock": point.clock.value,
                "regressed": point.regressed,
                "accepted": point.accepted,
            }
            for key, point in sorted(points.items())
        ],
        "kept": printable(found.name),
    }
