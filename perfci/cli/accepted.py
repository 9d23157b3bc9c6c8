"""What an acceptance of regressed runs did: old level, new level, by which runs, what follows."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from perfci.baselines import Regressed
from perfci.cli.layout import print_rows
from perfci.model.history import Acceptance, History, StoredRun
from perfci.model.identity import parse_key
from perfci.model.metric import built_in
from perfci.model.text import inert, printable
from perfci.stats.level import height
from perfci.stats.points import points_by_series
from perfci.units import percent, scale_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One series whose level was accepted."""

    was: Regressed
    level: float | None
    """What the next run is compared with, in base units; None where the runs hold no value."""
    runs: tuple[StoredRun, ...]
    """The accepted ones, oldest first."""

    @property
    def change(self) -> float | None:
        """Return new by old level: a signed ratio, or a difference where a value may be 0."""
        old, new = self.was.before, self.level
        if old is None or new is None:
            return None
        return new - old if self.absolute else new / old - 1

    @property
    def absolute(self) -> bool:
        """Return whether the change is a difference."""
        metric = built_in(parse_key(self.was.key)[1])
        return not self.was.before or (metric is not None and metric.absolute)

    def value(self, value: float | None) -> str:
        """Return a level in the scale of both."""
        if value is None:
            return "not known"
        there = [each for each in (self.was.before, self.level) if each is not None]
        return scale_for(self.was.unit, *there).text(value)

    def change_text(self) -> str:
        """Return the change as people read it: `+19.9 %`, `+2.1 points`."""
        change = self.change
        if change is None:
            return ""
        if not self.absolute:
            return percent(change)
        if self.was.unit == "ratio":
            return f"{change * 100:+.3g} points"
        return f"{'+' if change > 0 else ''}{scale_for(self.was.unit, change).text(change)}"

    def runs_text(self) -> str:
        """Return the runs by their commits: `2 runs of a1b2c3d`, `3 runs, a1b2c3d to e4f5a6b`."""
        names = [run.commit[:7] or run.id for run in self.runs]
        if len(names) == 1:
            return names[0]
        which = f" of {names[0]}" if names[0] == names[-1] else f", {names[0]} to {names[-1]}"
        return f"{len(names)} runs{which}"


def steps(chosen: Sequence[Regressed], after: History) -> tuple[Step, ...]:
    """Say what became of the accepted series.

    Args:
        chosen: what was regressed.
        after: the branch with its marks, under the names that are in use now.
    """
    runs = {run.id: run for run in after.runs}
    levels = {
        fingerprint: points_by_series(after, fingerprint)
        for fingerprint in {item.fingerprint for item in chosen}
    }
    found = []
    for item in chosen:
        newest = runs[item.runs[-1]].points[item.key]
        level = height(levels[item.fingerprint].get(item.key, ()), newest)
        there = tuple(runs[identity] for identity in item.runs)
        found.append(Step(was=item, level=level, runs=there))
    return tuple(found)


def as_document(found: Sequence[Step], accepted: Acceptance, kept: str) -> dict[str, object]:
    """Return the same for programs: values in base units, changes as signed ratios.

    Args:
        found: one entry a series and environment.
        accepted: the decision.
        kept: where it lies, in words; empty where it was only tried.
    """
    return {
        "accepted": [
            {
                "key": step.was.key,
                "environment": step.was.fingerprint,
                "unit": step.was.unit,
                "before": step.was.before,
                "level": step.level,
                "change": step.change,
                "runs": [{"id": run.id, "commit": run.commit} for run in step.runs],
            }
            for step in found
        ],
        "branch": printable(accepted.branch),
        "reason": accepted.reason,
        "kept": printable(kept),
        "dry_run": not kept,
    }


def in_words(found: Sequence[Step], accepted: Acceptance, kept: str) -> None:
    """Print one row a series, and what follows; the arguments are those of `as_document`."""
    several = len({step.was.fingerprint for step in found}) > 1
    print_rows([_row(step, environment=several) for step in found])
    does = "is" if kept else "would be"
    if len(found) == 1:
        (step,) = found
        what = f"{step.was.key} {does} compared with {step.value(step.level)}"
    else:
        what = f"these {len(found)} series {does} compared with what was accepted"
    lines = [f"From the next run on, {what}."]
    if kept:
        whose = accepted.branch or "a branch without a name"
        lines += [f"Accepted on {whose}: {accepted.reason}", f"kept in {kept}"]
    else:
        lines.append("Nothing was changed: this was a dry run.")
    sys.stdout.write("".join(f"{inert(printable(line))}\n" for line in lines))


def _row(step: Step, *, environment: bool) -> dict[str, str]:
    row = {
        "series": step.was.key,
        "before": step.value(step.was.before),
        "accepted": step.value(step.level),
        "change": step.change_text(),
        "by": step.runs_text(),
    }
    return row | {"environment": step.was.fingerprint} if environment else row
