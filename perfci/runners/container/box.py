"""One running container with perfci's own programs in it."""

import marshal
import secrets
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.runners.container.attached import Attached
from perfci.runners.container.images import Image
from perfci.runners.container.kind import Kind
from perfci.runners.container.owner import remove
from perfci.runners.container.refusal import ContainerError
from perfci.runners.container.runtime import HOME, LOOK
from perfci.runners.container.trees import Owner, Write, archive, some, whole
from perfci.runners.container.visible import Outside

SCRATCH = HOME / "scratch"
"""Folder of the user in whose name programs run."""
_HOME = HOME / "home"
_START = 60.0
"""Seconds that a program of perfci's gets to say its first word."""
_LONGEST = 4096
"""Bytes of a folder's name."""

Mark = tuple[int, int]
"""Of a file: its number in its file system, and when it changed, in ns; zeros where none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was found in a container."""

    marks: tuple[Mark, ...]
    """Of files, in the order asked."""
    found: tuple[str, ...]
    """Programs that names stand for; empty where one is not there."""


class Box:
    """A container that lives until it is closed, or until perfci is gone.

    Its first process holds it open and ends with perfci's connection to it; with that process the
    kernel ends all others.

    Args:
        kind: what it has in common with others.
        image: runs in it.
        title: what it is called in messages: `node:20 on base`.
        side: whose tree it holds.
        binds: folders there, and what they are for the engine.

    Raises:
        ContainerError: it cannot be made or started.
    """

    def __init__(
        self,
        kind: Kind,
        image: Image,
        title: str,
        side: Side,
        binds: Mapping[Path, Outside],
    ) -> None:
        self._kind = kind
        self._engine = kind.engine
        self._title = title
        self._side = side
        self._name = f"perfci-{secrets.token_hex(8)}"
        self._held: Attached | None = None
        self.dead = False
        try:
            self._create(image, binds)
            files = some(kind.files, kind.folders)
            self.put(PurePosixPath("/"), files, doing="copy perfci's Python into a container")
            home = self._start()
            # a user whom the image does not know is at home in /, where he may not write
            self.home = home if home not in {"", "/"} else str(_HOME)
            self.look(make=[(place, kind.user, 0o700) for place in (SCRATCH, _HOME)])
        except BaseException:
            self.close()
            raise

    def open(self, program: Path, *arguments: str, user: Owner | None = None) -> Attached:
        """Start one of perfci's programs.

        Args:
            program: its file here.
            arguments: for it.
            user: in whose name it runs; None for that of everything measured.
        """
        doing = f"start a program in a container of {self._title}"
        path = f"/containers/{self._name}/exec"
        order = self._kind.program(program, arguments, user or self._kind.user)
        try:
            told = self._engine.ask("POST", path, doing=doing, body=order)
            hijacked = self._engine.hijack(
                f"/exec/{told['Id']}/start", doing=doing, body={"Detach": False, "Tty": False}
            )
        except ContainerError:
            self.dead = True
            raise
        return Attached(hijacked, self._why, self._abandon)

    def look(
        self,
        *,
        make: Sequence[tuple[PurePosixPath, Owner, int]] = (),
        stat: Sequence[Path] = (),
        find: Sequence[tuple[str, Path, str]] = (),
    ) -> Seen:
        """Make folders and look around, as the container's root.

        Args:
            make: folders, their owners and modes; all above them are made, too.
            stat: files whose marks are wanted.
            find: names of programs, the folder they are seen from, and the `PATH`.
        """
        attached = self.open(LOOK, user=Owner(user=0, group=0))
        try:
            request = {
                "make": [(str(path), who.user, who.group, mode) for path, who, mode in make],
                "stat": [str(path) for path in stat],
                "find": [(name, str(folder), path) for name, folder, path in find],
            }
            marshal.dump(request, attached.stdin)
            attached.stdin.flush()
            self._await(attached)
            told = marshal.load(attached.stdout)  # noqa: S302 - our own program wrote it
        finally:
            attached.close()
        if told["wrong"]:
            raise ContainerError(
                f"in a container of {self._title} a folder cannot be made:"
                f" {printable(told['wrong'][0], limit=300)}",
                hint="is that path a file in the image?",
            )
        return Seen(marks=tuple(told["marks"]), found=tuple(told["found"]))

    def put(self, folder: PurePosixPath, write: Write, *, doing: str) -> None:
        """Unpack files in a folder; see `trees`."""
        with archive(write) as stream:
            self._engine.put_archive(self._name, str(folder), stream, doing=doing)

    def copy(self, root: Path) -> None:
        """Copy a folder to the same path."""
        self.look(make=[(PurePosixPath(root), self._kind.user, 0o755)])
        doing = f"copy {printable(str(root))} into a container of {self._title}"
        self.put(PurePosixPath(root), whole(root, self._kind.user), doing=doing)

    def end_of(self, path: PurePosixPath, size: int) -> bytes:
        """Return the last bytes of a file."""
        doing = "read what a program printed"
        with (
            self._engine.get_archive(self._name, str(path), doing=doing) as stream,
            tarfile.open(mode="r|", fileobj=stream) as tar,
        ):
            member = tar.next()
            file = tar.extractfile(member) if member and member.isreg() else None
            end = b""
            while file and (part := file.read(1 << 16)):
                end = (end + part)[-size:]
            return end

    def close(self) -> None:
        """End everything in it and remove it; safe to call twice."""
        self.dead = True
        held, self._held = self._held, None
        try:
            if held is not None:
                held.close()
        finally:
            remove(self._engine, self._name)

    def _create(self, image: Image, binds: Mapping[Path, Outside]) -> None:
        order = self._kind.container(image, binds)
        doing = f"make a container of {self._title}"
        query = {"name": self._name}
        self._engine.ask("POST", "/containers/create", doing=doing, query=query, body=order)

    def _start(self) -> str:
        """Start the first process; return the home folder that the engine found for the user."""
        doing = f"start a container of {self._title}"
        streams = {"stream": "1", "stdin": "1", "stdout": "1", "stderr": "1"}
        hijacked = self._engine.hijack(
            f"/containers/{self._name}/attach", doing=doing, query=streams
        )
        self._held = Attached(hijacked, self._why, self._abandon)
        self._engine.ask("POST", f"/containers/{self._name}/start", doing=doing)
        self._await(self._held)
        line = self._held.stdout.readline(_LONGEST)
        return line.decode(errors="surrogateescape").rstrip("\n")

    def _await(self, attached: Attached) -> None:
        """Wait for the first word of one of perfci's programs."""
        if attached.speaks_within(_START):
            return
        self._abandon()
        raise ContainerError(
            f"perfci's Python did not start in a container of {self._title} within {_START:g} s",
            hint="is the machine overloaded, or the engine's disk full?",
        )

    def _why(self, said: str) -> ContainerError:
        """Return why a program of perfci's has ended."""
        self.dead = True
        ended, memory = self._state()
        if memory:
            what, hint = "ran out of memory", "raise the memory that containers get here"
        elif ended:
            what, hint = "ended by itself", "was it stopped from outside? `docker events` tells"
        else:
            what = "ended perfci's own program in it"
            hint = "does the benchmark end its parent, or was there too little memory?"
        error = ContainerError(f"the container of {self._title} {what}", hint=hint, output=said)
        error.side = self._side
        return error

    def _state(self) -> tuple[bool, bool]:
        """Return whether the container has ended, and for lack of memory."""
        path = f"/containers/{self._name}/json"
        try:
            state = self._engine.ask("GET", path, doing="describe a container").get("State") or {}
        except ContainerError:
            return True, False
        return not state.get("Running"), bool(state.get("OOMKilled"))

    def _abandon(self) -> None:
        """End what did not end with its input: with the container the kernel ends all in it."""
        self.dead = True
        remove(self._engine, self._name)
