"""How many values are behind a judgement, and taking back what too few of them say."""

from dataclasses import replace

from perfci.model.comparison import Comparison, Outcome
from perfci.model.measurement import Measurement, Stage
from perfci.model.run import Run


def sample_size(run: Run) -> int:
    """Return how many values are behind what is judged: those of each series' last set."""
    return min((_values(item) for item in run.measurements if item.gated), default=0)


def _values(item: Measurement) -> int:
    stages = {launch.stage for launch in item.launches}
    last = Stage.CONFIRM if Stage.CONFIRM in stages else Stage.SCREEN
    launches = sum(launch.stage is last for launch in item.launches)
    # the share of the calls that failed is one value of as many calls
    return launches * (item.iterations if item.metric.name == "error_rate" else 1)


def enough(found: Comparison, count: int, least: int) -> Comparison:
    """Return a comparison as it is, or `inconclusive` where too few values are behind it.

    Args:
        found: the comparison.
        count: values that were measured.
        least: values that are asked for.
    """
    if count >= least or found.outcome in {Outcome.NEW, Outcome.FAILED, Outcome.MISSING}:
        return found
    why = f"values measured: {count}, and minimum_sample_size is {least}: raise test_iterations"
    return replace(found, outcome=Outcome.INCONCLUSIVE, explanation=why)
