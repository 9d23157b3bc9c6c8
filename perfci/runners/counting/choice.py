"""Chooses, once a run, what counts instructions: what is there, and works here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perfci.programs.variables import program_environ
from perfci.runners.counting.tools import Cachegrind, Perf, Tool
from perfci.runners.executables import find
from perfci.runners.failures import tail
from perfci.runners.processes.spawning import Spawner, Start

_PATIENCE = 60.0
"""Seconds that a trial gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTool:
    """Why nothing can count here."""

    reasons: tuple[str, ...]
    """A sentence for each tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """Runs small programs to see what works."""

    spawner: Spawner
    environ: Mapping[str, str]
    folder: Path

    def counts(self, tool: Tool) -> str:
        """Return why a tool cannot count a shell that does nothing; empty where it can."""
        start = self._start(Path("/bin/sh"), "-c", ":")
        ended = self.spawner.run(tool.around(start))
        if not ended.error and not ended.reason and ended.code == 0 and tool.read():
            return ""
        said = tail(self._output)
        return tool.complaint(said) or said.rpartition("\n")[2] or "it counts nothing"

    def version(self, path: Path) -> str:
        """Return what a program answers to `--version`."""
        self.spawner.run(self._start(path, "--version"))
        return tail(self._output).partition("\n")[0] or "valgrind"

    def _start(self, path: Path, *arguments: str) -> Start:
        return Start(
            executable=path,
            argv=(str(path), *arguments),
            cwd=Path("/"),
            environ=self.environ,
            output=self._output,
            timeout=_PATIENCE,
        )

    @property
    def _output(self) -> Path:
        return self.folder.with_name("instructions-trial")


def choose(environ: Mapping[str, str], folder: Path) -> Tool | NoTool:
    """Return the processor's own counter where it works, else valgrind, else why neither does.

    Args:
        environ: perfci's own variables.
        folder: of the tool alone; made, and emptied before every count.
    """
    variables = program_environ(environ)
    spawner = Spawner()
    try:
        trial = _Trial(spawner=spawner, environ=variables, folder=folder)
        reasons = []
        for name in ("perf", "valgrind"):
            path = find(name, Path("/"), variables)
            if path is None:
                reasons.append(f"{name} is in no folder of PATH")
                continue
            tool: Tool = (
                Perf(path=path, folder=folder)
                if name == "perf"
                else Cachegrind(path=path, folder=folder, version=trial.version(path))
            )
            wrong = trial.counts(tool)
            if not wrong:
                return tool
            reasons.append(f"{name}: {wrong}")
        return NoTool(reasons=tuple(reasons))
    finally:
        spawner.close()
