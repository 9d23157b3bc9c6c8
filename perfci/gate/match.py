"""Globs over series keys."""

import re
from functools import lru_cache

from perfci.model.identity import parse_key


@lru_cache(maxsize=4096)
def _pattern(glob: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(char) or re.escape(char) for char in glob), re.DOTALL)


def matches(glob: str, key: str) -> bool:
    """Tell whether a glob means this series.

    `*` stands for any text, `/` and `:` included, `?` for one character; brackets are literal.
    A glob without `:` means every metric, one without `[` every parameter.

    Args:
        glob: as a rule, `expect` or `--select` spells it.
        key: of a series, `suite/benchmark[param=value]:metric`.
    """
    benchmark, metric = parse_key(key)
    name = str(benchmark) if "[" in glob else f"{benchmark.suite}/{benchmark.name}"
    return bool(_pattern(glob).fullmatch(f"{name}:{metric}" if ":" in glob else name))
