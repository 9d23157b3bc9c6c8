"""How a callable is sampled: alike on both sides and in every launch."""

from collections.abc import Mapping
from dataclasses import dataclass

from perfci.model.measurement import Side
from perfci.runners.callables.answers import Calibrated
from perfci.runners.callables.targets import Form

_PAIRS = 10
"""Samples a side in one launch."""
_ENOUGH = 1.0
"""Seconds of samples a side that make a launch of a slow function."""
_LONGEST = 0.1
"""Seconds from which a sample of the slower side is long enough, however fast the other is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The numbers of a launch."""

    inner: int
    """Calls in a batch."""
    batches: int
    """Batches in a sample."""
    pairs: int
    """Samples a side."""
    forms: Mapping[Side, Form]


def shape(calibrated: Mapping[Side, Calibrated], forms: Mapping[Side, Form]) -> Shape:
    """Choose the larger of both sides' counts, but none that makes the slower side endless.

    Where one side takes a thousand times as long as the other, a batch that the fast one needs
    would take the slow one minutes; so great a change shows in shorter batches, too.

    Args:
        calibrated: of one side or two.
        forms: of the same sides.
    """
    inner = max(it.inner for it in calibrated.values())
    batches = max(it.batches for it in calibrated.values())
    slow = max(calibrated.values(), key=lambda it: it.call)
    most = max(slow.inner * slow.batches, int(_LONGEST / slow.call))
    batches = max(1, min(batches, most // inner))
    inner = min(inner, most)
    seconds = slow.call * inner * batches
    return Shape(
        inner=inner,
        batches=batches,
        pairs=min(_PAIRS, int(_ENOUGH / seconds) + 1),
        forms=forms,
    )
