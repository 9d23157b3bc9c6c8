"""OpenMetrics' text form of head's values; also as GitLab's metrics report shows it, with counts.

GitLab compares the values as text, so there they are rounded until they hardly differ from run to
run.
"""

import re
from collections.abc import Iterable

from perfci.model.comparison import Outcome
from perfci.model.emission import Emission, File
from perfci.model.evaluation import Evaluation
from perfci.model.identity import BenchmarkId
from perfci.model.metric import Assumption, Metric
from perfci.reports.text import clean
from perfci.reports.values import Value, values_of

_UNITS = {"s": "seconds", "B": "bytes", "1/s": "per_second", "ratio": "ratio"}
_DIGITS, _DIGITS_EXACT = 2, 3
"""Significant ones of what is measured, and of what is counted."""
_NAME = 80
Labels = tuple[tuple[str, str], ...]


class MetricsReporter:
    """Writes `metrics.txt` in OpenMetrics' text form, where GitLab runs the job."""

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the file; nothing on another platform."""
        if evaluation.context.platform != "gitlab":
            return ()
        series = ((*_labelled(it), _rounded(it.metric, it.value)) for it in values_of(evaluation))
        content = _exposition([*series, *_counts(evaluation)])
        return (File(path="metrics.txt", content=content.encode()),)


def openmetrics(values: Iterable[Value]) -> str:
    """Return values in OpenMetrics' text form, with all their digits."""
    return _exposition((*_labelled(it), repr(it.value)) for it in values)


def _exposition(found: Iterable[tuple[str, Labels, str]]) -> str:
    families: dict[str, dict[Labels, str]] = {}
    for family, labels, value in sorted(found):
        samples = families.setdefault(family, {})
        samples[_unused(labels, samples)] = value
    lines = []
    for family, samples in families.items():
        lines.append(f"# TYPE {family} gauge")
        lines += [f"{family}{_written(at)} {value}" for at, value in samples.items()]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _labelled(of: Value) -> tuple[str, Labels]:
    return _family(of.metric), _labels(of.id, of.metric)


def _counts(evaluation: Evaluation) -> Iterable[tuple[str, Labels, str]]:
    counts = evaluation.verdict.counts
    for outcome in Outcome:
        yield "perfci_findings", (("outcome", outcome.value),), str(counts.get(outcome, 0))


def _family(metric: Metric) -> str:
    unit = _UNITS.get(metric.unit, "")
    name = re.sub(r"[^a-zA-Z0-9_]", "_", metric.name[:_NAME])
    return f"perfci_{name}{f'_{unit}' if unit else ''}"


def _labels(identity: BenchmarkId, metric: Metric) -> Labels:
    benchmark = str(identity).removeprefix(f"{identity.suite}/")
    plain = re.fullmatch(rf"[a-zA-Z0-9_]{{1,{_NAME}}}", metric.name)
    return (
        ("suite", identity.suite),
        ("benchmark", benchmark),
        *(() if plain else (("metric", metric.name),)),
    )


def _rounded(metric: Metric, value: float) -> str:
    digits = _DIGITS_EXACT if metric.assumption is Assumption.EXACT else _DIGITS
    return f"{float(f'{value:.{digits}g}'):.12g}"


def _unused(labels: Labels, taken: Iterable[Labels]) -> Labels:
    """Return labels as they are shown, the last with a number where others look alike."""
    shown = tuple((name, _shown(value)) for name, value in labels)
    *others, (name, value) = shown
    number = 2
    while shown in taken:
        shown = (*others, (name, f"{value} ({number})"))
        number += 1
    return shown


def _shown(value: str) -> str:
    """Return a name in one line without `#`: there GitLab cuts, and refuses the whole file."""
    return clean(value).replace("#", "\N{FULLWIDTH NUMBER SIGN}")


def _written(labels: Labels) -> str:
    pairs = []
    for name, value in labels:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        pairs.append(f'{name}="{escaped}"')
    return f"{{{','.join(pairs)}}}"
