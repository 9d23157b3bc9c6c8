"""Which part of a suite a job measures, and at what error level. Pure.

The jobs do not talk to each other, so each works the whole split out from the names of the
benchmarks and the number of shards alone. Stored times would balance it better, but two jobs may
find different ones in the store, and a benchmark would be in two shards or in none.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from perfci.errors import ConfigurationError
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.model.shard import Place, Planned, Shard
from perfci.model.work import Read
from perfci.plan.plan import Plan
from perfci.stats.series import Design

MOST = 1000
"""Shards; no CI system starts as many jobs of one kind."""

_HINT = "give which of how many, from 1: `--shard 2/4`"
_PLACES = (
    ("GITLAB_CI", "CI_NODE_INDEX", "CI_NODE_TOTAL", 1),
    ("CIRCLECI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0),
    ("BUILDKITE", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0),
)
"""Variables of the systems that tell it: what shows the system, index, number, first index.

Others have variables of the same names and count otherwise.
"""


def place_of(text: str, environ: Mapping[str, str]) -> Place:
    """Read what `--shard` says.

    Args:
        text: `2/4`, or `auto` for what the CI system says.
        environ: the process's variables.

    Raises:
        ConfigurationError: it is neither, or the CI system says nothing.
    """
    told = text.strip()
    if told == "auto":
        return _told_by_system(environ)
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", told)
    if found is None:
        raise ConfigurationError(f"{text[:60]!r} (--shard) is no shard", hint=_HINT)
    return _place(int(found[1]), int(found[2]), f"{told} (--shard)")


def _told_by_system(environ: Mapping[str, str]) -> Place:
    for system, index, count, first in _PLACES:
        if not environ.get(system):
            continue
        number, total = environ.get(index, ""), environ.get(count, "")
        # one job that is not one of several: GitLab then tells no index
        if not number and total in {"", "1"}:
            return Place(index=1, count=1)
        if not re.fullmatch(r"[0-9]{1,9}", number) or not re.fullmatch(r"[0-9]{1,9}", total):
            raise ConfigurationError(
                f"{index} is {number[:20]!r} and {count} is {total[:20]!r}: that names no shard",
                hint=_HINT,
            )
        return _place(int(number) + 1 - first, int(total), f"{number} in {index} of {total}")
    raise ConfigurationError(
        "--shard is auto, but nothing here says which shard this job is",
        hint="GitLab, CircleCI and Buildkite say it; elsewhere give it: `--shard 2/4`",
    )


def _place(index: int, count: int, told: str) -> Place:
    if not 1 <= count <= MOST:
        raise ConfigurationError(f"{told}: there can be 1 to {MOST} shards", hint=_HINT)
    if not 1 <= index <= count:
        raise ConfigurationError(
            f"{told}: there is no shard {index} among {count}",
            hint="shards are counted from 1; where yours are counted from 0, add 1",
        )
    return Place(index=index, count=count)


def split(suite: Sequence[BenchmarkId], count: int) -> tuple[frozenset[BenchmarkId], ...]:
    """Split benchmarks into shards whose sizes differ by one at most.

    Each goes to the shard that its name's hash says or, where that has its share, to the next one
    that has room. One more benchmark moves few of the others. What differs in parameters alone
    may be in different shards: both sides of each are measured on one machine all the same.

    Args:
        suite: in any order, without repeats.
        count: of shards, at least 1.
    """
    hashes = {_hash(each): each for each in suite}
    least, larger = divmod(len(suite), count)
    found: list[set[BenchmarkId]] = [set() for _ in range(count)]
    for number in sorted(hashes):
        at = number % count
        while len(found[at]) > least or (len(found[at]) == least and not larger):
            at = (at + 1) % count
        larger -= len(found[at]) == least
        found[at].add(hashes[number])
    return tuple(map(frozenset, found))


def _hash(benchmark: BenchmarkId) -> int:
    text = repr((benchmark.suite, benchmark.name, benchmark.params))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big")


def own(shard: Shard) -> frozenset[BenchmarkId]:
    """Return the benchmarks of one shard."""
    suite = [planned.id for planned in shard.suite]
    return split(suite, shard.place.count)[shard.place.index - 1]


def shard_of(place: Place, plan: Plan) -> Shard:
    """Say what a job knows of the whole.

    Args:
        place: which of how many.
        plan: of all shards together.
    """
    suite = tuple(
        Planned(id=item.id, metrics=item.metrics)
        for item in sorted(plan.benchmarks, key=lambda item: item.id)
    )
    return Shard(place=place, plan=_digest(place.count, plan), suite=suite)


def _digest(count: int, plan: Plan) -> str:
    """Return 16 hex digits of what decides, alike in all shards.

    Whether stored runs are compared with is not among it: one machine may have some, and another
    none. Nor are the commits: they are known only when both sides are there.
    """
    paired = plan.mode is Mode.PAIRED
    parts = [(count, plan.project, paired, plan.design.rounds, plan.design.partial)]
    benchmarks = sorted(map(repr, (_measured(item, plan) for item in plan.benchmarks)))
    text = repr((parts, benchmarks))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _measured(item: Benchmark, plan: Plan) -> tuple[object, ...]:
    metrics = [(it, plan.sensitivity(item.id.series(it.name))) for it in item.metrics]
    return (item.id, plan.definition(item), metrics)


def design_of(recording: Recording) -> Design:
    """Return how a recording was decided, and is decided again.

    A shard decides by itself, from its own series, at its share of the error level: the shares of
    all shards add up to the level of the whole suite. Source: statistics.md E5b 1, where each of N
    gets one part in N; here a shard with more series gets more, as its suspects are more.
    """
    design = Design(mode=recording.mode, rounds=recording.rounds, partial=recording.partial)
    if recording.shard is None:
        return design
    # what is not there is in another shard
    return replace(_at_its_share(design, recording.shard), partial=True)


def _at_its_share(design: Design, shard: Shard) -> Design:
    mine = own(shard)
    # what a tool measures is not known yet: it counts as one
    every = sum(max(1, len(item.metrics)) for item in shard.suite)
    series = sum(max(1, len(item.metrics)) for item in shard.suite if item.id in mine)
    return replace(design, alpha=design.alpha * series / max(every, 1))


def narrowed(plan: Plan, place: Place) -> Plan:
    """Return the part of a plan that one shard does; it may be nothing at all."""
    for item in plan.benchmarks:
        if isinstance(item.work, Read):
            raise ConfigurationError(
                f"{item.id} is a tool, which tells what it measures when it has run: it cannot be "
                "part of a suite in shards",
                hint="measure it in a job of its own: `perfci run NAME`, without --shard",
            )
    shard = shard_of(place, plan)
    mine = own(shard)
    return replace(
        plan,
        shard=shard,
        benchmarks=tuple(item for item in plan.benchmarks if item.id in mine),
        design=_at_its_share(plan.design, shard),
        # nothing is started, so nothing has to be built
        setup=plan.setup if mine else None,
    )
