"""Gate after gate with the same code on both sides, each of them a whole run of the real rule."""

from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from perfci.errors import PerfciError
from perfci.model.mask import Mask
from perfci.model.measurement import Failure
from perfci.noise.gates import Gate, gate_of
from perfci.pipeline import Executed, Ports, Surroundings, evaluate, execute
from perfci.plan.plan import Plan
from perfci.ports import Observer, Opened
from perfci.units import duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How much is to be measured."""

    gates: int
    within: float
    """Seconds for the measuring of all gates together."""


@dataclass(slots=True, kw_only=True)
class Session:
    """The gates of one command, as they come in.

    All share one pair of sides, so that `setup` runs once; each has runners of its own.
    """

    plan: Plan
    ports: Ports
    wanted: Wanted
    mask: Mask
    opened: Opened | None = None
    """The sides; None before they were there."""
    gates: list[Gate] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Which gates were not finished, or not begun, and why."""
    failures: list[Failure] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    trouble: PerfciError | None = None
    """What ended it before its time, after a gate was finished."""
    interrupted: bool = False
    elapsed: float = 0.0
    """Seconds from the first gate's beginning."""
    _started: float = 0.0

    def run(self) -> None:
        """Measure until all gates are there, the time is up, or the user stops it.

        Raises:
            PerfciError: the sides cannot be brought up, or no gate could be measured.
        """
        try:
            with self.ports.sides(self.plan) as opened:
                if opened.broken:
                    raise opened.broken
                self.opened = opened
                self._started = self.ports.clock.ticks()
                try:
                    self._measure(opened)
                finally:
                    self.elapsed = self.ports.clock.ticks() - self._started
        except KeyboardInterrupt:
            self.interrupted = True
        except PerfciError as error:
            self.mask.error(error)
            if not self.gates:
                raise
            self.trouble = error

    def _measure(self, opened: Opened) -> None:
        for number in range(1, self.wanted.gates + 1):
            if not self.plan.benchmarks or self.interrupted:
                return
            if not self._worth_beginning():
                self._out_of_time(number, begun=False)
                return
            # what a gate of its usual length would have decided is not to be called inconclusive
            shortened = self._left() < self.plan.max_time
            executed = self._execute(number, opened)
            if not self._take(number, executed, shortened=shortened):
                self._out_of_time(number, begun=True)
                return

    def _out_of_time(self, number: int, *, begun: bool) -> None:
        """Enter which gates are not there, from one on."""
        rest = self.wanted.gates - number + (0 if begun else 1)
        parts = [f"gate {number} was begun and not finished"] if begun else []
        parts += [f"{rest} {'gate was' if rest == 1 else 'gates were'} not begun"] if rest else []
        self.left_out.append(
            f"{', '.join(parts)}: all gates together may take {duration(self.wanted.within)}"
            " (--max-time)"
        )

    def _worth_beginning(self) -> bool:
        """Tell whether a gate as quick as the quickest so far would still be finished."""
        return self._left() > min((gate.elapsed for gate in self.gates), default=0.0)

    def _left(self) -> float:
        return self.wanted.within - (self.ports.clock.ticks() - self._started)

    def _execute(self, number: int, opened: Opened) -> Executed:
        observer = Numbered(self.ports.observer, number, self.wanted.gates)
        observer.phase(f"seed {self.plan.seed + number}")
        plan = replace(
            self.plan,
            seed=self.plan.seed + number,
            max_time=min(self.plan.max_time, self._left()),
        )
        held = replace(self.ports, sides=lambda _: nullcontext(opened), observer=observer)
        return execute(plan, held, {})

    def _take(self, number: int, executed: Executed, *, shortened: bool) -> bool:
        """Enter one gate; return False where the time of all gates was up before its end."""
        recording = self.mask.recording(executed.recording)
        failures = recording.run.failures
        if executed.interrupted:
            self.left_out.append(f"gate {number} was interrupted")
            self.interrupted = True
            return True
        failed = {failure.id for failure in failures}
        series = sum(len(it.metrics) for it in self.plan.benchmarks if it.id not in failed)
        gate = gate_of(evaluate(recording, self.plan.policy, Surroundings()), series=series)
        if failures and self._left() <= 0:
            # the lack of time is such a failure, too; any other one must not be lost
            self.warnings |= dict.fromkeys(f"{it.id}: {it.reason}" for it in failures)
            return False
        self._without(failures, number)
        if shortened and gate.undecided:
            return False
        self.warnings |= dict.fromkeys(recording.run.warnings)
        if gate.seen:
            self.gates.append(gate)
        return True

    def _without(self, failures: tuple[Failure, ...], number: int) -> None:
        """Go on without what failed: it would only fail again."""
        for failure in failures:
            self.failures.append(failure)
            self.ports.observer.warn(
                f"{failure.id} failed in gate {number}; the others are measured without it"
            )
        gone = {failure.id for failure in failures}
        kept = tuple(item for item in self.plan.benchmarks if item.id not in gone)
        self.plan = replace(self.plan, benchmarks=kept)


class Numbered:
    """An observer that says of which gate it speaks."""

    def __init__(self, observer: Observer, number: int, gates: int) -> None:
        """Take who is told, the gate's number from 1, and how many there are."""
        self._observer = observer
        self._gate = f"gate {number} of {gates}"

    def phase(self, text: str) -> None:
        """Tell what begins."""
        self._observer.phase(f"{self._gate}: {text}")

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None:
        """Tell of a launch."""
        named = f"{self._gate}: {benchmark}"
        self._observer.launched(named, done=done, doubtful=doubtful, left=left)

    def warn(self, text: str) -> None:
        """Pass a warning on."""
        self._observer.warn(text)
