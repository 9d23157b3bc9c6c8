"""One live gate: perfci run as a user runs it, and what it said."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.noise.live_plan import Change
from benchmarks.noise.live_repository import Repository
from perfci.model.comparison import Outcome

_FOREIGN = ("PERFCI_", "INPUT_", "GITHUB_", "GITLAB_", "JENKINS_", "CI")
"""Beginnings of variables that would tell perfci that this is a CI, or change its settings."""
_PATIENCE = 60.0
"""Seconds that a stopped perfci has to end its children and to keep what it measured."""
_END = 500
"""Characters of a complaint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What perfci said of one benchmark."""

    name: str
    percent: int
    """Its truth: units that head does more, in per cent."""
    outcome: Outcome
    change: float | None
    """As perfci saw it: 0.1 = 10 % slower."""
    launches: int
    """A side."""

    @property
    def is_false_alarm(self) -> bool:
        """Return whether something unchanged was called worse."""
        return not self.percent and self.outcome is Outcome.REGRESSED

    def __str__(self) -> str:
        """Return the name with its truth and what was said: `json +10: +9.8 %`."""
        said = str(self.outcome)
        if self.outcome is Outcome.REGRESSED and self.change is not None:
            said = f"{self.change * 100:+.1f} %"
        return f"{self.name} {self.percent:+d}: {said}" if self.percent else f"{self.name}: {said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate after it was run."""

    change: Change
    code: int
    load: float
    """Tasks that wanted a processor in the last minute, when it ended."""
    seconds: float
    found: tuple[Found, ...]
    """Empty where no result was written."""
    complaint: str = ""
    """The end of what perfci wrote to standard error, where it gave no verdict."""

    @property
    def slower(self) -> tuple[Found, ...]:
        """Return what was said of the truly slower ones."""
        return tuple(it for it in self.found if it.percent)

    @property
    def false_alarms(self) -> tuple[Found, ...]:
        """Return what is unchanged and was called worse."""
        return tuple(it for it in self.found if it.is_false_alarm)

    @property
    def is_false_fail(self) -> bool:
        """Return whether a change that made nothing slower was stopped."""
        return self.code == 1 and not self.change.slower

    @property
    def has_verdict(self) -> bool:
        """Return whether the gate decided at all."""
        return self.code in {0, 1} and bool(self.found)

    @property
    def is_right(self) -> bool:
        """Return whether all that is slower was found, and of the rest that it is not."""
        return (
            self.has_verdict
            and not self.is_false_fail
            and all((it.outcome is Outcome.REGRESSED) is bool(it.percent) for it in self.found)
            and all(it.outcome is not Outcome.INCONCLUSIVE for it in self.found)
        )

    def __str__(self) -> str:
        """Return one line."""
        slower = ", ".join(map(str, self.slower)) or "-"
        false = ", ".join(map(str, self.false_alarms)) or "-"
        launches = sum(it.launches for it in self.found)
        return (
            f"{self.change.number:4} {self.load:6.1f} {self.code:5}   {slower:44} {false:24} "
            f"{launches:8} {self.seconds:8.1f}"
            + (f"\n     no verdict: {self.complaint}" if self.complaint else "")
        )


HEAD = (
    f"{'gate':>4} {'load':>6} {'exit':>5}   {'truly slower: what was said':44} "
    f"{'false alarms':24} {'launches':>8} {'seconds':>8}"
)
"""Above the gates' lines."""


def run_gate(
    repository: Repository, change: Change, *, python: str, seed: int, output: Path
) -> Gate:
    """Commit a change and let perfci judge it.

    Args:
        repository: where.
        change: what head differs in.
        python: the interpreter that has perfci.
        seed: perfci's own.
        output: an empty folder for what perfci writes; its temporary files go there, too, so that
            another measurement on this machine is no reason to wait.

    Raises:
        KeyboardInterrupt: the user stopped it; perfci has ended.
    """
    repository.commit(change)
    temporary = output / "tmp"
    temporary.mkdir()
    argv = [python, "-m", "perfci", "run", "--base", repository.base]
    argv += ["--output", str(output), "--seed", str(seed)]
    began = time.monotonic()
    with (output / "stdout").open("wb") as out, (output / "stderr").open("wb") as err:
        process = subprocess.Popen(
            argv,
            cwd=repository.root,
            env=environment(temporary),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,  # Ctrl-C is told to perfci once, below
        )
        try:
            code = process.wait()
        finally:
            _end(process)
    seconds = time.monotonic() - began
    found = tuple(_found(output / "result.json", dict(change.slower)))
    gate = Gate(change=change, code=code, load=os.getloadavg()[0], seconds=seconds, found=found)
    if gate.has_verdict:
        return gate
    said = (output / "stderr").read_text(errors="replace").strip()
    return replace(gate, complaint=said[-_END:] or "nothing was said")


def environment(temporary: Path) -> dict[str, str]:
    """Return the variables of a plain session with a folder of its own for temporary files."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return kept | {"TMPDIR": str(temporary)}


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _found(result: Path, slower: Mapping[str, int]) -> Iterator[Found]:
    """Read what was said of every benchmark; nothing where no result was written."""
    if not result.exists():
        return
    for item in json.loads(result.read_text())["findings"]:
        yield Found(
            name=item["benchmark"],
            percent=slower.get(item["benchmark"], 0),
            outcome=Outcome(item["outcome"]),
            change=item["change"],
            launches=item["launches"],
        )
