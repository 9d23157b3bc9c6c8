"""One finding as the report shows it: texts and finished pictures, nothing left to work out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perfci.gate.consequences import lapsed, unblocked
from perfci.gate.sentences import stages, would_decide
from perfci.model.comparison import Comparison, Outcome
from perfci.model.verdict import Finding
from perfci.reports import words
from perfci.reports.evidence import Chart, Material, pictures
from perfci.reports.figures import (
    Figures,
    at_most,
    chance,
    figures,
    metric_words,
    scale_of,
    size,
    typographic,
)
from perfci.reports.text import clean, message, tail

_KINDS = {
    Outcome.REGRESSED: "bad",
    Outcome.FAILED: "bad",
    Outcome.IMPROVED: "good",
    Outcome.INCONCLUSIVE: "doubt",
    Outcome.MISSING: "doubt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A finding, ready for the template."""

    kind: str
    """How it is coloured: `bad`, `good`, `doubt` or `plain`."""
    label: str
    """Outcome and severity: `regressed, major`."""
    blocking: bool
    name: str
    metric: str
    change: str
    interval: str
    before: str
    now: str
    hint: str
    """What would decide an inconclusive series."""
    reason: str
    charts: Sequence[Chart]
    facts: Sequence[tuple[str, str]]
    output: Sequence[str]
    warnings: Sequence[str]
    numbers: Mapping[str, float]
    """What the table is sorted by, where it is not the text."""
    launches: str
    seen: str
    """The smallest worsening that such launches find with 95 % certainty."""


def entry(source: Material, found: Finding, *, drawn: bool) -> Entry:
    """Write one finding.

    Args:
        source: the evaluation it belongs to.
        found: the finding.
        drawn: with pictures, or without.
    """
    item, written = found.comparison, figures(found.comparison)
    failure = source.failures.get(str(item.id)) if found.outcome is Outcome.FAILED else None
    change = f"{typographic(written.change)} {written.meaning}".strip()
    return Entry(
        kind="bad" if found.over_budget else _KINDS.get(found.outcome, "plain"),
        label=_label(found),
        blocking=found.blocking,
        name=clean(str(item.id)),
        metric=metric_words(item.metric),
        change=change,
        interval=typographic(_interval(written)),
        before=written.before_text(),
        now=written.now_text(),
        hint=words.would_show(found, brief=True) if found.outcome is Outcome.INCONCLUSIVE else "",
        reason=message(found.reason),
        charts=pictures(source, found, written) if drawn else (),
        facts=(*_facts(found), *source.beside_of(item)) if drawn else (),
        output=tail(failure.output, lines=40, limit=6000) if failure else (),
        warnings=tuple(message(text) for text in item.warnings if text not in found.reason),
        numbers={
            name: value
            for name, value in (
                ("change", item.change),
                ("before", item.base and item.base.point),
                ("now", item.head and item.head.point),
                ("launches", float(item.launches)),
                ("seen", item.detectable),
            )
            if isinstance(value, float)
        },
        launches=str(item.launches) if item.launches else "",
        seen=at_most(item.metric, item.detectable) if item.detectable is not None else "",
    )


def _label(found: Finding) -> str:
    parts = [str(found.outcome)]
    if found.severity:
        parts.append(str(found.severity))
    if found.accepted:
        parts.append("accepted")
    if found.over_budget:
        parts = [*parts, "over budget"] if found.outcome is Outcome.REGRESSED else ["over budget"]
    return ", ".join(parts)


def _interval(written: Figures) -> str:
    return f"{written.low} … {written.high} {written.unit}".rstrip() if written.low else ""


def _launches(item: Comparison) -> str:
    """Return what the answer rests on: `6 fresh a side, after 4`."""
    if not item.launches:
        return ""
    deciding, before = stages(item)
    side = " a side" if item.paired else ""
    return f"{deciding} fresh{side}, after {before}" if before else f"{deciding}{side}"


def _facts(found: Finding) -> tuple[tuple[str, str], ...]:
    item = found.comparison
    if item.head is None:
        return ()
    clock = f"{item.clock}: {message(item.clock_reason)}" if item.clock else ""
    limit = ""
    if found.limit is not None:
        limit = f"{size(item.metric, found.limit)} ({clean(found.rule)})"
    elif found.rule:
        limit = f"none ({clean(unblocked(item.metric, found.rule))})"
    budget = ""
    if found.budget is not None:
        budget = scale_of(item.metric, found.budget).text(found.budget)
    seen = at_most(item.metric, item.detectable) if item.detectable is not None else ""
    facts = (
        ("Launches", _launches(item)),
        ("Clock", clock.removesuffix(": ") if item.metric.timed else ""),
        ("p (worse by more than the margin)", chance(item.p_value)),
        ("Found with 95 % certainty", f"a worsening from {seen} on" if seen else ""),
        ("Undecided", would_decide(item)),
        ("Blocks from", limit),
        ("Accepted", words.accepted(found.accepted) if found.accepted else ""),
        ("Not accepted", message(lapsed(found))),
        ("Budget", budget),
        ("Evidence", "weak" if item.weak else ""),
    )
    return tuple((name, text) for name, text in facts if text)
