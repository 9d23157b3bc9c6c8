"""What all containers of a run have in common, and what the engine is told of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from perfci.runners.container.engine import Engine
from perfci.runners.container.images import Image
from perfci.runners.container.owner import LABEL, owner
from perfci.runners.container.runtime import HOLD, Files, Runtime, there
from perfci.runners.container.trees import Owner
from perfci.runners.container.visible import Outside

_UNTOUCHED = ("LD_PRELOAD=", "LD_AUDIT=", "GLIBC_TUNABLES=")
"""Variables of an image that would change perfci's own Python; programs get them all the same."""
_STREAMS = {"AttachStdin": True, "AttachStdout": True, "AttachStderr": True, "Tty": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What all containers of a run have in common."""

    engine: Engine
    runtime: Runtime
    programs: tuple[Path, ...]
    """Files to take along beside the runtime."""
    user: Owner
    """In whose name everything measured runs."""
    limits: Mapping[str, object]
    """Of processors and memory, as the engine calls them."""

    @property
    def files(self) -> Files:
        """Return everything to take along, and where it goes."""
        return (*self.runtime.files, *((there(path), path) for path in self.programs))

    @property
    def folders(self) -> tuple[PurePosixPath, ...]:
        """Return the folders that have to be there, empty or not."""
        return (self.runtime.dynload,)

    def container(self, image: Image, binds: Mapping[Path, Outside]) -> dict[str, object]:
        """Return what makes a container.

        Args:
            image: runs in it.
            binds: folders there, and what they are for the engine.
        """
        return {
            **_STREAMS,
            "Image": image.id,
            "Entrypoint": self.runtime.command(HOLD),
            "Cmd": [],
            "Env": list(_UNTOUCHED),
            "User": str(self.user),
            "WorkingDir": "/",
            "Labels": {LABEL: owner()},
            # its input ends with perfci's connection, however perfci ends
            "OpenStdin": True,
            "StdinOnce": True,
            # a check of the image's own would run in the middle of a measurement
            "Healthcheck": {"Test": ["NONE"]},
            "HostConfig": {
                **self.limits,
                "AutoRemove": True,
                "Mounts": [
                    {
                        "Type": "bind",
                        "Source": str(outside.path),
                        "Target": str(inside),
                        "ReadOnly": outside.read_only,
                    }
                    for inside, outside in binds.items()
                ],
            },
        }

    def program(self, path: Path, arguments: tuple[str, ...], user: Owner) -> dict[str, object]:
        """Return what starts one of perfci's programs in a container."""
        return {
            **_STREAMS,
            "Cmd": self.runtime.command(path, *arguments),
            "Env": list(_UNTOUCHED),
            "User": str(user),
            "WorkingDir": "/",
        }
