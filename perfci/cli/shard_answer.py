"""What `perfci run --shard` answers: what was measured, and that the verdict is the gate's."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from perfci.cli.layout import print_json
from perfci.errors import ExitCode
from perfci.model.run import Recording
from perfci.model.shard import Place, Shard
from perfci.model.text import inert, printable
from perfci.plan.shards import own, place_of
from perfci.ports import Observer

VARIABLE = "PERFCI_SHARD"
"""Says the same as `--shard`, where a workflow can give variables but no flags."""


def named(flag: str | None, environ: Mapping[str, str]) -> bool:
    """Tell whether a shard is asked for, well or badly."""
    return flag is not None or bool(environ.get(VARIABLE, "").strip())


def wanted(flag: str | None, environ: Mapping[str, str]) -> Place | None:
    """Return the shard that is asked for; None for the whole suite.

    Raises:
        ConfigurationError: it is none.
    """
    text = flag if flag is not None else environ.get(VARIABLE, "").strip()
    return None if flag is None and not text else place_of(text or "", environ)


def answer_shard(
    recording: Recording, shard: Shard, folder: Path, observer: Observer, *, as_json: bool
) -> int:
    """Say what was measured; the gate over all shards decides, and it alone.

    Returns:
        0 where all benchmarks of the shard were measured, or it has none; else 2.
    """
    mine = own(shard)
    failed = {it.id: it for it in recording.run.failures}
    measured = {it.id for it in recording.run.measurements if it.launches} - failed.keys()
    for failure in failed.values():
        observer.warn(f"{printable(str(failure.id), limit=200)} failed: {failure.reason}")
        if failure.output:
            observer.warn(f"the end of what it printed:\n{failure.output}")
    lacking = len(mine) - len(measured & mine)
    path = str(folder / "run.json")
    if as_json:
        print_json(
            {
                "shard": {"index": shard.place.index, "count": shard.place.count},
                "benchmarks": len(mine),
                "suite": len(shard.suite),
                "failed": sorted(map(str, failed)),
                "run": path,
            }
        )
    elif sys.stdout:
        sys.stdout.write(inert(printable(_sentence(shard, len(measured & mine), path))) + "\n")
    return ExitCode.ERROR if lacking else ExitCode.PASS


def _sentence(shard: Shard, measured: int, path: str) -> str:
    mine, suite = len(own(shard)), len(shard.suite)
    if not mine:
        what = f"none of the {suite} benchmarks is in it; that is fine"
    else:
        what = f"{measured} of its {mine} benchmarks measured, of {suite} in all"
    return (
        f"{shard.place}: {what}. The verdict is that of `perfci gate` over the run.json of all "
        f"{shard.place.count}; this one is {shlex.quote(path)}"
    )
