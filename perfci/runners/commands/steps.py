"""One execution of a command: what prepares it, the program itself, and what cleans up."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from errno import ENOENT
from pathlib import Path

from perfci.errors import MeasurementError
from perfci.model.text import printable
from perfci.model.work import Command
from perfci.runners.commands.printed import nothing_counts, too_much
from perfci.runners.commands.shell import direct
from perfci.runners.executables import find, why_not_found
from perfci.runners.failures import Subject, failure
from perfci.runners.processes.elsewhere import Elsewhere
from perfci.runners.processes.spawning import Ended, Start

_MISSING = os.strerror(ENOENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """How a command is executed on one side, as often as it is asked for."""

    subject: Subject
    place: Elsewhere
    environ: Mapping[str, str]

    @property
    def work(self) -> Command:
        """Return the command."""
        work = self.subject.benchmark.work
        assert isinstance(work, Command)  # noqa: S101 - wiring names the runner by the work
        return work

    @property
    def folder(self) -> Path:
        """Return the folder that it starts in, as programs see it."""
        return self.place.root / self.subject.benchmark.cwd

    def run(self) -> Ended:
        """Prepare, execute, clean up; see `within`."""
        return self.within(self._measured)

    def run_tool(self) -> Ended:
        """Run another benchmark tool: standard output is kept, what it takes is not looked at."""
        work = self.work
        start = replace(self.start(direct(work.argv) if work.shell else work.argv), checksum="")
        return self.within(lambda: self._step(self.subject, start, work.exit_codes))

    def within(self, measured: Callable[[], Ended]) -> Ended:
        """Prepare, do what is given, clean up; cleaning up follows a failure, too.

        Raises:
            MeasurementError: one of the three failed; of several, the first is told.
        """
        try:
            self._aside("prepare", self.work.prepare)
            ended = measured()
        except MeasurementError:
            with suppress(MeasurementError):
                self._aside("cleanup", self.work.cleanup)
            raise
        self._aside("cleanup", self.work.cleanup)
        return ended

    def start(self, argv: tuple[str, ...]) -> Start:
        """Return the start of a program in this one's place, with the same input."""
        work = self.work
        return Start(
            executable=argv[0],
            argv=argv,
            cwd=self.folder,
            environ=self.environ,
            output=self.place.output,
            input=self.place.root / work.input if work.input else None,
            timeout=self.subject.benchmark.timeout,
        )

    def _measured(self) -> Ended:
        work = self.work
        start = replace(
            self.start(direct(work.argv) if work.shell else work.argv),
            tree=True,
            memory=self.subject.benchmark.gates("memory_usage"),
            checksum=self.subject.benchmark.checksum,
        )
        ended = self._step(self.subject, start, work.exit_codes)
        if not ended.wall > 0:
            raise self.subject.error(
                "took no time that the clock can see",
                hint="give one execution more to do; or this machine's clock is wrong",
            )
        if start.checksum is not None and not ended.checksum:
            raise nothing_counts(self.subject, start.checksum, self.place.read_output())
        return ended

    def _aside(self, step: str, argv: tuple[str, ...]) -> None:
        if argv:
            self._step(replace(self.subject, step=step), replace(self.start(argv), input=None))

    def _step(self, subject: Subject, start: Start, expected: Sequence[int] = (0,)) -> Ended:
        ended = self.place.spawner.run(start)
        if ended.reason == "output":
            raise too_much(subject, self.place.read_output())
        error = self._not_started(subject, start.argv[0], ended) if ended.error else None
        error = error or failure(ended, subject, self.place.read_output, expected)
        if error:
            raise error
        return ended

    def _not_started(self, subject: Subject, name: str, ended: Ended) -> MeasurementError | None:
        """Return the error for something that is not there; None where something else is wrong."""
        if ended.at == "program":
            return self._no_program(subject, name, ended)
        what, name, hint = {
            "cwd": ("folder", subject.benchmark.cwd, "`cwd` is seen from the project's root"),
            "input": ("input", self.work.input, "`input` is seen from the project's root"),
            "output": ("output", str(self.place.output), "is the disk full?"),
        }[ended.at]
        missing = ended.error == _MISSING
        why = "does not exist" if missing else f"cannot be used: {ended.error}"
        return subject.error(
            "cannot be started",
            after=f": its {what} {printable(name)} {why}",
            hint=hint,
            absent=missing,
        )

    def _no_program(self, subject: Subject, name: str, ended: Ended) -> MeasurementError | None:
        image = subject.benchmark.image
        if image:
            return subject.error(
                "cannot be started",
                after=f": {printable(name)} in the image {printable(image)}: {ended.error}",
                hint="is it installed in that image, and built for its processor and system?",
                absent=True,
            )
        if find(name, self.folder, self.environ):
            return None
        reason, hint = why_not_found(name, self.folder, self.environ)
        return subject.error("cannot be started", after=f": {reason}", hint=hint, absent=True)
