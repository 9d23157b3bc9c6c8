"""Globs over series keys."""

import re

from perfci.model.identity import parse_key


def _fits(glob: str, text: str) -> bool:
    """Tell whether `*` and `?` of a glob can stand for what a text has there.

    Only the last `*` is ever tried anew, so that a hostile glob costs the product of the lengths
    at most; a regular expression would try them all against one another.
    """
    at = star = mark = 0
    tried = False
    place = 0
    while place < len(text):
        if at < len(glob) and glob[at] == "*":
            tried, star, mark = True, at, place
            at += 1
        elif at < len(glob) and glob[at] in ("?", text[place]):
            at += 1
            place += 1
        elif tried:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return all(char == "*" for char in glob[at:])


def matches(glob: str, key: str) -> bool:
    """Tell whether a glob means this series.

    `*` stands for any text, `/` and `:` included, `?` for one character; brackets are literal.
    A glob without `:` means every metric, one without `[` every parameter. A name may have colons
    of its own, as those of other tools do (`unit/a.py::test_x`): written to its end it means every
    metric, too. What stands behind `*:` is always a metric.

    Args:
        glob: as a rule, `expect` or `--select` spells it.
        key: of a series, `suite/benchmark[param=value]:metric`.
    """
    benchmark, metric = parse_key(key)
    name = str(benchmark) if "[" in glob else f"{benchmark.suite}/{benchmark.name}"
    before, colon, _ = glob.rpartition(":")
    if colon and _fits(glob, f"{name}:{metric}"):
        return True
    return not before.endswith("*") and _fits(glob, name)


def may_begin(glob: str, text: str) -> bool:
    """Tell whether a glob can stand for anything that begins with a text."""
    return any(_fits(glob[:end], text) for end in range(len(glob) + 1))


def covers(wide: str, narrow: str) -> bool:
    """Tell whether a glob means every series that another one can mean.

    In doubt the answer is no: a `?` of the wider one is only compared with itself. It is asked of
    benchmarks whose names have no colons of their own.
    """
    if wide == narrow:
        return True
    if "?" in wide:
        return False
    if "[" not in wide:
        narrow = re.sub(r"\[.*\]", "", narrow)
    # what a `*` of the narrower one stands for, only a `*` of the wider one can take up
    return _fits(_with_metric(wide), _with_metric(narrow))


def _with_metric(glob: str) -> str:
    return glob if ":" in glob else f"{glob}:*"
