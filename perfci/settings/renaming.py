"""Names of benchmarks in `renamed`: ours, or such as other tools give."""

from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from perfci.model.metric import built_in
from perfci.settings.fields import Text, nameable, speakable
from perfci.settings.spelling import shown


def _full_name(text: str) -> str:
    suite, slash, name = text.partition("/")
    if not slash:
        raise ValueError(f"{shown(text)} is not like suite/benchmark")
    if name.endswith("]"):
        raise ValueError(
            f"{shown(text)} names parameters, and a benchmark is renamed with all of them: leave "
            "out what stands in brackets"
        )
    before, colon, metric = name.rpartition(":")
    # other tools' names have colons, mostly two in a row
    if colon and not before.endswith(":") and built_in(metric):
        raise ValueError(
            f"{shown(text)} names a metric, and a benchmark is renamed with all of them: leave "
            f"out :{metric}"
        )
    return f"{nameable(suite)}/{speakable(name)}"


BenchmarkName = Annotated[
    Text,
    AfterValidator(_full_name),
    WithJsonSchema({"type": "string", "pattern": r"^[^/:\[\],=]+/.*[^\]]$"}),
]
"""A benchmark's `suite/name`, without parameters; of other tools, names hold any character."""
