"""One value of a live callable, in every clock that it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass

from perfci.model.measurement import Clock, Launch
from perfci.ports import LaunchOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one launch gave."""

    clocks: Mapping[Clock, float]
    """In base units."""
    delay: float | None = None
    """Seconds of waiting for a processor; None where that is not read."""
    whole: bool = True
    calls: int = 1
    """Calls behind the value."""
    wall: float = 0.0
    """Seconds that it took in all."""
    warnings: tuple[str, ...] = ()

    def launch(self, order: LaunchOrder) -> Launch:
        """Return the launch."""
        return Launch(
            number=order.number,
            stage=order.stage,
            position=order.position,
            clocks={clock: (value,) for clock, value in self.clocks.items()},
            delay=() if self.delay is None else (self.delay,),
            whole=self.whole,
        )


def plain(value: float, *, calls: int = 1, wall: float = 0.0, whole: bool = True) -> Taken:
    """Return a value that is no duration."""
    return Taken(clocks={Clock.VALUE: value}, calls=calls, wall=wall, whole=whole)
