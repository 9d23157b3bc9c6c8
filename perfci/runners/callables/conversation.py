"""Orders to one worker process and its answers, one JSON object a line; and what ends it."""

import json
import select
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from perfci.errors import MeasurementError
from perfci.model.text import printable
from perfci.runners.callables.interpreter import Interpreter
from perfci.runners.callables.workplace import WORKER, Workplace
from perfci.runners.failures import Subject, failure, how
from perfci.runners.processes.spawning import Ended, Start

_GREETING = 30.0
"""Seconds that an interpreter gets to start."""
_LEAVE = 2.0
"""Seconds that a process gets to end by itself once it has no more to do."""
_RELAYED = 0.2
"""Seconds in which the last words of a process that has ended arrive."""
_LONGEST = 16 * 2**20
"""Bytes of one answer; more comes only from the measured code itself."""


class Conversation:
    """Starts the process, and speaks with it until it ends.

    Args:
        subject: whom errors are about.
        place: where; whoever owns its spawner ends it where anything goes wrong.
        python: what runs the worker.
        environ: the process's variables.

    Raises:
        MeasurementError: it could not be started, or its Python is too old.
    """

    def __init__(
        self, subject: Subject, place: Workplace, python: Interpreter, environ: Mapping[str, str]
    ) -> None:
        self._subject = subject
        self._place = place
        self._python = python
        self._buffer = b""
        self._greeted = self._lost = False
        self._step = ""
        self.stream = ""
        """What calls return, where it is a stream that they consume."""
        self._pipes = place.pipes()
        try:
            self._begin(environ)
        except BaseException:
            self._pipes.close()
            raise

    def ask(self, order: Mapping[str, object], limit: float) -> Mapping[str, Any]:
        """Give an order and return its answer.

        Args:
            order: what JSON has no word for, such as a date in the settings, arrives as its text.
            limit: seconds that it may take.

        Raises:
            MeasurementError: there is none; the process has been ended where it was not gone.
        """
        self._step = str(order["do"]) if order["do"] in ("setup", "teardown") else ""
        line = json.dumps(order, default=str).encode() + b"\n"
        try:
            self._pipes.send(line)
        except OSError:  # what it was told to do before keeps it, or has ended it
            raise self._gone(self._stopped(), limit) from None
        return self._answer(limit)

    def end(self, seconds: float = _LEAVE) -> None:
        """Let the process end by itself, and see to it that it does; safe to call twice.

        Args:
            seconds: that it gets.
        """
        self.close()
        if not self._lost:
            self._finished(seconds)

    def close(self) -> None:
        """Let go of the pipes, so that the process sees its orders end; safe to call twice."""
        self._pipes.close()

    def strange(self) -> MeasurementError:
        """Return the error for an answer that the worker did not write."""
        return self._subject.error(
            "wrote where perfci's own words go",
            hint="it writes to file descriptors that it did not open",
            output=self._place.read_output(),
        )

    def _begin(self, environ: Mapping[str, str]) -> None:
        place, python = self._place, self._python.path
        assert python is not None  # noqa: S101 - the worker has refused it
        program = place.program(WORKER) / "__main__.py"
        names = self._pipes.orders_name, self._pipes.answers_name
        place.spawner.begin(
            Start(
                executable=python,
                argv=(str(python), str(program), *names),
                cwd=place.root / self._subject.benchmark.cwd,
                environ=environ,
                output=place.output,
            )
        )
        hello = self._answer(_GREETING)
        self._greeted = True
        if hello.get("old"):
            raise self._subject.error(
                "needs Python 3.8 or newer",
                after=f": {self._python} is {printable(str(hello.get('version')))}",
                hint="name another with `interpreter:`",
            )

    def _answer(self, limit: float) -> Mapping[str, Any]:
        ours, spawner = self._pipes.fileno(), self._place.spawner
        poller = select.poll()
        poller.register(ours, select.POLLIN)
        poller.register(spawner.fileno(), select.POLLIN)
        while b"\n" not in self._buffer:
            ready = [handle for handle, _ in poller.poll(limit * 1000)]
            if not ready:
                raise self._gone(replace(self._stopped(), reason="timeout"), limit)
            if ours not in ready:  # the process has ended: only what it said before can come
                poller.unregister(spawner.fileno())
                ready = [handle for handle, _ in poller.poll(_RELAYED * 1000)]
            part = self._pipes.read() if ours in ready else b""
            if not part:
                raise self._gone(self._finished(_LEAVE), limit)
            self._buffer += part
            if len(self._buffer) > _LONGEST:
                raise self.strange()
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self.strange()
        return answer

    def _finished(self, seconds: float) -> Ended:
        if not self._place.spawner.ended_within(seconds):
            return self._stopped()
        self._lost = True
        return self._place.spawner.wait()

    def _stopped(self) -> Ended:
        self._lost = True
        return self._place.spawner.stop()

    def _gone(self, ended: Ended, limit: float) -> MeasurementError:
        subject, timeout = replace(self._subject, step=self._step), ended.reason == "timeout"
        error = failure(ended, subject, self._place.read_output)
        if not (self._greeted or ended.error):
            why = f"said nothing in {limit:g} s" if timeout else f"{how(ended)} without a word"
            error = subject.error(
                "has no Python that works",
                after=f": {self._python} {why}",
                hint="it must be Python 3.8 or newer; name another with `interpreter:`",
            )
        elif timeout and self.stream and not self._step:
            noun = "an async generator" if self.stream.startswith("async") else "a generator"
            error = subject.error(
                f"is {noun} that did not end within {limit:g} s",
                after="; its process group was ended",
                hint="every call consumes what it yields: let it yield a fixed number of items",
            )
        elif error is None:
            error = subject.error("ended its process before it had answered")
        error.output = self._place.read_output()
        if not error.hint:
            error.hint = f"it was run by {self._python}"
        return error
