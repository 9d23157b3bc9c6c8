"""One server while it is asked: what it answered, and what its service took."""

from collections.abc import Callable
from dataclasses import dataclass, field

from perfci.errors import MeasurementError
from perfci.model.measured import SERVER_METRICS
from perfci.model.measurement import Launch
from perfci.ports import LaunchOrder
from perfci.runners.processes.spawning import Ended
from perfci.runners.samples import Sample, metrics
from perfci.runners.servers.asking import Client, Tally, Target
from perfci.runners.servers.service import RunningService


@dataclass(slots=True, kw_only=True)
class Server:
    """One server of one launch."""

    target: Target
    service: RunningService | None
    """None where it runs without perfci's doing."""
    tally: Tally = field(default_factory=Tally)
    ended: Ended | None = None
    """What the service took, once it was stopped."""

    def reach(self, ask: Callable[[Target], None]) -> None:
        """Ask it something.

        Raises:
            MeasurementError: it cannot be asked; where its service has ended, that is the reason.
        """
        try:
            ask(self.target)
        except MeasurementError:
            if self.service:
                self.service.check()
            raise
        if self.service:
            self.service.check()

    def ask(self, client: Client, part: int) -> None:
        """Ask for one part of a launch."""
        self.reach(lambda target: client.ask(target, self.tally, part))

    def launches(self, order: LaunchOrder) -> dict[str, Launch]:
        """Return the launch's value of every metric."""
        found = self.tally.launches(order)
        answered = self.tally.asked - self.tally.errors.total()
        if self.ended is None or not answered:
            return found
        sample = Sample(
            wall=self.ended.wall,
            cpu=self.ended.cpu / answered,
            net=None,
            delay=None,
            whole=False,
        )
        taken = metrics(order, [sample], [self.ended.peak], floor=self.ended.floor)
        return found | {name: taken[name] for name in SERVER_METRICS}
