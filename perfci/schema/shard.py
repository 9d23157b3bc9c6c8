"""The shard of a `run.json`: which of how many, and what all of them are to measure."""

from perfci.model.shard import Place, Planned, Shard
from perfci.schema.fields import Fields
from perfci.schema.parts import Json, dump_benchmark, dump_metric, load_benchmark, load_metric

_MOST = 1000


def dump_shard(shard: Shard) -> Json:
    """Return a shard, with the benchmarks of all shards."""
    return {
        "index": shard.place.index,
        "count": shard.place.count,
        "plan": shard.plan,
        "complete": shard.complete,
        "suite": [
            dump_benchmark(item.id) | {"metrics": [dump_metric(it) for it in item.metrics]}
            for item in shard.suite
        ],
    }


def load_shard(fields: Fields | None) -> Shard | None:
    """Return a shard, or None where the run is of a whole suite.

    Raises:
        FormatError: it is none of so many, names a benchmark twice, or one without a metric: the
            error level is shared out by the number of series.
    """
    if fields is None:
        return None
    place = Place(index=fields.whole("index", least=1), count=fields.whole("count", least=1))
    if place.count > _MOST:
        raise fields.wrong("count", f"is more than {_MOST}")
    if place.index > place.count:
        raise fields.wrong("index", f"is {place.index}, and there are {place.count} shards")
    suite = tuple(_load_planned(each) for each in fields.groups("suite"))
    if len({item.id for item in suite}) != len(suite):
        raise fields.wrong("suite", "names a benchmark twice")
    return Shard(
        place=place,
        plan=fields.text("plan"),
        suite=suite,
        complete=fields.flag("complete", default=True),
    )


def _load_planned(fields: Fields) -> Planned:
    metrics = tuple(load_metric(each) for each in fields.groups("metrics"))
    if not metrics:
        raise fields.wrong("metrics", "is empty")
    if len({metric.name for metric in metrics}) != len(metrics):
        raise fields.wrong("metrics", "names a metric twice")
    return Planned(id=load_benchmark(fields), metrics=metrics)
