"""The pictures of one finding, from its launches and the branch's recent runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from perfci.model.comparison import Comparison
from perfci.model.evaluation import Evaluation
from perfci.model.measurement import Clock, Failure, Launch, Measurement, Stage
from perfci.model.verdict import Finding
from perfci.reports import words
from perfci.reports.beside import Beside, besides, wall_time
from perfci.reports.charts import Strip, change_chart, launches_chart, margin_of, trend_chart
from perfci.reports.figures import Figures, scale_of, size
from perfci.reports.recent import recent
from perfci.reports.text import clean, message

_RUNS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture and what is to be said of it."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An evaluation with its launches and failures by name."""

    evaluation: Evaluation
    head: Mapping[str, Measurement]
    base: Mapping[str, Measurement]
    failures: Mapping[str, Failure]
    beside: tuple[Beside, ...]
    """Everything that was measured and not judged."""

    def beside_of(self, item: Comparison) -> tuple[tuple[str, str], ...]:
        """Return what is known of the same benchmark, and was not judged: names and texts."""
        name, wall = clean(str(item.id)), wall_time(self.evaluation, item)
        rows = [(_titled(it.metric), it.joined("→")) for it in self.beside if it.benchmark == name]
        details = [
            (side_name, message(text))
            for side_name, side in (("In base", self.base), ("In head", self.head))
            for text in (side[item.key].details if item.key in side else ())
        ]
        first = [("Wall time", wall.joined("→"))] if wall else []
        return (*first, *rows, *details)


def _titled(metric: str) -> str:
    return metric.capitalize().replace("Cpu", "CPU").replace("Ai ", "AI ")


def material(evaluation: Evaluation) -> Material:
    """Index an evaluation."""
    recording = evaluation.recording
    before = recording.base_run.measurements if recording.base_run else ()
    return Material(
        evaluation=evaluation,
        head={item.key: item for item in recording.run.measurements},
        base={item.key: item for item in before},
        failures={str(item.id): item for item in recording.run.failures},
        beside=besides(evaluation),
    )


def pictures(source: Material, found: Finding, written: Figures) -> tuple[Chart, ...]:
    """Draw the change, the launches and the recent runs, as far as they are known."""
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
