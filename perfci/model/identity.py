"""Names of benchmarks and of the series they produce."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class BenchmarkId:
    """A named piece of work with its parameters.

    Printed as `suite/benchmark[param=value,other=value]`, the key without its metric.
    """

    suite: str
    name: str
    params: tuple[tuple[str, str], ...] = ()
    """Sorted by name, so that equal parameters give equal keys."""

    def __str__(self) -> str:
        """Return the key without its metric."""
        inside = ",".join(f"{name}={value}" for name, value in self.params)
        return f"{self.suite}/{self.name}[{inside}]" if inside else f"{self.suite}/{self.name}"

    def renamed(self, names: Mapping[str, str]) -> "BenchmarkId":
        """Return this benchmark under its new name, where it has one; see `renamed_key`."""
        new = names.get(f"{self.suite}/{self.name}")
        if new is None:
            return self
        suite, _, name = new.partition("/")
        return BenchmarkId(suite=suite, name=name, params=self.params)

    def series(self, metric: str) -> str:
        """Return the key of one series, e.g. `codec/parse[size=1MB]:latency`."""
        return f"{self}:{metric}"


def renamed_key(key: str, names: Mapping[str, str]) -> str:
    """Return a series key with its benchmark's new name, where it has one.

    Args:
        key: of a series; what is no key stays as it is.
        names: new `suite/benchmark` by old, without parameters.
    """
    try:
        benchmark, metric = parse_key(key)
    except ValueError:
        return key
    return benchmark.renamed(names).series(metric)


def parse_key(key: str) -> tuple[BenchmarkId, str]:
    """Take a series key apart into benchmark and metric name; the inverse of `series`.

    Raises:
        ValueError: the text is not `suite/benchmark[param=value]:metric`.
    """
    head, colon, metric = key.rpartition(":")
    suite, slash, rest = head.partition("/")
    if not (colon and slash and suite and rest and metric):
        message = f"{key!r} is not of the form suite/benchmark[param=value]:metric"
        raise ValueError(message)
    params: tuple[tuple[str, str], ...] = ()
    if rest.endswith("]") and "[" in rest:
        rest, _, inside = rest[:-1].partition("[")
        pairs = (item.partition("=") for item in inside.split(","))
        params = tuple(sorted((name, value) for name, _, value in pairs))
    return BenchmarkId(suite=suite, name=rest, params=params), metric
