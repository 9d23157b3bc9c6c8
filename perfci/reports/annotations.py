"""What must not be overlooked: said on the platform's page of the job, beside the code it is of."""

from collections.abc import Iterable, Sequence

from perfci.model.comparison import Outcome
from perfci.model.emission import Annotation, Emission, Level
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding
from perfci.reports import words
from perfci.reports.definitions import Definitions
from perfci.reports.figures import figures, metric_words, typographic
from perfci.reports.text import clean, message

SHOWN = 10
"""Annotations of one level in one step that GitHub shows; it says nothing of the others."""
_TITLE = "perfci"


class AnnotationReporter:
    """Says what got worse where it is defined, and where a run is that became no baseline.

    Args:
        definitions: where the benchmarks are defined; what is not known stands beside the job.
    """

    def __init__(self, definitions: Definitions | None = None) -> None:
        self._definitions = definitions or Definitions()

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the worst of each level, and how many more there are."""
        findings = annotations_of(evaluation, self._definitions)
        unkept = [Annotation(title=_TITLE, text=text) for text in words.unkept(evaluation)]
        both = (*findings, *unkept)
        return tuple(shown for level in Level for shown in _bounded(both, level))


def annotations_of(evaluation: Evaluation, definitions: Definitions) -> tuple[Annotation, ...]:
    """Return one annotation for each finding that fails the gate or got worse, worst first.

    What failed comes before all: nothing else can make the job pass again.
    """
    told = [found for found in evaluation.verdict.findings if _level(found) is not None]
    told.sort(key=lambda found: found.outcome is not Outcome.FAILED)
    return tuple(_annotation(found, definitions) for found in told)


def unshown(evaluation: Evaluation, definitions: Definitions) -> tuple[Annotation, ...]:
    """Return those with a place in the code for which the job's own page has no room."""
    every = annotations_of(evaluation, definitions)
    here = {id(each) for level in Level for each in _first(every, level)}
    return tuple(each for each in every if each.path and id(each) not in here)


def _level(found: Finding) -> Level | None:
    if found.blocking or found.outcome is Outcome.FAILED:
        return Level.ERROR
    worse = found.outcome is Outcome.REGRESSED or found.over_budget
    return Level.WARNING if worse and not found.accepted else None


def _annotation(found: Finding, definitions: Definitions) -> Annotation:
    place = definitions.of(found.comparison.id)
    return Annotation(
        title=_title(found),
        text=message(found.reason),
        level=_level(found) or Level.WARNING,
        path=place.path if place else "",
        line=place.line if place else 0,
    )


def _title(found: Finding) -> str:
    """Return `codec/parse latency: +61.2 %`, `io/write failed`."""
    name = clean(str(found.comparison.id))
    if found.outcome is Outcome.FAILED:
        return f"{name} failed"
    each = figures(found.comparison)
    change = f"{typographic(each.change)} {each.meaning}".strip()
    told = change if found.outcome is Outcome.REGRESSED else f"over budget, {each.now_text()}"
    return f"{name} {metric_words(found.comparison.metric)}: {told}"


def _first(annotations: Iterable[Annotation], level: Level) -> list[Annotation]:
    """Return those of a level that are shown one by one: one fewer than fit, where more are."""
    mine = [each for each in annotations if each.level is level]
    return mine if len(mine) <= SHOWN else mine[: SHOWN - 1]


def _bounded(annotations: Sequence[Annotation], level: Level) -> list[Annotation]:
    first = _first(annotations, level)
    hidden = sum(each.level is level for each in annotations) - len(first)
    if not hidden:
        return first
    text = f"{hidden:,} more: the job's summary and the report have all of them."
    return [*first, Annotation(title=_TITLE, text=text, level=level)]
