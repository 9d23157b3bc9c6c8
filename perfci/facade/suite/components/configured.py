"""Variables to work, checked by the same rules as an entry in perfci.yml."""

import re
from collections.abc import Mapping

from perfci.errors import ConfigurationError
from perfci.model.work import Work
from perfci.settings.benchmarks import expand
from perfci.settings.layers import Layer
from perfci.settings.load import load


def work_from(kind: str, table: Mapping[str, object], names: Mapping[str, str]) -> Work:
    """Return the work that an entry of these settings would be.

    Args:
        kind: `ai`, `home_assistant`.
        table: its settings.
        names: the variable that each came from, by its key in the table.

    Raises:
        ConfigurationError: a value does not fit; names its variable, and holds no password.
    """
    tree = {"benchmarks": [{"name": "suite", kind: dict(table)}]}
    layer = Layer(name="environment", tree=tree, where=lambda _: "from the environment")
    try:
        (benchmark,) = expand(load([layer]))
    except ConfigurationError as error:
        told = re.sub(
            rf"benchmarks\[0\](?:\.{kind}(?:\.(\w+))?)?",
            lambda found: names.get(found[1] or "", found[1] or "what is set"),
            error.message,
        )
        raise ConfigurationError(told, hint=f"look at {', '.join(names.values())}") from None
    return benchmark.work
