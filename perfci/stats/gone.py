"""What stored runs know and head does not measure any more."""

from collections.abc import Collection, Sequence

from perfci.model.comparison import Comparison, Estimate, Outcome
from perfci.model.history import History, Point
from perfci.model.identity import BenchmarkId, parse_key
from perfci.model.metric import Better, Metric, built_in
from perfci.model.run import Run


def gone(
    heads: Sequence[Run], history: History, failed: Collection[BenchmarkId]
) -> tuple[Comparison, ...]:
    """Return a comparison for each series that the newest comparable run has and head has not.

    That is the newest that measured something of head's, too: one store may hold runs of other
    suites beside, as baselines of the Python API are.

    Args:
        heads: the run that is judged, or all shards of it; each has the newest run of its machine.
        history: of the branch.
        failed: benchmarks that did not yield a measurement: of them that is told.
    """
    there = {it.key for head in heads for it in head.measurements}
    own = {head.id for head in heads}
    found: dict[str, Point] = {}
    for fingerprint in dict.fromkeys(head.environment.fingerprint for head in heads):
        runs = [run for run in history.comparable(fingerprint) if run.id not in own]
        akin = [run for run in runs if not there.isdisjoint(run.points)] or runs
        # one that measured a part of the suite says nothing of the rest
        akin = [run for run in akin if not run.partial] or akin
        for key, point in akin[-1].points.items() if akin else ():
            found.setdefault(key, point)
    answers = (_answer(key, point, failed) for key, point in found.items() if key not in there)
    return tuple(answer for answer in answers if answer is not None)


def _answer(key: str, point: Point, failed: Collection[BenchmarkId]) -> Comparison | None:
    try:
        id_, name = parse_key(key)
    except ValueError:
        return None  # not written by perfci: nothing that head could ever measure
    if id_ in failed:
        return None
    level = point.centres.get(point.clock)
    return Comparison(
        id=id_,
        metric=built_in(name)
        or Metric(name=name, unit=point.unit, better=point.better or Better.LOWER),
        outcome=Outcome.MISSING,
        base=None if level is None else Estimate(point=level, n=point.n),
        clock=point.clock,
        paired=False,
    )
