"""The verbs of `perfci baseline` with their flags, in the order in which help shows them."""

from argparse import ArgumentParser

from perfci.cli.suite import take_suite
from perfci.cli.verb import Verb, as_json, dry_run, project, store


def _usual(parser: ArgumentParser) -> None:
    store(parser)
    project(parser)
    as_json(parser)


def _accept(parser: ArgumentParser) -> None:
    parser.add_argument("globs", nargs="+", metavar="GLOB", help="series, as rules match them")
    parser.add_argument(
        "--reason", metavar="TEXT", required=True, help="why it may be slower; kept beside the runs"
    )
    parser.add_argument("--branch", metavar="B", help="whose baseline (default: this branch)")
    dry_run(parser)
    _usual(parser)


def _stored(parser: ArgumentParser) -> None:
    parser.add_argument("--branch", metavar="B", help="the runs of this branch (default: branches)")
    _usual(parser)


def _show(parser: ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="its id, the beginning of one, or `latest`")
    parser.add_argument("--branch", metavar="B", help="where it lies (default: this branch first)")
    _usual(parser)


def _promote(parser: ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="id of a stored run, `latest`, or a run.json")
    parser.add_argument("--to", metavar="B", required=True, help="whose baseline it becomes")
    parser.add_argument(
        "--reason", metavar="TEXT", required=True, help="why it counts there; kept with the run"
    )
    parser.add_argument("--branch", metavar="B", help="where it lies (default: this branch first)")
    dry_run(parser)
    _usual(parser)


def _prune(parser: ArgumentParser) -> None:
    parser.add_argument("--keep", metavar="N", type=int, help="the newest N of each branch stay")
    parser.add_argument(
        "--older-than", metavar="AGE", help="what is younger stays: 90d, 12w or 36h"
    )
    parser.add_argument("--branch", metavar="B", help="only this branch (default: all)")
    parser.add_argument(
        "--run", metavar="ID", action="append", help="delete this run, needed or not; repeatable"
    )
    parser.add_argument("--gone", action="store_true", help="delete branches that git has no more")
    parser.add_argument(
        "--pairs",
        action="store_true",
        help="delete runs that are kept for reruns, not baselines (default: the newest 200 stay)",
    )
    dry_run(parser)
    _usual(parser)


def _import(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="data.js, asv's results (or their folder), ..."
    )
    parser.add_argument(
        "--format",
        choices=["github-action-benchmark", "asv", "bencher"],
        help="what they are (default: found out)",
    )
    take_suite(parser, "default; of data.js its charts' names")
    parser.add_argument("--branch", metavar="B", help="whose runs they are (default: this branch)")
    parser.add_argument(
        "--as-environment",
        choices=["here"],
        help="take them for runs of this machine, so that it is compared with them",
    )
    dry_run(parser)
    _usual(parser)


def _export(parser: ArgumentParser) -> None:
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--to", metavar="URL", help="copy into this store, or this folder")
    target.add_argument("--parquet", metavar="DIR", help="write Parquet files below this folder")
    parser.add_argument("--branch", metavar="B", help="only this branch (default: everything)")
    _usual(parser)


BASELINE_VERBS = (
    Verb(
        name="accept",
        help="accept what regressed on a branch: its baseline starts anew there",
        example="perfci baseline accept 'codec/parse*' --reason 'safer parser'",
        options=_accept,
    ),
    Verb(
        name="list",
        help="show the branches that have stored runs, or the runs of one",
        example="perfci baseline list --branch main",
        options=_stored,
    ),
    Verb(
        name="show",
        help="show a stored run: what it measured, where, and what was decided",
        example="perfci baseline show latest --branch main",
        options=_show,
    ),
    Verb(
        name="promote",
        help="make a run that was measured elsewhere a baseline of a branch",
        example="perfci baseline promote run.json --to main --reason 'merged as it was'",
        options=_promote,
    ),
    Verb(
        name="prune",
        help="delete old runs, and nothing that the next comparison needs",
        example="perfci baseline prune --keep 200 --older-than 90d --dry-run",
        options=_prune,
    ),
    Verb(
        name="import",
        help="take in the history of another tool",
        example="perfci baseline import data.js --branch main",
        options=_import,
    ),
    Verb(
        name="export",
        help="copy what is stored into another store, or write Parquet files",
        example="perfci baseline export --to s3://bucket/perf",
        options=_export,
    ),
)
