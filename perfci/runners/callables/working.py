"""Perfci's end of the worker: a process of the project's interpreter that calls one function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from perfci.model.work import Function
from perfci.runners.callables import answers
from perfci.runners.callables.allocations import Allocations, allocations
from perfci.runners.callables.conversation import Conversation
from perfci.runners.callables.refusals import refusal
from perfci.runners.callables.targets import Form, load_order
from perfci.runners.callables.workplace import Workplace
from perfci.runners.failures import Subject
from perfci.runners.samples import Sample

_TRACING = 60.0
"""Seconds that looking at allocations may take: it is worth no more."""

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a worker is given: on what it works, where, and by which rules."""

    subject: Subject
    function: Function
    place: Workplace
    environ: Mapping[str, str]
    interpreter: str | None
    """As the user wrote it."""


class Worker:
    """One fresh process; it waits, blocked, between orders.

    Args:
        post: what it is to do.

    Raises:
        MeasurementError: it could not be started, or its Python is too old.
    """

    def __init__(self, post: Post) -> None:
        self._post = post
        self._python = post.place.python(post.interpreter, post.environ)
        if self._python.path is None:
            tried, reason = self._python.tried, self._python.reason
            after = f": {tried}: {reason}" if reason else f": {tried}"
            raise post.subject.error("has no Python", after=after, hint=self._python.hint)
        self._process = Conversation(post.subject, post.place, self._python, post.environ)

    def load(self, form: Form | None = None) -> None:
        """Import the targets and run `setup`.

        Args:
            form: what an earlier first call has found out; None for none.

        Raises:
            MeasurementError: one cannot be imported, or `setup` failed.
        """
        place = self._post.place
        order = load_order(self._post.function, place.root, place.definitions, form)
        self._ask({"do": "load", **order}, _nothing)
        self._ask({"do": "setup"}, _nothing)
        self._process.stream = form.stream if form else ""

    def files(self) -> list[tuple[str, str]]:
        """Return names and files of the modules that are loaded, as it sees them."""
        return self._ask({"do": "files"}, answers.files)

    def first(self) -> Form:
        """Call the function for the first time; a stream is not consumed yet."""
        form = self._ask({"do": "first"}, answers.form)
        self._process.stream = form.stream
        return form

    def calibrate(self) -> answers.Calibrated:
        """Find how often to call the function."""
        return self._ask({"do": "calibrate"}, answers.calibrated)

    def sample(self, inner: int, batches: int) -> Sample:
        """Time some batches of some calls."""
        order = {"do": "sample", "inner": inner, "batches": batches}
        return self._ask(order, lambda answer: answers.sample(answer, inner, batches))

    def checksum(self) -> str:
        """Call the function once more, untimed, and return the checksum of what it returns."""
        return self._ask({"do": "checksum"}, answers.checksum)

    def peak(self, *, warm: bool) -> int:
        """Return the bytes resident at most while the function runs once."""
        return self._ask({"do": "peak", "warm": warm}, answers.size)

    def allocations(self) -> Allocations:
        """Find which lines hold memory when one call holds most."""
        roots = (self._post.place.root, self._post.place.definitions)
        limit = min(_TRACING, self._post.subject.benchmark.timeout)
        answer = self._process.ask({"do": "allocations"}, limit)
        return self._read(answer, lambda told: allocations(told, roots))

    def leave(self) -> None:
        """Tear down, let the process end by itself, and see to it that it does.

        Raises:
            MeasurementError: `teardown` failed.
        """
        if self._post.function.teardown:
            self._ask({"do": "teardown"}, _nothing)
        self._process.end()

    def abandon(self, *, patient: bool) -> None:
        """Let the process tear down unasked, where it can; the spawner's owner ends it then.

        Args:
            patient: False where it gets no more than a moment.
        """
        if self._post.function.teardown and patient:
            self._process.end(self._post.subject.benchmark.timeout)
        elif self._post.function.teardown:
            self._process.end()

    def close(self) -> None:
        """Let go of the process's pipes; safe to call twice."""
        self._process.close()

    def _ask(self, order: Mapping[str, object], read: Callable[[Mapping[str, Any]], Told]) -> Told:
        answer = self._process.ask(order, self._post.subject.benchmark.timeout)
        return self._read(answer, read)

    def _read(self, answer: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Told]) -> Told:
        subject = self._post.subject
        try:
            if "error" not in answer:
                return read(answer)
            said = self._post.place.read_output()
            error = refusal(answer, subject, self._python, said)
        except answers.ClockError as wrong:
            error = subject.error(f"has a clock that {wrong}", after=f": {self._python}")
        except (KeyError, TypeError, ValueError, OverflowError):
            error = self._process.strange()
        raise error


def _nothing(_: Mapping[str, Any]) -> None:
    """Read an answer that only says that it is done."""
