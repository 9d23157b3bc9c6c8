"""Perfci's end of the worker: a process of the project's interpreter that calls one function."""

import json
import os
import select
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfci.errors import MeasurementError
from perfci.model.benchmark import Function
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.runners.executables import why_not_found
from perfci.runners.failures import Subject, clean, failure, tail
from perfci.runners.interpreter import interpreter
from perfci.runners.spawning import Ended, Spawner, Start

PROGRAM = Path(__file__).with_name("worker.py")
_LEAVE = 2.0
"""Seconds that a worker gets to end by itself once it has no more to do."""
_NEW = "if the code is new, there is nothing to compare with until base has it, too"
_PACKAGES = (
    "install what it needs in `setup:`, or name the Python that has it: `interpreter:"
    " .venv/bin/python`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a worker is given: where it works, by which rules, and on what."""

    subject: Subject
    function: Function
    root: Path
    """Of its side."""
    definitions: Path
    """The tree that the benchmark's own file is read from."""
    environ: Mapping[str, str]
    interpreter: str | None
    """As the user wrote it."""
    scratch: Path


class Worker:
    """One fresh process; it waits, blocked, between orders.

    Args:
        post: what it is to do.
        spawner: starts it; whoever owns the spawner ends it where anything goes wrong.

    Raises:
        MeasurementError: it could not be started, or its Python is too old.
    """

    def __init__(self, post: Post, spawner: Spawner) -> None:
        self._post = post
        self._spawner = spawner
        self._output = post.scratch / f"{post.subject.side}-output"
        self._buffer = b""
        self._pipes: list[int] = []
        python, tried = interpreter(post.interpreter, post.root, post.environ)
        if python is None:
            reason, hint = why_not_found(post.interpreter or "", post.root, post.environ)
            raise post.subject.error("has no Python", after=f": {tried}: {reason}", hint=hint)
        self._python = f"{python} ({tried})"
        try:
            self._begin(python)
        except BaseException:
            self.close()
            raise

    def load(self, *, awaits: bool) -> None:
        """Import the function.

        Args:
            awaits: True where it is known that what it returns is to be awaited.

        Raises:
            MeasurementError: it cannot be imported.
        """
        post = self._post
        module, _, name = post.function.target.rpartition(":")
        path = post.function.path
        folders = [post.root, post.root / "src"]
        if path:
            folders.append((post.root / path).parent)
        self._ask(
            do="load",
            path=[str(folder) for folder in dict.fromkeys(folders)],
            file=str(post.definitions / path) if path else "",
            module="" if path else module,
            name=name,
            arguments=dict(post.function.arguments),
            awaits=awaits,
        )

    def files(self) -> list[tuple[str, str]]:
        """Return names and files of the modules that are loaded."""
        return [(name, file) for name, file in self._ask(do="files")["files"]]

    def calibrate(self) -> dict[str, Any]:
        """Call the function; return `inner`, `batches`, `seconds` of a sample, and `awaits`."""
        return self._ask(do="calibrate")

    def sample(self, inner: int, batches: int) -> dict[str, Any]:
        """Return `walls` of the batches, and `wall`, `cpu`, `delay`, `whole` of all; in ns."""
        return self._ask(do="sample", inner=inner, batches=batches)

    def peak(self, *, warm: bool) -> int:
        """Return the bytes resident at most while the function runs once."""
        return int(self._ask(do="memory", warm=warm)["peak"])

    def leave(self) -> None:
        """Let the process end by itself, and see to it that it does."""
        self.close()
        if self._spawner.ended_within(_LEAVE):
            self._spawner.wait()
        else:
            self._spawner.stop()

    def close(self) -> None:
        """Let go of the pipes; safe to call twice."""
        while self._pipes:
            os.close(self._pipes.pop())

    def _begin(self, python: Path) -> None:
        post = self._post
        names = [post.scratch / f"{post.subject.side}-{way}" for way in ("orders", "answers")]
        for name in names:
            name.unlink(missing_ok=True)
            os.mkfifo(name, 0o600)
        # this end of the orders reads too: writing never fails, and the other end still sees it go
        self._pipes.append(os.open(names[0], os.O_RDWR))
        self._pipes.append(os.open(names[1], os.O_RDONLY | os.O_NONBLOCK))
        self._spawner.begin(
            Start(
                executable=python,
                argv=(str(python), str(PROGRAM), *map(str, names)),
                cwd=post.root,
                environ=post.environ,
                output=self._output,
            )
        )
        hello = self._answer()
        if hello["old"]:
            raise post.subject.error(
                "needs Python 3.8 or newer",
                after=f": {self._python} is {printable(str(hello['version']))}",
                hint="name another with `interpreter:`",
            )

    def _ask(self, **order: object) -> dict[str, Any]:
        # what JSON has no word for, such as a date in the settings, arrives as its text
        os.write(self._pipes[0], json.dumps(order, default=str).encode() + b"\n")
        answer = self._answer()
        if "error" in answer:
            raise self._refusal(str(answer["error"]), str(answer["text"]))
        return answer

    def _answer(self) -> dict[str, Any]:
        """Wait for one line, as long as one sample may take."""
        answers, spawner = self._pipes[1], self._spawner.fileno()
        limit = self._post.subject.benchmark.timeout
        poller = select.poll()
        poller.register(answers, select.POLLIN)
        poller.register(spawner, select.POLLIN)
        while b"\n" not in self._buffer:
            ready = [handle for handle, _ in poller.poll(limit * 1000)]
            if not ready:
                raise self._gone(Ended(reason="timeout"))
            if answers in ready:
                part = os.read(answers, 65536)
                self._buffer += part
                if not part:  # it has closed its end, and will be gone in a moment
                    poller.unregister(answers)
            elif spawner in ready:
                raise self._gone(self._spawner.wait())
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self._post.subject.error(
                "wrote where perfci's own words go",
                hint="it writes to file descriptors that it did not open",
                output=tail(self._output),
            )
        return answer

    def _gone(self, ended: Ended) -> MeasurementError:
        error = failure(ended, self._post.subject, self._output)
        if error is None:
            error = self._post.subject.error(
                "ended its process before it had answered", output=tail(self._output)
            )
        if not error.hint:
            error.hint = f"it was run by {self._python}, which must be Python 3.8 or newer"
        return error

    def _refusal(self, kind: str, text: str) -> MeasurementError:
        subject, target = self._post.subject, printable(self._post.function.target)
        newcomer = _NEW if subject.paired and subject.side is Side.BASE else ""
        said = clean("\n".join(filter(None, (tail(self._output), text))))
        match kind:
            case "import":
                absent = "ImportError: " in text or "ModuleNotFoundError: " in text
                hint = newcomer or (_PACKAGES if "ModuleNotFoundError" in text else "")
                return subject.error("could not be imported", hint=hint, output=said, absent=absent)
            case "missing":
                name, _, near = map(printable, text.partition("\n"))
                hint = newcomer or (f"did you mean {near}?" if near else "")
                return subject.error(
                    "could not be found",
                    after=f": {target} has no {name}",
                    hint=hint,
                    absent=True,
                )
            case "shape":
                return subject.error("cannot be called", after=f": {target} {printable(text)}")
            case _:
                last = printable(text.strip().rpartition("\n")[2], limit=200)
                return subject.error("raised an error", after=f": {last}", output=said)
