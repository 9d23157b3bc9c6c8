"""A line for everything that got worse, is beyond its budget, or could not be measured."""

from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding
from perfci.notifiers.harmless import harmless
from perfci.notifiers.spans import Line, bold, code, plain
from perfci.reports import words
from perfci.reports.failing import what_failed
from perfci.reports.figures import figures, metric_words, scale_of, typographic

_NAME = 160
_METRIC = 40
_WHY = 240


def worse_rows(evaluation: Evaluation) -> tuple[Line, ...]:
    """Return what got worse and is not accepted, in the verdict's order, worst first."""
    return tuple(
        _worse(found)
        for found in evaluation.verdict.findings
        if (found.outcome is Outcome.REGRESSED and not found.accepted) or found.over_budget
    )


def failed_rows(evaluation: Evaluation) -> tuple[Line, ...]:
    """Return what failed, once for all metrics of a benchmark.

    What it printed is not told: a chat has more readers than the job's log.
    """
    found = words.of(evaluation, Outcome.FAILED)
    once = {str(item.comparison.id): item for item in found}
    return tuple(
        (bold("failed"), plain(" "), code(harmless(name, _NAME)), plain(_why(item)))
        for name, item in once.items()
    )


def _why(found: Finding) -> str:
    text = what_failed(found).removeprefix(" failed")
    # what it begins with, a blank or a colon, belongs to the name before it
    start = text[: len(text) - len(text.lstrip(": "))]
    return start + harmless(text.removeprefix(start), _WHY)


def _worse(found: Finding) -> Line:
    name = code(harmless(str(found.comparison.id), _NAME))
    metric = plain(f" {harmless(metric_words(found.comparison.metric), _METRIC)} ")
    weight = bold(f"{_weight(found)} ")
    return (weight, name, metric, *_change(found), *_values(found))


def _weight(found: Finding) -> str:
    if found.outcome is Outcome.REGRESSED:
        return str(found.severity or words.direction([found], worse=True))
    return "over budget"


def _change(found: Finding) -> Line:
    """Return `+61.2 % (95 % interval +57.0 … +65.1 %)` of a regression, in bold and plain."""
    each = figures(found.comparison)
    if found.outcome is not Outcome.REGRESSED or not each.change:
        return ()
    meaning = f" {harmless(each.meaning, _METRIC)}" if each.meaning else ""
    interval = ""
    if each.low:
        bounds = typographic(f"{each.low} … {each.high} {each.unit}")
        interval = f" ({each.level} interval {harmless(bounds, _METRIC)})"
    change = typographic(harmless(each.change, _METRIC))
    return (bold(change), plain(f"{meaning}{interval}, "))


def _values(found: Finding) -> Line:
    """Return `41.2 → 66.3 ms`, a budget, and why it does not fail the gate where it does not."""
    each = figures(found.comparison)
    now = harmless(each.now_text(), _METRIC)
    text = f"{each.before} → {now}" if each.before and now else now
    if found.over_budget and found.budget is not None:
        budget = scale_of(found.comparison.metric, found.budget).text(found.budget)
        text += f", budget {harmless(budget, _METRIC)}"
    below = harmless(words.below_limit(found), _WHY)
    return (plain(f"{text}; {below}" if below and text else text or below),)
