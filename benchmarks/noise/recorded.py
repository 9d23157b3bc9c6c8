"""The file of recorded launches: a `perfci.run/1` document, gzipped."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from benchmarks.noise.sides import PERCENT
from perfci import __version__
from perfci.errors import FormatError
from perfci.measure.ledger import Ledger
from perfci.model.measurement import Launch, Measurement, Side, Stage
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.schema import run
from perfci.schema.packed import pack
from perfci.stats.launches import Pair, pairs

RECORDING = Path("perfci-results/noise.json.gz")
"""Where the collector writes, and the laboratory reads, where nothing else is said."""

Streams = Mapping[int, Mapping[str, tuple[Pair, ...]]]
"""By true slowdown in per cent and workload: launches in the order in which they were measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a file holds."""

    streams: Streams
    seconds: float
    """That one launch of both sides took, on average over all."""


def write(path: Path, ledger: Ledger, seed: int, started_at: datetime, elapsed: float) -> int:
    """Write what was recorded; nothing in it names the machine. Return the bytes written.

    Args:
        path: of the file; its folder is made.
        ledger: the launches.
        seed: of the recording.
        started_at: aware time of day.
        elapsed: seconds that the launches took, all together.
    """
    runs = {
        side: Run(
            id=f"{started_at:%Y%m%dT%H%M%SZ}-{side}",
            commit="",
            branch="",
            started_at=started_at,
            environment=Environment(cpu="", cores=1, kernel=""),
            measurements=tuple(
                replace(it, launches=tuple(map(_rounded, it.launches)))
                for it in ledger.measurements(side)
                if it.gated
            ),
        )
        for side in Side
    }
    recording = Recording(
        project="noise",
        version=__version__,
        mode=Mode.PAIRED,
        mode_reason="recorded for the noise laboratory",
        seed=seed,
        rounds=None,
        head=Revision(commit="", ref="head"),
        base=Revision(commit="", ref="base"),
        run=runs[Side.HEAD],
        base_run=runs[Side.BASE],
        elapsed=elapsed,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(pack(run.dump(recording)))


def read(path: Path, *, without: Collection[str] = ()) -> Recorded:
    """Read what `write` wrote; a workload that was not measured at every slowdown is left out.

    Args:
        path: of the recording.
        without: names of workloads that are left out, too.

    Raises:
        OSError: there is no such file.
        FormatError: it is damaged, or no recording of the collector's.
    """
    recording = run.load(path.read_bytes(), str(path))
    theirs = {it.key: it for it in recording.base_run.measurements} if recording.base_run else {}
    found: dict[tuple[int, str], tuple[Pair, ...]] = {}
    for head in recording.run.measurements:
        percent = dict(head.id.params).get("percent", "")
        if head.key in theirs and percent.isdecimal():
            found[int(percent), head.id.name] = _pairs(theirs[head.key], head)
    names = dict.fromkeys(name for _, name in found if name not in without)
    whole = [name for name in names if all(found.get((each, name)) for each in PERCENT)]
    if not whole:
        raise FormatError(
            f"{path} holds no workload with launches of every slowdown",
            hint="Record one: python -m benchmarks.noise.collect",
        )
    launches = sum(map(len, found.values()))
    return Recorded(
        streams={each: {name: found[each, name] for name in whole} for each in PERCENT},
        seconds=recording.elapsed / launches,
    )


def _pairs(base: Measurement, head: Measurement) -> tuple[Pair, ...]:
    return pairs(base.launches, head.launches, Stage.SCREEN)


def _rounded(launch: Launch) -> Launch:
    """Keep six digits, far below the noise: the file is a third as large."""
    return replace(
        launch,
        clocks={clock: tuple(map(_short, values)) for clock, values in launch.clocks.items()},
        delay=tuple(map(_short, launch.delay)),
    )


def _short(value: float) -> float:
    return float(f"{value:.6g}")
