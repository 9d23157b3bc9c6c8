"""Every verb with its flags, in the order in which help shows them."""

from argparse import ArgumentParser

from perfci.cli import file_verbs
from perfci.cli.baseline_verbs import BASELINE_VERBS
from perfci.cli.verb import Verb, as_json, output, project, select, store

__all__ = ["VERBS", "Verb"]


def _chosen(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks (default: all)")
    select(parser, "benchmarks")


def _shard(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--shard",
        metavar="I/N",
        help="a part of them, from 1/N to N/N; auto: as the CI system says",
    )


def _run(parser: ArgumentParser) -> None:
    _chosen(parser)
    project(parser)
    parser.add_argument("--mode", metavar="MODE", help="auto, paired, history or record")
    parser.add_argument("--base", metavar="REF", help="compare with this commit, side by side")
    store(parser)
    parser.add_argument(
        "--rounds", metavar="N", help="launches a side (default: as many as needed)"
    )
    parser.add_argument("--max-time", metavar="TIME", help="bound on all measuring, e.g. 10m")
    _shard(parser)
    parser.add_argument("--seed", metavar="N", type=int, help="repeat a run's order and chances")
    parser.add_argument("--dry-run", action="store_true", help="show the plan, measure nothing")
    output(parser)
    as_json(parser)


def _list(parser: ArgumentParser) -> None:
    _chosen(parser)
    _shard(parser)
    project(parser)
    as_json(parser)


def _gate(parser: ArgumentParser) -> None:
    parser.add_argument(
        "runs",
        nargs="+",
        metavar="RUN.json",
        help="stored runs: one, or all shards of one; also as a glob, or the folder they are in",
    )
    project(parser)
    store(parser)
    output(parser)
    as_json(parser)


def _history(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="JSON Lines, CSV, data.js, asv's results (default: the store's runs)",
    )
    select(parser, "series")
    parser.add_argument("--branch", metavar="B", help="whose runs (default: the tracked branch)")
    parser.add_argument("--since", metavar="WHEN", help="only what is younger: 90d or 2026-10-01")
    parser.add_argument("--last", metavar="N", type=int, help="only the newest N points")
    parser.add_argument(
        "--all-environments",
        action="store_true",
        help="the runs of every kind of machine, each by itself",
    )
    parser.add_argument(
        "--dask", metavar="tcp://HOST:PORT", help="share the work among the workers of a cluster"
    )
    parser.add_argument("--html", metavar="FILE", help="also draw a page: every series as a line")
    store(parser)
    project(parser)
    as_json(parser)


def _publish(parser: ArgumentParser) -> None:
    parser.add_argument("result", metavar="RESULT", help="a result.json, or the folder it is in")
    project(parser)


def _init(parser: ArgumentParser) -> None:
    parser.add_argument("platform", choices=["github", "gitlab", "jenkins"])
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    parser.add_argument(
        "--forks",
        action="store_true",
        help="github: let a second workflow comment, also on pull requests from forks",
    )


def _doctor(parser: ArgumentParser) -> None:
    _chosen(parser)
    project(parser)
    parser.add_argument(
        "--noise",
        action="store_true",
        help="measure the same code on both sides, gate after gate, and count the false alarms",
    )
    parser.add_argument(
        "--gates", metavar="N", type=int, help="with --noise: how many (default: 5)"
    )
    parser.add_argument(
        # not a setting: measure.max_time bounds each of the gates, this one all of them
        "--max-time",
        metavar="TIME",
        dest="within",
        help="with --noise: bound on all gates together (default: 10m)",
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, help="with --noise: repeat the order and chances"
    )
    as_json(parser)


def _test(parser: ArgumentParser) -> None:
    parser.add_argument("--verbose", "-v", action="store_true", help="name each check")


def _validate(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--info", action="store_true", help="also show versions, folders and components"
    )


VERBS = (
    Verb(
        name="run",
        help="measure, compare, gate and report",
        example="perfci run --base main",
        options=_run,
    ),
    Verb(
        name="list",
        help="show the benchmarks, their keys and their limits",
        example="perfci list --json",
        options=_list,
    ),
    Verb(
        name="gate",
        help="compare, gate and report what was measured before",
        example="perfci gate perfci-results/run.json",
        options=_gate,
    ),
    file_verbs.COMPARE,
    file_verbs.INGEST,
    Verb(
        name="baseline",
        help="see to what runs are compared with",
        example="perfci baseline list",
        verbs=BASELINE_VERBS,
    ),
    Verb(
        name="history",
        help="show which commits changed a level, what drifts, and how much",
        example="perfci history --last 200",
        options=_history,
    ),
    file_verbs.REPORT,
    Verb(
        name="publish",
        help="comment and tell chats of a result that another job measured",
        example="perfci publish perfci-results",
        options=_publish,
    ),
    Verb(
        name="init",
        help="write a working perfci.yml and pipeline file",
        example="perfci init github",
        options=_init,
    ),
    Verb(
        name="doctor",
        help="check whether machine, configuration and store are fit, and how noisy it is here",
        example="perfci doctor --noise --gates 5",
        options=_doctor,
    ),
    Verb(
        name="validate",
        help="check whether everything is there that the Python API needs",
        example="perfci validate --info",
        options=_validate,
    ),
    Verb(
        name="test",
        help="measure a known slowdown here, and see whether it is found",
        example="perfci test --verbose",
        options=_test,
    ),
    Verb(
        name="schema",
        help="print the JSON Schema of the settings",
        example="perfci schema > perfci.schema.json",
    ),
    file_verbs.FORMATS,
)
