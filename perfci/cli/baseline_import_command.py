"""`perfci baseline import`: histories of other tools become stored runs."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from perfci.baselines import keep_all
from perfci.baselines.imported import imported
from perfci.cli.baselines import Opened, called, moment, open_baselines
from perfci.cli.files import out_of_range, read_bytes
from perfci.cli.layout import print_json, print_rows
from perfci.cli.progress import progress
from perfci.cli.suite import suite_of
from perfci.errors import ConfigurationError, ExitCode, FormatError
from perfci.model.run import Environment
from perfci.model.text import printable
from perfci.readers.histories.formats import read_histories
from perfci.readers.histories.past import PastRun
from perfci.readers.source import Source
from perfci.schema.stored import Stored
from perfci.wiring import parts, process

_ENDINGS = {".json", ".js", ".gz"}


def main(options: Namespace) -> int:
    """Store what was taken, and say what was and what was not."""
    opened = open_baselines(options)
    sources = [
        Source(name=path, data=read_bytes(path))
        for named in options.files
        for path in _paths(named)
    ]
    suite = suite_of(options)
    with out_of_range(", ".join(options.files)):
        past = read_histories(sources, only=options.format or "", suite=suite)
    wanted = [
        run for run in past.runs if options.branch is None or run.branch in {"", options.branch}
    ]
    other = len(past.runs) - len(wanted)
    if not wanted:
        raise ConfigurationError(
            f"no run was found in {', '.join(options.files)[:200]}",
            hint="; ".join([*past.left, *([f"{other} of other branches"] if other else [])]),
        )
    _insist_on_a_branch(opened, wanted, options)
    runs = _stored(opened, wanted, _environment(opened, options))
    new: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    if not options.dry_run:
        new, warnings = keep_all(opened.store, runs, pause=process.pause)
        opened.store.close()
    left = [*past.left]
    if other:
        left.append(f"{other} runs of other branches than {called(opened.branch)}")
    if not options.dry_run and len(new) < len(runs):
        left.append(f"{len(runs) - len(new)} runs are stored already")
    _tell(options, runs, left, len(new))
    for warning in warnings:
        progress().warn(warning)
    return ExitCode.PASS


def _insist_on_a_branch(opened: Opened, wanted: Sequence[PastRun], options: Namespace) -> None:
    if options.branch is None and not opened.branch and not all(run.branch for run in wanted):
        raise ConfigurationError(
            "it is not known of which branch these runs are: neither they nor git name one",
            hint="name it: `--branch main`",
        )


def _paths(named: str) -> Iterator[str]:
    """Return the files that are meant: all below a folder, where it is one."""
    folder = Path(named)
    if not folder.is_dir():
        yield named
        return
    inside = [path for path in sorted(folder.rglob("*")) if path.suffix in _ENDINGS]
    if not any(path.is_file() for path in inside):
        raise FormatError(
            f"{named} is a folder without a file that could be imported",
            hint="name asv's folder of results, or files",
        )
    yield from (str(path) for path in inside if path.is_file())


def _environment(opened: Opened, options: Namespace) -> Environment | None:
    if options.as_environment is None:
        return None
    return parts.probe(opened.project).environment()


def _stored(
    opened: Opened, wanted: Sequence[PastRun], environment: Environment | None
) -> list[Stored]:
    return [
        imported(
            run,
            project=opened.name,
            branch=run.branch or opened.branch,
            environment=environment,
        )
        for run in wanted
    ]


def _tell(options: Namespace, runs: Sequence[Stored], left: Sequence[str], new: int) -> None:
    groups: dict[tuple[str, str, str], list[Stored]] = {}
    for kept in runs:
        run = kept.recording.run
        key = (kept.recording.mode_reason, run.branch, run.environment.fingerprint)
        groups.setdefault(key, []).append(kept)
    rows = [_row(*key, several) for key, several in groups.items()]
    if options.json:
        document = {"taken": rows, "new": new, "left_out": [printable(each) for each in left]}
        print_json(document | {"dry_run": options.dry_run})
        return
    print_rows([{name: str(value) for name, value in row.items()} for row in rows])
    for each in left:
        progress().warn(each)
    if options.dry_run:
        progress().warn("nothing was stored: this was a dry run")
    elif options.as_environment is None:
        progress().warn(
            "these runs are of machines that perfci does not know: they are shown in histories, "
            "and nothing that is measured is compared with them unless --as-environment here "
            "says that they are of this machine"
        )


def _row(
    source: str, branch: str, fingerprint: str, several: Sequence[Stored]
) -> dict[str, object]:
    runs = sorted((kept.recording.run for kept in several), key=lambda run: run.started_at)
    return {
        "from": source.removeprefix("imported from "),
        "branch": called(branch),
        "environment": fingerprint,
        "runs": len(runs),
        "series": len({key for kept in several for key in kept.points}),
        "values": sum(len(kept.points) for kept in several),
        "first": moment(runs[0].started_at),
        "last": moment(runs[-1].started_at),
    }
