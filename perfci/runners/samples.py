"""Readings to launches: one place for the arithmetic of the clocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from perfci.model.measurement import Clock, Launch
from perfci.ports import LaunchOrder

_ABOVE = 1.02
"""A peak within 2 % of the floor may be the floor's own, a page more or less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One value of a duration in every clock, in seconds per execution of the work."""

    wall: float
    cpu: float
    net: float | None
    """None where the kernel does not tell `delay`."""
    delay: float | None
    """Waiting for a processor."""
    whole: bool
    """Whether `delay` is that of all that ran."""
    span: float | None = None
    """Wall seconds that `cpu` was read over, where that is not `wall` (a median, say)."""

    @property
    def usage(self) -> float:
        """Return how many processors were busy on average."""
        return self.cpu / (self.wall if self.span is None else self.span)


def net(wall: float, cpu: float, delay: float) -> float:
    """Return wall time without waiting for a processor, in the unit of all three.

    Source: statistics.md E1.3.
    """
    return min(wall, max(cpu, wall - delay))


def metrics(
    order: LaunchOrder, samples: Sequence[Sample], peaks: Sequence[int], *, floor: int = 0
) -> dict[str, Launch]:
    """Return one side's values of every metric.

    Args:
        order: the launch.
        samples: one or more; every wall time is above 0.
        peaks: bytes resident at most; may be empty.
        floor: bytes up to which a peak tells nothing.
    """
    cpu = tuple(it.cpu for it in samples)
    clocks = {Clock.WALL: tuple(it.wall for it in samples), Clock.CPU: cpu}
    nets = tuple(it.net for it in samples if it.net is not None)
    delays = tuple(it.delay for it in samples if it.delay is not None)
    told = len(nets) == len(delays) == len(samples)
    if told:
        clocks[Clock.NET] = nets
    found = {
        "latency": _launch(
            order, clocks, delay=delays if told else (), whole=all(it.whole for it in samples)
        ),
        "cpu_time": _launch(order, {Clock.CPU: cpu}),
        "cpu_usage": _launch(order, {Clock.VALUE: tuple(it.usage for it in samples)}),
    }
    if peaks:
        found["memory_usage"] = _launch(
            order, {Clock.VALUE: tuple(map(float, peaks))}, whole=min(peaks) > floor * _ABOVE
        )
    return found


def _launch(
    order: LaunchOrder,
    clocks: dict[Clock, tuple[float, ...]],
    *,
    delay: tuple[float, ...] = (),
    whole: bool = True,
) -> Launch:
    return Launch(
        number=order.number,
        stage=order.stage,
        position=order.position,
        clocks=clocks,
        delay=delay,
        whole=whole,
    )
