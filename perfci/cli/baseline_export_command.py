"""`perfci baseline export`: what is stored, into another store or into Parquet files."""

import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path

from perfci.baselines import refresh
from perfci.baselines.branches import branch_at, listed
from perfci.baselines.copying import Outcome, copied, names
from perfci.baselines.finding import load_run
from perfci.baselines.place import place_of
from perfci.baselines.rows import rows_of
from perfci.cli.baselines import Opened, open_baselines
from perfci.cli.layout import print_json
from perfci.cli.parquet import ParquetFolder
from perfci.cli.progress import progress
from perfci.errors import ConfigurationError, ExitCode, FormatError
from perfci.model.text import inert, printable
from perfci.wiring import process
from perfci.wiring.project import store_at

_SCHEME = ":"


def main(options: Namespace) -> int:
    """Copy, and say what came of it."""
    opened = open_baselines(options)
    if options.parquet is not None:
        return _to_parquet(opened, options)
    return _to_store(opened, options)


def _to_store(opened: Opened, options: Namespace) -> int:
    url = options.to if _SCHEME in options.to else f"file:{Path(options.to).absolute()}"
    target = store_at(opened.project, url)
    if url == opened.store.url:
        raise ConfigurationError(
            f"{url} is the store that is to be copied",
            hint="name another one by --to, or the one to read from by --store",
        )
    objects = names(opened.store, opened.name, options.branch)
    _insist_on_something(opened, len(objects))
    counts: Counter[Outcome] = Counter()
    size = 0
    for item in copied(opened.store, target, objects):
        counts[item.outcome] += 1
        size += item.size if item.outcome is Outcome.COPIED else 0
        if item.outcome is Outcome.DIFFERS:
            progress().warn(f"{target.url} holds something else as {item.name}; it is left so")
    found = (branch_at(name, opened.name) for name in objects)
    for branch in sorted({branch for branch in found if branch is not None}):
        for warning in refresh(target, opened.name, branch, pause=process.pause):
            progress().warn(warning)
    target.close()
    if options.json:
        print_json({"to": printable(url), "bytes": size} | {each: counts[each] for each in Outcome})
    else:
        said = [f"{counts[Outcome.COPIED]} copied ({size / 1e6:.1f} MB)"]
        said += [f"{counts[Outcome.THERE]} there already"] if counts[Outcome.THERE] else []
        said += [f"{counts[Outcome.RENEWED]} indices renewed"] if counts[Outcome.RENEWED] else []
        said += [f"{counts[Outcome.DIFFERS]} differ"] if counts[Outcome.DIFFERS] else []
        _print(f"{opened.store.url} to {url}: {', '.join(said)}")
    return ExitCode.ERROR if counts[Outcome.DIFFERS] else ExitCode.PASS


def _to_parquet(opened: Opened, options: Namespace) -> int:
    folder = ParquetFolder(Path(options.parquet), opened.name)
    branches = [
        branch
        for branch in listed(opened.store, opened.name)
        if options.branch is None or branch.branch == options.branch
    ]
    _insist_on_something(opened, sum(len(branch.runs) for branch in branches))
    written = there = damaged = 0
    for branch in branches:
        place = place_of(opened.store, opened.name, branch.branch)
        for identity in branch.runs:
            path = folder.path(branch.branch, identity)
            if path.exists():
                there += 1
                continue
            try:
                rows = list(rows_of(load_run(place, identity).run))
            except FormatError as error:
                progress().warn(f"a run is left out: {error.message}")
                damaged += 1
                continue
            folder.write(path, rows)
            written += 1
    if options.json:
        document = {"to": printable(options.parquet), "written": written, "there": there}
        print_json(document | {"left_out": damaged})
    else:
        more = f", {there} there already" if there else ""
        _print(f"{opened.store.url} to {options.parquet}: {written} runs written{more}")
    return ExitCode.ERROR if damaged else ExitCode.PASS


def _insist_on_something(opened: Opened, count: int) -> None:
    if not count:
        raise ConfigurationError(
            f"nothing is stored of {printable(opened.name)} in {opened.store.url}",
            hint="`perfci baseline list` shows the branches that have runs; --store names another "
            "store",
        )


def _print(line: str) -> None:
    sys.stdout.write(f"{inert(printable(line))}\n")
