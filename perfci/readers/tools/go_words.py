"""Words of the lines that `go test -bench` prints: names, counts, numbers, and damaged ones."""

import re
from collections.abc import Sequence

BENCHMARK = "Benchmark"
"""How names begin."""
NAME = re.compile(rf"{BENCHMARK}(?![a-z])\S*")
"""One that stands anywhere: not what a program says, `Benchmarking is fun`."""


def is_name(text: str) -> bool:
    """Return whether a text begins with a benchmark's name."""
    return text.startswith(BENCHMARK) and not text[len(BENCHMARK) :][:1].islower()


def is_count(digits: str) -> bool:
    """Return whether a text is one of decimal digits, as Go prints them."""
    return digits.isdecimal() and digits.isascii()


def floats(words: Sequence[str]) -> list[float]:
    """Return numbers as Go prints them.

    Raises:
        ValueError: one is none.
    """
    together = "".join(words)
    if "_" in together or not together.isascii():  # what Python itself would take
        message = "a number with _, or in digits of another script"
        raise ValueError(message)
    return list(map(float, words))


def result_of(words: Sequence[str]) -> dict[str, float] | None:
    """Return what a result's words, without the name, say by unit; None where it is not sound."""
    units = words[2::2]
    if len(words) < 3 or not len(words) % 2 or len(set(units)) < len(units):
        return None
    if not is_count(words[0]):
        return None
    try:
        return dict(zip(units, floats(words[1::2]), strict=True))
    except ValueError:
        return None


def are_damaged(words: Sequence[str]) -> bool:
    """Return whether words that are no result were one, and not something else that was printed."""
    if not words or not words[0][:1].isdigit():
        return False
    return "ns/op" in words or (len(words) > 2 and len(words) % 2 == 1 and is_count(words[0]))


def has_result(words: Sequence[str]) -> bool:
    """Return whether words end with a result, behind one that may have been a name."""
    return any(result_of(words[start:]) is not None for start in (0, 1))


def has_another(words: Sequence[str]) -> bool:
    """Return whether the words of a benchmark's line go on with another's name and count."""
    return len(words) > 2 and is_name(words[1]) and is_count(words[2])
