"""Images: there, pulled, and for this machine's processor."""

from dataclasses import dataclass
from typing import Any

from perfci.model.text import printable
from perfci.runners.container.engine import Engine
from perfci.runners.container.refusal import ContainerError, refused

_ALSO_RUNS = {("amd64", "386"), ("arm64", "arm")}
"""Engines' processors, and older ones whose programs they run, too."""
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""What an engine sets where an image sets none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What is known of an image."""

    id: str
    """Of its content: both sides run the same even if its name moves meanwhile."""
    environ: dict[str, str]


def image(engine: Engine, name: str) -> Image:
    """Return an image, pulled where it is not there.

    Raises:
        ContainerError: it cannot be had, or is for another processor.
    """
    try:
        told = _described(engine, name)
    except ContainerError as error:
        if error.status != 404:
            raise
        _pull(engine, name)
        told = _described(engine, name)
    _fits(engine, name, str(told.get("Architecture") or ""))
    pairs = (str(each).partition("=") for each in (told.get("Config") or {}).get("Env") or ())
    return Image(
        id=str(told["Id"]), environ={"PATH": _PATH} | {key: text for key, _, text in pairs}
    )


def _described(engine: Engine, name: str) -> Any:
    return engine.ask("GET", f"/images/{name}/json", doing=f"find the image {printable(name)}")


def _pull(engine: Engine, name: str) -> None:
    doing = f"pull the image {printable(name)}, which is not there"
    repository, tag = _parts(name)
    query = {"fromImage": repository, "tag": tag}
    try:
        for told in engine.lines("POST", "/images/create", doing=doing, query=query):
            if "error" in told:
                raise refused(doing, str(told["error"]))
    except ContainerError as error:
        steps = (
            "pull it in an earlier step (docker pull), after docker login where it is not public"
        )
        error.hint = f"{error.hint}; or {steps}" if error.hint else steps
        raise


def _parts(name: str) -> tuple[str, str]:
    """Return repository and tag; the tag is the digest where the image is named by one."""
    repository, at, digest = name.partition("@")
    if at:
        return repository, digest
    repository, colon, tag = name.rpartition(":")
    # a port of the registry is no tag
    return (repository, tag) if colon and "/" not in tag else (name, "latest")


def _fits(engine: Engine, name: str, architecture: str) -> None:
    own = engine.architecture
    if architecture in {"", own} or not own or (own, architecture) in _ALSO_RUNS:
        return
    raise ContainerError(
        f"the image {printable(name)} is built for {printable(architecture, limit=40)},"
        f" and the Docker engine's machine is {own}",
        hint=f"emulation would be measured: name an image for {own}, or"
        f" docker pull --platform linux/{own} {printable(name)}",
    )
