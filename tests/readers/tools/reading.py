"""What a file of another tool comes to, in a form that is easy to write down."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from perfci.model.measurement import Clock
from perfci.model.run import Recording
from perfci.readers.formats import FORMATS, detect
from perfci.readers.recording import Import, recording_of
from perfci.readers.source import Source
from perfci.stats.launches import median

FIXTURES = Path(__file__).parent / "fixtures"
SAMPLES = Path(__file__).parents[4] / "shared/samples"
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def recorded(*paths: Path, as_: str = "", root: Path | None = None) -> Recording:
    """Read files of one format, found out where none is named."""
    sources = [
        Source(
            name=path.relative_to(root).as_posix() if root else path.name, data=path.read_bytes()
        ).unpacked()
        for path in paths
    ]
    found = FORMATS[as_] if as_ else detect(sources[0])
    reading = found.parse(sources)
    assert not isinstance(reading, Recording)
    return recording_of(reading, Import(tool=found.name, run_id="x", moment=NOW))


def read(data: bytes, as_: str, name: str = "results") -> Recording:
    """Read bytes in a format."""
    reading = FORMATS[as_].parse([Source(name=name, data=data).unpacked()])
    assert not isinstance(reading, Recording)
    return recording_of(reading, Import(tool=as_, run_id="x", moment=NOW))


def told(recording: Recording) -> dict[str, Any]:
    """Return a run as expectations have it: see `expected/README.md`."""
    series = {}
    for it in recording.run.measurements:
        clock = Clock.WALL if it.metric.timed else Clock.VALUE
        values = [value for launch in it.launches for value in launch.clocks[clock]]
        series[it.key] = [it.metric.unit, it.metric.better, len(it.launches), len(values)]
        series[it.key].append(float(f"{median(values):.6g}"))
    return {
        "series": series,
        "failed": {str(it.id): it.reason for it in recording.run.failures},
    }


def expectations(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Return format, file and expectation of everything that is written down in a folder."""
    return [
        (each["format"], file, each)
        for path in sorted(folder.glob("*.json"))
        for file, each in json.loads(path.read_text()).items()
    ]
