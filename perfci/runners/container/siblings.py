"""Where benchmarks with an `image` run: a container beside perfci for each image and side."""

import os
import platform
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.model.work import Function
from perfci.ports import Places
from perfci.runners.callables.workplace import FOLDER, WORKER
from perfci.runners.container.address import address
from perfci.runners.container.box import Box
from perfci.runners.container.engine import Engine
from perfci.runners.container.images import Image, image
from perfci.runners.container.kind import Kind
from perfci.runners.container.owner import clear
from perfci.runners.container.refusal import ContainerError
from perfci.runners.container.runtime import HOME, runtime
from perfci.runners.container.sibling import Sibling
from perfci.runners.container.trees import Owner, some
from perfci.runners.container.visible import Outside, Surroundings, surroundings
from perfci.runners.failures import Subject

_DEFINITIONS = HOME / "definitions"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
"""Linux's names of processors, and Docker's."""
_WORKER = tuple((FOLDER / WORKER).glob("*.py"))


class Siblings:
    """Opens the containers of a run when they are first needed.

    Args:
        places: where the sides lie; in a container they lie at the same paths.
        environ: perfci's own variables; `DOCKER_HOST` counts.
        note: is told what the user may want to know.
    """

    def __init__(
        self, places: Places, environ: Mapping[str, str], note: Callable[[str], None]
    ) -> None:
        self._places = places
        self._environ = environ
        self._note = note
        self._kind: Kind | None = None
        self._around = Surroundings(limits=MappingProxyType({}))
        self._copies = False
        self._images: dict[str, Image] = {}
        self._open: dict[tuple[str, Side], Sibling] = {}

    def __call__(self, benchmark: Benchmark, side: Side) -> Sibling:
        """Return where one side of a benchmark runs.

        Raises:
            MeasurementError: no engine, no such image, no container.
        """
        try:
            sibling = self._sibling(benchmark.image, side)
            self._bring_definitions(sibling, benchmark)
        except ContainerError as error:
            raise self._for(benchmark, side, error) from error
        return sibling

    def close(self) -> None:
        """End and remove every container; safe to call twice."""
        try:
            while self._open:
                _, sibling = self._open.popitem()
                sibling.close()
        except BaseException:
            self.close()
            raise

    def _sibling(self, name: str, side: Side) -> Sibling:
        found = self._open.get((name, side))
        if found is not None and not found.box.dead:
            return found
        if found is not None:
            found.close()
        kind = self._kind = self._kind or self._begin()
        if name not in self._images:
            self._images[name] = image(kind.engine, name)
        found = self._open[name, side] = Sibling(
            box=self._box(kind, name, side),
            root=self._places.roots[side],
            definitions=self._definitions(side),
            image=self._images[name],
            own=self._environ,
        )
        return found

    def _begin(self) -> Kind:
        engine = Engine(address(self._environ))
        machine = platform.machine()
        own = _MACHINES.get(machine, machine)
        if engine.architecture not in {"", own}:
            raise ContainerError(
                f"the Docker engine at {engine.address} runs on {engine.architecture}, and perfci"
                f" on {own}",
                hint="perfci takes its own Python along: let both run on the same kind of machine",
            )
        clear(engine)
        told = engine.ask("GET", "/info", doing="describe itself")
        options = " ".join(map(str, told.get("SecurityOptions") or ()))
        # without root's rights the engine's root is the user himself
        user = (0, 0) if "rootless" in options else (os.geteuid(), os.getegid())
        self._around = surroundings(engine)
        limits = dict(self._around.limits)
        if "userns" in options:
            limits["UsernsMode"] = "host"
        return Kind(
            engine=engine,
            runtime=runtime(),
            programs=_WORKER,
            user=Owner(user=user[0], group=user[1]),
            limits=limits,
        )

    def _box(self, kind: Kind, name: str, side: Side) -> Box:
        """Open a container that has a side's tree: the tree itself, else a copy."""
        root = self._places.roots[side]
        if not self._copies:
            box = self._with_tree(kind, name, side)
            if box is not None:
                return box
            self._copies = True
            where = "in perfci's own container alone" if self._around.container else "not there"
            self._note(
                f"copying each side into its containers: for the Docker engine"
                f" {printable(str(root))} is {where}"
            )
        box = self._new(kind, name, side, {})
        try:
            box.copy(root)
        except BaseException:
            box.close()
            raise
        return box

    def _with_tree(self, kind: Kind, name: str, side: Side) -> Box | None:
        """Open a container on a side's own tree; None where the engine sees not all trees.

        All or none: base on one file system and head on another would not be alike.
        """
        root = self._places.roots[side]
        if any(self._around.seen_by_engine(each) is None for each in self._roots()):
            return None
        outside = self._around.seen_by_engine(root)
        assert outside is not None  # noqa: S101 - just looked
        try:
            box = self._new(kind, name, side, {root: outside})
        except ContainerError as error:
            # what the engine says where it has no such folder
            if error.status == 400 and "bind source path" in error.message:
                return None
            raise
        try:
            # an engine on another machine may have a folder of that name, too
            own = root.stat()
            same = box.look(stat=[root]).marks == ((own.st_ino, own.st_mtime_ns),)
        except BaseException:
            box.close()
            raise
        if same:
            return box
        box.close()
        return None

    def _new(self, kind: Kind, name: str, side: Side, binds: Mapping[Path, Outside]) -> Box:
        where = f" on {side}" if self._paired else ""
        return Box(kind, self._images[name], printable(name) + where, side, binds)

    @property
    def _paired(self) -> bool:
        return len(self._places.roots) > 1

    def _roots(self) -> tuple[Path, ...]:
        return tuple(self._places.roots.values())

    def _definitions(self, side: Side) -> Path:
        """Return where head's files of callables lie in a side's container."""
        own = self._places.definitions == self._places.roots[side]
        return self._places.definitions if own else Path(_DEFINITIONS)

    def _bring_definitions(self, sibling: Sibling, benchmark: Benchmark) -> None:
        if sibling.definitions != Path(_DEFINITIONS) or not isinstance(benchmark.work, Function):
            return
        missing = [path for path in benchmark.work.paths if path not in sibling.brought]
        files = [
            (PurePosixPath(_DEFINITIONS / path), source)
            for path in missing
            # where it is not there, the worker says so
            if (source := self._places.definitions / path).is_file()
        ]
        if files:
            sibling.box.put(
                PurePosixPath("/"), some(files), doing="copy a benchmark's file into a container"
            )
        sibling.brought.update(missing)

    def _for(self, benchmark: Benchmark, side: Side, error: ContainerError) -> MeasurementError:
        subject = Subject(benchmark=benchmark, side=side, paired=self._paired)
        return subject.error(
            f"cannot run in {printable(benchmark.image)}",
            after=f": {error.message}",
            hint=error.hint,
            output=error.output,
        )
