"""The repository that the live gates are run in: one base commit, one head commit a gate."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.noise import workloads
from benchmarks.noise.live_plan import Change, Item
from benchmarks.noise.sides import COMMAND

_NO_EXTRA = "\nEXTRA: dict[str, int] = {}\n"
_COUNT = """\
extra={extra}
left=$(($1 * (100 + extra) / 100 * 400))
while [ $left -gt 0 ]; do left=$((left - 1)); done
"""
"""The laboratory's command; how much more a side does stands in its own file."""
_WHO = ("-c", "user.name=laboratory", "-c", "user.email=laboratory@example.org")
_WHEN = {"GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
"""A fixed time makes the same commits of the same seed, and so the same chances in perfci."""
_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """Where perfci is started."""

    root: Path
    base: str
    """Hash of the commit that every head is compared with."""

    @classmethod
    def make(cls, root: Path, items: Sequence[Item]) -> "Repository":
        """Make a repository in a new folder; its base commit holds work, settings and all.

        Args:
            root: the folder; it must not exist.
            items: the benchmarks.
        """
        root.mkdir()
        _git(root, "init", "-q", "-b", "main")
        settings = {"project": "live", "benchmarks": [_entry(item) for item in items]}
        (root / "perfci.yml").write_text(json.dumps(settings, indent=1) + "\n")
        _write(root, Change(number=0))
        return cls(root=root, base=_commit(root, "base"))

    def commit(self, change: Change) -> str:
        """Check out a head that is base with this change; return its hash."""
        _git(self.root, "checkout", "-q", "-B", "change", self.base)
        _write(self.root, change)
        return _commit(self.root, f"change {change.number}")


def _entry(item: Item) -> dict[str, object]:
    """Return a benchmark as perfci.yml has it; nothing in it tells what is slower."""
    if item.workload == COMMAND:
        return {
            "name": item.name,
            "suite": "live",
            "run": ["/bin/sh", "count.sh", str(item.units)],
        }
    return {
        "name": item.name,
        "suite": "live",
        "python": "workloads:extended",
        "parameters": {"workload": [item.workload], "units": [item.units]},
    }


def _write(root: Path, change: Change) -> None:
    extra = dict(change.slower)
    own = Path(workloads.__file__).read_text()
    if own.count(_NO_EXTRA) != 1:
        raise ValueError("workloads.py has no single place for what a side adds")
    comment = f"# change {change.number}\n"
    own = own.replace(_NO_EXTRA, f"\nEXTRA: dict[str, int] = {extra}\n")
    (root / "workloads.py").write_text(own + comment)
    count = _COUNT.format(extra=extra.get(COMMAND, 0))
    (root / "count.sh").write_text(count + comment)


def _commit(root: Path, message: str) -> str:
    _git(root, "add", "-A")
    _git(root, *_WHO, "commit", "-q", "-m", message)
    return _git(root, "rev-parse", "HEAD")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=root,
        env=os.environ | _WHEN | _ALONE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()
