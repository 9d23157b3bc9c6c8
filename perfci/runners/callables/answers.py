"""What a worker answers, checked: the measured code shares its process, and can write anything."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from perfci.runners.callables.targets import Form
from perfci.runners.samples import Sample, net

_STREAMS = ("", "generator", "async generator")
_CHECKSUM = re.compile("[0-9a-f]{64}")


class ClockError(Exception):
    """A worker's clock told what cannot be; the text is the rest of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """How often one side calls its function."""

    inner: int
    """Calls in a batch of about 100 us."""
    batches: int
    """Batches in a sample of at least 2 ms."""
    call: float
    """Seconds of one call."""


def form(answer: Mapping[str, Any]) -> Form:
    """Return what the first call found out.

    Raises:
        ValueError: it is no such answer.
    """
    awaits, stream = answer["form"]
    if not isinstance(awaits, bool) or stream not in _STREAMS:
        raise ValueError("no form")
    return Form(awaits, stream)


def calibrated(answer: Mapping[str, Any]) -> Calibrated:
    """Return a calibration.

    Raises:
        ValueError: it is no such answer.
    """
    return Calibrated(
        inner=_whole(answer["inner"], least=1),
        batches=_whole(answer["batches"], least=1),
        call=_whole(answer["call"] * 1000, least=1) / 1e12,
    )


def sample(answer: Mapping[str, Any], inner: int, batches: int) -> Sample:
    """Return one sample, per call: wall is the median batch's, the others are the whole sample's.

    Args:
        answer: with nanoseconds.
        inner: calls in a batch.
        batches: in the sample.

    Raises:
        ValueError: it is no such answer.
        ClockError: time stood still or ran backwards.
    """
    walls = [_whole(wall) for wall in answer["walls"]]
    wall, cpu = _whole(answer["wall"]), _whole(answer["cpu"])
    delay = None if answer["delay"] is None else _whole(answer["delay"])
    if len(walls) != batches:
        raise ValueError("batches are missing")
    if min(walls) < 0 or sum(walls) > wall or cpu < 0 or (delay is not None and delay < 0):
        raise ClockError("ran backwards")
    middle = median(walls)
    if middle == 0:
        raise ClockError(f"has steps too long to see {inner} calls")
    calls = inner * batches * 1e9
    return Sample(
        wall=middle / (inner * 1e9),
        cpu=cpu / calls,
        net=None if delay is None else net(wall, cpu, delay) / calls,
        delay=None if delay is None else delay / calls,
        whole=bool(answer["whole"]),
        span=wall / calls,
    )


def size(answer: Mapping[str, Any]) -> int:
    """Return the bytes of a peak.

    Raises:
        ValueError: it is no such answer.
    """
    return _whole(answer["peak"], least=1)


def checksum(answer: Mapping[str, Any]) -> str:
    """Return a checksum.

    Raises:
        ValueError: it is no such answer.
    """
    made = answer["checksum"]
    if not isinstance(made, str) or not _CHECKSUM.fullmatch(made):
        raise ValueError("no checksum")
    return made


def files(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return names and files of modules.

    Raises:
        ValueError: it is no such answer.
    """
    return [(str(name), str(file)) for name, file in answer["files"]]


def _whole(value: Any, *, least: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number")
    if least is not None and value < least:
        raise ValueError("too small")
    return int(value)
