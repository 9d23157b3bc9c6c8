"""What a repository has that can be measured, and what it needs for that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One benchmark that perfci can run as it is."""

    name: str
    suite: str
    target: str | tuple[str, ...]
    """`file.py:function`, or the words of a command; of a tool, with `{output}` where it is told
    the file of its results."""
    folder: str = ""
    """Where the command starts, relative to the root; empty: there."""
    reads: str = ""
    """Format of the results, where it is a tool that measures several benchmarks itself."""
    remark: str = ""
    """Why it is written so, one line for the file; never from the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """What has to be on a machine before a language's projects can be built."""

    action: str = ""
    """Of GitHub, that brings it; empty where its machines have it."""
    options: tuple[tuple[str, str], ...] = ()
    """Of that action."""
    packages: tuple[str, ...] = ()
    """Of Debian, that bring it into an image."""
    absent: tuple[str, ...] = ()
    """Of these, what GitHub's machines do not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Benchmarks that are there and are not measured."""

    tool: str
    """What they are, or what they are made with."""
    why: str
    """Follows it in a sentence."""
    remedy: str
    """What to do about it."""
    folder: str = ""
    reads: str = ""
    """Format of what it measures, where perfci can read it once it is told the command."""

    def __str__(self) -> str:
        """Say it to a person: `vitest in web`."""
        return f"{self.tool} in {self.folder}" if self.folder else self.tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was found of one language in one folder."""

    language: str
    benchmarks: tuple[Found, ...] = ()
    setup: tuple[str, ...] = ()
    """Commands that build it, to be run in its folder."""
    folder: str = ""
    toolchain: Toolchain | None = None
    """None where the image has all of it."""
    unused: tuple[str, ...] = ()
    """Benchmarks that are there and cannot be measured as commands: their tools."""
