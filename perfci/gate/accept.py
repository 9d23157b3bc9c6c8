"""Known regressions: which acceptance stands for one, and whether it still holds."""

import re
from dataclasses import dataclass
from datetime import date

from perfci.gate.match import matches
from perfci.model.comparison import Comparison
from perfci.model.verdict import Accepted
from perfci.units import limit, whole_percent

LABEL = "perf-accept"
"""Label of a pull request by which whoever may set labels accepts all its regressions."""
_TRAILER = re.compile(r"^perf-accept:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_REASON = re.compile(r"(\S.*?)\s+because\s+(\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One entry of `gate.accept`, one trailer of a commit, or a pull request's label."""

    match: str
    """Glob over the whole key."""
    reason: str
    source: str
    """Where it stands: `perfci.yml, line 9`, `commit a1b2c3d`."""
    until: date | None = None
    """The last day on which it holds; None for ever."""
    up_to: float | None = None
    """The largest worsening that it stands for (0.3 = 30 %); None for any."""

    def fault(self, comparison: Comparison, today: date) -> str:
        """Say why it does not stand for a regression that it matches; empty where it does."""
        if self.until is not None and today > self.until:
            return f"ended on {self.until}"
        worsening = comparison.worsening or 0.0
        size = worsening if comparison.metric.absolute else whole_percent(worsening)
        if self.up_to is not None and size > self.up_to + 1e-12:
            return f"holds up to {limit(self.up_to)}"
        return ""


def acceptance_of(
    comparison: Comparison, entries: tuple[Acceptance, ...], today: date
) -> tuple[Accepted | None, str]:
    """Find what stands for a regression.

    Returns:
        The first entry that holds; or None, and a clause about the first that matches and does
        not hold, empty where none matches.
    """
    fault = ""
    for entry in entries:
        if not matches(entry.match, comparison.key):
            continue
        wrong = entry.fault(comparison, today)
        if not wrong:
            return (
                Accepted(
                    match=entry.match,
                    reason=entry.reason,
                    source=entry.source,
                    until=entry.until.isoformat() if entry.until else "",
                    up_to=entry.up_to,
                ),
                "",
            )
        fault = fault or f"its acceptance ({entry.reason}; {entry.source}) {wrong}"
    return None, fault


def accepted_by_commit(commit: str, text: str) -> tuple[tuple[Acceptance, ...], tuple[str, ...]]:
    """Read the trailers `Perf-Accept: codec/parse* because ...` of a commit's message.

    Args:
        commit: its hash.
        text: its message; anybody may have written it.

    Returns:
        What it accepts, and what is wrong with trailers that accept nothing.
    """
    source = f"commit {commit[:7]}"
    found, wrong = [], []
    for trailer in _TRAILER.findall(text):
        parts = _REASON.fullmatch(trailer.strip())
        if parts:
            found.append(Acceptance(match=parts[1], reason=parts[2], source=source))
        else:
            wrong.append(
                f"{source}: a Perf-Accept without a reason accepts nothing; write it like "
                "Perf-Accept: codec/parse* because the new parser checks its input"
            )
    return tuple(found), tuple(wrong)
