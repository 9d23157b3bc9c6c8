"""Another benchmark tool: each launch runs it once on each side, and reads what it measured."""

import shlex
import shutil
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

from perfci.errors import FormatError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.work import Command, Tool
from perfci.ports import LaunchOrder, LaunchReport, Member, Places
from perfci.readers.format import Format
from perfci.readers.reading import Reading
from perfci.results.reading import Chosen, chosen
from perfci.runners.coins import coins
from perfci.runners.commands.apart import apart
from perfci.runners.commands.steps import Execution
from perfci.runners.failures import Subject
from perfci.runners.processes.elsewhere import Beside
from perfci.runners.processes.spawning import Spawner, printed_beside
from perfci.runners.tools.told import as_one, in_settings, members, warnings
from perfci.runners.variables import variables
from perfci.settings.fitting import OUTPUT
from perfci.settings.parameters import fill


class ToolRunner:
    """Runs benchmark tools.

    Args:
        places: where the sides lie; tools start in their roots.
        environ: perfci's own variables.
        scratch: folder for outputs; its owner removes it.
        formats: of results, by name.
    """

    def __init__(
        self,
        places: Places,
        environ: Mapping[str, str],
        scratch: Path,
        formats: Mapping[str, Format],
    ) -> None:
        self._places = places
        self._environ = environ
        self._scratch = scratch
        self._formats = formats
        self._spawner = Spawner()
        self._written = scratch / "tool-results"

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Run the tool as often as it is to be warmed up; see `Runner.prepare`."""
        for side in sides:
            execution = self._execution(benchmark, side, sides, seed=0)
            for _ in range(benchmark.warmup):
                self._empty()
                execution.run_tool()

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Run the tool once on each side, in an order by chance; see `Runner.launch`."""
        found: dict[Side, tuple[Member, ...]] = {}
        told: list[str] = []
        (base_first,) = coins(order.seed, 1)
        for side in order.sides if base_first else reversed(order.sides):
            sleep(order.benchmark.cooldown)
            found[side], said = self._measured(order, side)
            told += said
        return LaunchReport(launches={}, members=found, warnings=tuple(told))

    def close(self) -> None:
        """End whatever still runs; safe to call twice."""
        self._spawner.close()

    def _measured(
        self, order: LaunchOrder, side: Side
    ) -> tuple[tuple[Member, ...], tuple[str, ...]]:
        """Return what the tool measured, and what is to be told of that."""
        execution = self._execution(order.benchmark, side, order.sides, order.seed)
        self._empty()
        began = self._now()
        # what a tool imports is looked at once: the notes would cost time in every launch
        first = order.number == 1 and execution.subject.paired
        own = apart(execution, self._places, self._scratch / "tool-imports")
        with own if first else nullcontext(execution) as running:
            running.run_tool()
        try:
            reading = self._read(order, execution, began)
        except FormatError as error:
            raise execution.subject.error(
                "gave no results that can be read",
                after=f": {error.message}",
                hint=in_settings(error.hint),
                output=execution.place.read_output(),
            ) from error
        said = warnings(reading, order.benchmark.id)
        return members(reading, order, execution.subject, as_one(order)), said

    def _read(self, order: LaunchOrder, execution: Execution, began: datetime) -> Reading:
        work = _tool(order.benchmark)
        found = self._chosen(work, execution)
        if work.output:
            fresh = tuple(it for it in found.sources if it.modified and it.modified >= began)
            if not fresh:
                raise FormatError(
                    f"{work.output} is older than this launch",
                    hint="the tool did not write it: is `output` where its results are?",
                )
            found = replace(found, sources=fresh)
        return found.reading()

    def _chosen(self, work: Tool, execution: Execution) -> Chosen:
        only = None if work.reads == "auto" else self._formats[work.reads]
        if work.output:
            return chosen([execution.folder / work.output], self._formats, only)
        files = sorted(path for path in self._written.rglob("*") if path.is_file())
        if files:
            return chosen(files[:1] if len(files) == 1 else [self._written], self._formats, only)
        if _asks_for_a_file(work.command):
            raise FormatError(
                "the tool wrote nothing to the file that `{output}` names",
                hint="is it the option that the tool writes its results with?",
            )
        return chosen([printed_beside(execution.place.output)], self._formats, only)

    def _empty(self) -> None:
        shutil.rmtree(self._written, ignore_errors=True)
        self._written.mkdir()

    def _now(self) -> datetime:
        """Return the time as the file system has it: it lags behind other clocks."""
        probe = self._scratch / "tool-began"
        probe.write_bytes(b"")
        return datetime.fromtimestamp(probe.stat().st_mtime, UTC)

    def _execution(
        self, benchmark: Benchmark, side: Side, sides: tuple[Side, ...], seed: int
    ) -> Execution:
        command = _tool(benchmark).command
        own = replace(benchmark, work=self._with_output(command))
        return Execution(
            subject=Subject(benchmark=own, side=side, paired=len(sides) > 1),
            place=Beside(
                spawner=self._spawner,
                root=self._places.roots[side],
                environ=self._environ,
                output=self._scratch / "tool-output",
            ),
            environ=variables(self._environ, seed) | dict(benchmark.env),
        )

    def _with_output(self, command: Command) -> Command:
        """Return the command with the file that it is told to write; the same on both sides."""
        quote = shlex.quote if command.shell else str
        given = ((OUTPUT, str(self._written / "results")),)
        return replace(command, argv=tuple(fill(part, given, quote) for part in command.argv))


def _tool(benchmark: Benchmark) -> Tool:
    assert isinstance(benchmark.work, Tool)  # noqa: S101 - wiring names the runner by the work
    return benchmark.work


def _asks_for_a_file(command: Command) -> bool:
    return any(f"{{{OUTPUT}}}" in part for part in command.argv)
