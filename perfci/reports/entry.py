"""One finding as the report shows it: texts and finished pictures, nothing left to work out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from perfci.model.comparison import Comparison, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.measurement import Clock, Failure, Launch, Measurement, Stage
from perfci.model.verdict import Finding
from perfci.reports import words
from perfci.reports.charts import Strip, change_chart, launches_chart, margin_of, trend_chart
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
from perfci.reports.recent import recent
from perfci.reports.text import clean, message, tail

_RUNS = 50

_KINDS = {
    Outcome.REGRESSED: "bad",
    Outcome.FAILED: "bad",
    Outcome.IMPROVED: "good",
    Outcome.INCONCLUSIVE: "doubt",
    Outcome.MISSING: "doubt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture and what is to be said of it."""

    svg: str
    caption: str


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
    reason: str
    charts: Sequence[Chart]
    facts: Sequence[tuple[str, str]]
    output: Sequence[str]
    warnings: Sequence[str]
    numbers: Mapping[str, float]
    """What the table is sorted by, where it is not the text."""
    launches: str
    seen: str
    """The smallest worsening that would have been seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An evaluation with its launches and failures by name."""

    evaluation: Evaluation
    head: Mapping[str, Measurement]
    base: Mapping[str, Measurement]
    failures: Mapping[str, Failure]


def material(evaluation: Evaluation) -> Material:
    """Index an evaluation."""
    recording = evaluation.recording
    before = recording.base_run.measurements if recording.base_run else ()
    return Material(
        evaluation=evaluation,
        head={item.key: item for item in recording.run.measurements},
        base={item.key: item for item in before},
        failures={str(item.id): item for item in recording.run.failures},
    )


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
        reason=message(found.reason),
        charts=_charts(source, found, written) if drawn else (),
        facts=_facts(found),
        output=tail(failure.output, lines=40, limit=6000) if failure else (),
        warnings=tuple(map(message, item.warnings)),
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
    if found.over_budget:
        parts = [*parts, "over budget"] if found.outcome is Outcome.REGRESSED else ["over budget"]
    return ", ".join(parts)


def _interval(written: Figures) -> str:
    return f"{written.low} … {written.high} {written.unit}".rstrip() if written.low else ""


def _facts(found: Finding) -> tuple[tuple[str, str], ...]:
    item = found.comparison
    if item.head is None:
        return ()
    side = " a side" if item.paired else ""
    clock = f"{item.clock}: {message(item.clock_reason)}" if item.clock else ""
    limit = ""
    if found.limit is not None:
        limit = f"{size(item.metric, found.limit)} ({clean(found.rule)})"
    elif found.rule:
        limit = f"none ({clean(found.rule)})"
    budget = ""
    if found.budget is not None:
        budget = scale_of(item.metric, found.budget).text(found.budget)
    seen = at_most(item.metric, item.detectable) if item.detectable is not None else ""
    facts = (
        ("Launches", f"{item.launches}{side}" if item.launches else ""),
        ("Clock", clock.removesuffix(": ") if item.metric.timed else ""),
        ("p (worse by more than the margin)", chance(item.p_value)),
        ("Would have been seen", f"a worsening above {seen}" if seen else ""),
        ("Would probably decide", f"{item.needed} launches" if item.needed else ""),
        ("Blocks from", limit),
        ("Budget", budget),
        ("Evidence", "weak" if item.weak else ""),
    )
    return tuple((name, text) for name, text in facts if text)


def _charts(source: Material, found: Finding, written: Figures) -> tuple[Chart, ...]:
    item = found.comparison
    charts = [
        Chart(svg=change_chart(item, found.limit), caption=_change_caption(item, written)),
        _launches(source, item),
        _trend(source, item),
    ]
    return tuple(chart for chart in charts if chart.svg)


def _change_caption(item: Comparison, written: Figures) -> str:
    said = "Change of head against base"
    if written.level:
        said += f", and the bar is its {written.level} interval"
    margin = margin_of(item)
    if margin is not None:
        said += f". Grey: the margin of {size(item.metric, margin)} around no change"
    return f"{said}."


def _launches(source: Material, item: Comparison) -> Chart:
    sides = (("base", source.base, item.base), ("head", source.head, item.head))
    strips = [
        _strip(name, side[item.key], item.clock, estimate.point if estimate else None)
        for name, side, estimate in sides
        if item.key in side
    ]
    strips = [strip for strip in strips if strip.values]
    if not strips:
        return Chart(svg="", caption="")
    scale = scale_of(item.metric, max(max(strip.values) for strip in strips))
    names = " and ".join(strip.name for strip in strips)
    clock = f" ({item.clock} clock)" if item.clock and item.metric.timed else ""
    said = f"A dot is the median of one launch{clock}; the upright line is the side's median."
    if any(strip.pale for strip in strips):
        said += " Pale: launches that raised the suspicion, and did not count after that."
    return Chart(
        svg=launches_chart(strips, scale, f"{clean(str(item.id))}: launches of {names}"),
        caption=said,
    )


def _strip(name: str, measurement: Measurement, clock: Clock | None, middle: float | None) -> Strip:
    confirmed = tuple(each for each in measurement.launches if each.stage is Stage.CONFIRM)
    screened = tuple(each for each in measurement.launches if each.stage is Stage.SCREEN)
    return Strip(
        name=name,
        values=_medians(confirmed or screened, clock),
        pale=_medians(screened, clock) if confirmed else (),
        middle=middle,
        colour=name,
    )


def _medians(launches: Sequence[Launch], clock: Clock | None) -> tuple[float, ...]:
    read = [
        each.clocks.get(clock or Clock.VALUE, ()) or next(iter(each.clocks.values()), ())
        for each in launches
    ]
    return tuple(median(values) for values in read if values)


def _trend(source: Material, item: Comparison) -> Chart:
    past = recent(source.evaluation, item, _RUNS - 1)
    if not past or item.head is None:
        return Chart(svg="", caption="")
    values = [*(each.value for each in past), item.head.point]
    marked = [*(each.regressed for each in past), False]
    bad = " Red: runs that were called worse." if any(marked) else ""
    return Chart(
        svg=trend_chart(values, marked, f"{clean(str(item.id))}: the last {len(values)} runs"),
        caption=f"The last {words.count(len(past), 'run')} of the branch, and this one.{bad}",
    )
