"""Results that something else has measured before: files of the project, read once."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from perfci.errors import FormatError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Launch, Measurement, Side
from perfci.model.work import Results
from perfci.ports import LaunchOrder, LaunchReport
from perfci.readers.format import Format
from perfci.readers.reading import Reading
from perfci.results.reading import chosen
from perfci.runners.failures import Subject
from perfci.runners.tools.told import in_settings, members, warnings

_HASH = re.compile(r"[0-9a-f]{7,64}")


class ResultsRunner:
    """Reads results.

    Args:
        root: the project's own folder, in every mode: what a build has written there is in no
            checkout of perfci's.
        formats: of results, by name.
        heads: full hashes of the commits that head may be called by; empty: not known.
    """

    def __init__(
        self, root: Path, formats: Mapping[str, Format], heads: Collection[str] = ()
    ) -> None:
        self._root = root
        self._formats = formats
        self._heads = heads

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Say that base has none; see `Runner.prepare`."""
        if Side.BASE in sides:
            subject = Subject(benchmark=benchmark, side=Side.BASE, paired=True)
            raise subject.error("has no results", after=": they are files of head", absent=True)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Read everything; see `Runner.launch`."""
        subject = Subject(benchmark=order.benchmark, side=Side.HEAD, paired=False)
        work = order.benchmark.work
        assert isinstance(work, Results)  # noqa: S101 - wiring names the runner by the work
        only = None if work.reads == "auto" else self._formats[work.reads]
        try:
            reading = chosen(self._files(work), self._formats, only).reading()
        except FormatError as error:
            raise subject.error(
                "has no results that can be read",
                after=f": {error.message}",
                hint=in_settings(error.hint),
            ) from error
        self._insist_on_head(reading, subject)

        def launches(it: Measurement) -> tuple[Launch, ...]:
            return tuple(
                replace(launch, stage=order.stage, position=order.position)
                for launch in it.launches
            )

        found = members(reading, order, subject, launches)
        return LaunchReport(
            launches={},
            members={Side.HEAD: found},
            final=True,
            warnings=warnings(reading, order.benchmark.id),
        )

    def close(self) -> None:
        """Do nothing: nothing runs."""

    def _insist_on_head(self, reading: Reading, subject: Subject) -> None:
        """Refuse what names another commit: a file that is left over would pass for every head.

        Raises:
            MeasurementError: it does.
        """
        named = reading.commit.strip().lower()
        if not self._heads or not _HASH.fullmatch(named):
            return
        if not any(head.startswith(named) for head in self._heads):
            heads = " or ".join(sorted(head[:7] for head in self._heads))
            raise subject.error(
                "has no results of head",
                after=f": its results are of commit {named[:7]}, and head is {heads}",
                hint="run the tool before perfci, in the same job: these were left by an "
                "earlier run",
            )

    def _files(self, work: Results) -> list[Path]:
        """Return what the paths and globs mean, seen from the project's folder.

        Raises:
            FormatError: one of them means nothing.
        """
        root = self._root
        found: list[Path] = []
        for path in work.paths:
            there = [root / path] if (root / path).exists() else sorted(root.glob(path))
            # whoever opens a pipe waits for its other end
            there = [each for each in there if each.is_file() or each.is_dir()]
            if not there:
                raise FormatError(
                    f"{path} matches no file",
                    hint="paths are seen from the project's root; was the benchmark run before?",
                )
            found += there
        return list(dict.fromkeys(found))
