"""What other tools measure, under perfci's names; the direction is the metric's own."""

from perfci.model.metric import Assumption, Better, Metric

LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)
"""Time of one execution of the work. Of a file without raw values: its median, else its mean."""
THROUGHPUT = Metric(name="throughput", unit="1/s", better=Better.HIGHER)
"""Executions, requests or operations a second."""
BANDWIDTH = Metric(name="bandwidth", unit="B/s", better=Better.HIGHER)
"""Bytes a second."""
CPU_TIME = Metric(name="cpu_time", unit="s", better=Better.LOWER)
MEMORY = Metric(name="memory_usage", unit="B", better=Better.LOWER)
"""Peak of memory."""
ALLOCATED = Metric(name="allocated", unit="B", better=Better.LOWER)
"""Bytes that one execution allocates."""
ALLOCATIONS = Metric(name="allocations", unit="count", better=Better.LOWER)
"""Allocations of one execution."""
ERROR_RATE = Metric(name="error_rate", unit="ratio", better=Better.LOWER, absolute=True)
"""Share of requests that failed."""
INSTRUCTIONS = Metric(
    name="instructions", unit="count", better=Better.LOWER, assumption=Assumption.EXACT
)


def percentile(of: Metric, share: float) -> Metric:
    """Return the metric of a percentile: `latency_p95`, `latency_p999` for 99.9.

    Args:
        of: what it is a percentile of.
        share: in per cent, 0 to 100.
    """
    digits = f"{share:g}".replace(".", "")
    return Metric(name=f"{of.name}_p{digits}", unit=of.unit, better=of.better)


def exact(name: str, *, unit: str = "count", better: Better = Better.LOWER) -> Metric:
    """Return a metric that repeats to the bit, as counts of a simulated processor do."""
    return Metric(name=name, unit=unit, better=better, assumption=Assumption.EXACT)
