"""What `perfci ingest` says of what it has read."""

import sys
from dataclasses import dataclass
from pathlib import Path

from perfci.cli.layout import print_json, print_rows
from perfci.cli.progress import progress
from perfci.model.measurement import Measurement
from perfci.model.run import Recording
from perfci.model.text import inert, printable
from perfci.readers.format import Format
from perfci.reports.measuring import machine

_MOST = 30
"""Series, and failures, that are listed for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """A run that was made of another tool's files."""

    recording: Recording
    format: Format
    files: int
    left: tuple[str, ...]
    """What was left out of it, a sentence each; hostile text."""
    here: bool
    """Whether this machine is taken for the one that measured."""
    path: Path
    """Of the run."""


def tell(what: Ingested, *, as_json: bool) -> None:
    """Print series, failures and what was left out."""
    recording = what.recording
    if as_json:
        print_json(_document(what))
        return
    series, failed = recording.run.measurements, recording.run.failures
    print_rows([_row(it) for it in series[:_MOST]])
    lines = [f"{len(series) - _MOST:,} more series"] if len(series) > _MOST else []
    lines += [f"failed: {it.id}: {it.reason}" for it in failed[:_MOST]]
    lines += [f"{len(failed) - _MOST:,} more failed"] if len(failed) > _MOST else []
    lines += [f"left out: {text}" for text in what.left]
    run, files = recording.run, f"{what.files} file{'' if what.files == 1 else 's'}"
    lines.append(
        f"{what.path}: {len(series):,} series from {files} of {what.format.name}, "
        f"{len(failed):,} failed; {recording.head}"
    )
    whose = "this machine, of which the files say nothing" if what.here else "as the files say"
    lines.append(
        f"measured {run.started_at:%Y-%m-%d %H:%M} UTC on {machine(run.environment)} ({whose})"
    )
    sys.stdout.write("".join(f"{inert(printable(line, limit=2000))}\n" for line in lines))
    for warning in run.warnings:
        if warning not in what.left:
            progress().warn(warning)


def _row(item: Measurement) -> dict[str, str]:
    return {
        "series": item.key,
        "unit": item.metric.unit,
        "launches": str(len(item.launches)),
        "values": str(_values(item)),
    }


def _values(item: Measurement) -> int:
    return sum(launch.size for launch in item.launches)


def _document(what: Ingested) -> dict[str, object]:
    recording = what.recording
    run = recording.run
    return {
        "run": str(what.path),
        "id": run.id,
        "format": what.format.name,
        "files": what.files,
        "commit": printable(run.commit),
        "branch": printable(run.branch),
        "started_at": run.started_at.isoformat(),
        "environment": run.environment.fingerprint,
        "this_machine": what.here,
        "series": [
            {
                "key": item.key,
                "unit": item.metric.unit,
                "direction": item.metric.better.value,
                "launches": len(item.launches),
                "values": _values(item),
            }
            for item in run.measurements
        ],
        "failed": [{"benchmark": str(it.id), "reason": it.reason} for it in run.failures],
        "left_out": [printable(text) for text in what.left],
        "warnings": list(run.warnings),
    }
