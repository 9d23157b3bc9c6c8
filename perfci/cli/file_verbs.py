"""The verbs that take files of results, of whatever tool."""

from argparse import ArgumentParser

from perfci.cli.suite import take_suite
from perfci.cli.verb import Verb, as_json, output, project


def _format(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format", metavar="F", help="what they are in, of `perfci formats` (default: found out)"
    )


def _compare(parser: ArgumentParser) -> None:
    parser.add_argument(
        # not `base`: that is a setting
        "base_file",
        metavar="BASE",
        help="a file of results of any tool, its folder, or -",
    )
    parser.add_argument("head_file", metavar="HEAD", help="the same, of what is judged")
    _format(parser)
    project(parser)
    as_json(parser)


def _ingest(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="what one tool wrote: several files are launches; also its folder, or -",
    )
    _format(parser)
    take_suite(parser, "default")
    parser.add_argument("--commit", metavar="SHA", help="that was measured (default: as it says)")
    parser.add_argument("--branch", metavar="B", help="that it belongs to (default: as it says)")
    output(parser)
    project(parser)
    as_json(parser)


def _report(parser: ArgumentParser) -> None:
    parser.add_argument("result", metavar="RESULT", help="result.json, or the folder it is in")
    parser.add_argument(
        "--output",
        "-o",
        metavar="DIR",
        help="where files go (default: beside it); of --as, a file or -",
    )
    parser.add_argument(
        "--as",
        dest="form",
        choices=["customSmallerIsBetter", "customBiggerIsBetter", "bmf", "openmetrics", "csv"],
        help="write head's values for another tool, to standard output; also of a run.json",
    )


COMPARE = Verb(
    name="compare",
    help="compare two files of results, of whatever tool",
    example="perfci compare before.json after.json",
    options=_compare,
)

INGEST = Verb(
    name="ingest",
    help="make a run of what another tool measured",
    example="perfci ingest benchmark.json --suite codec",
    options=_ingest,
)

REPORT = Verb(
    name="report",
    help="render a stored result again",
    example="perfci report perfci-results/result.json -o again",
    options=_report,
)

FORMATS = Verb(
    name="formats",
    help="list the files of results that perfci reads",
    example="perfci formats",
    options=as_json,
)
