"""Names of benchmarks and of the series they produce."""

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

    def series(self, metric: str) -> str:
        """Return the key of one series, e.g. `codec/parse[size=1MB]:latency`."""
        return f"{self}:{metric}"


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
