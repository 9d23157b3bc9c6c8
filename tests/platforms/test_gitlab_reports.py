"""The two report files that GitLab compares with the target branch's."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from perfci.model.comparison import Estimate
from perfci.model.context import Context
from perfci.model.emission import File
from perfci.model.evaluation import Evaluation
from perfci.model.identity import BenchmarkId
from perfci.model.metric import Assumption, Better, Metric
from perfci.model.verdict import Accepted
from perfci.reports.codequality import CodeQualityReporter
from perfci.reports.definitions import Definitions, Place
from perfci.reports.openmetrics import MetricsReporter
from tests.reports import suites
from tests.reports.builders import MEMORY, came, evaluation

GITLAB = Context(platform="gitlab")
_PLACE = {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer"}}}
ISSUE = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string"},
        "check_name": {"type": "string"},
        "fingerprint": {"type": "string"},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {"path": {"type": "string", "pattern": "^[^/.]"}, "lines": _PLACE},
        },
    },
}
"""What GitLab's documentation asks of an entry; its server drops all from the first odd one on."""
Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def metrics(found: Evaluation) -> str:
    (file,) = MetricsReporter().render(replace(found, context=GITLAB))
    assert isinstance(file, File)
    assert file.path == "metrics.txt"
    return file.content.decode()


def read(text: str) -> Series:
    """Read it as Prometheus does, which refuses what is not to the letter."""
    return {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
        for sample in family.samples
    }


def gitlab_reads(text: str) -> dict[str, str]:
    """Read it as GitLab does: without what follows `#`, in words as a shell sees them."""
    lines = (shlex.split(re.sub(r"#.*$", "", line)) for line in text.splitlines())
    return {line[0]: line[1] for line in lines if len(line) > 1}


def issues(found: Evaluation, places: Mapping[BenchmarkId, Place] | None = None) -> list[Any]:
    reporter = CodeQualityReporter(Definitions(places=places or {}))
    (file,) = reporter.render(replace(found, context=GITLAB))
    assert isinstance(file, File)
    assert file.path == "codequality.json"
    listed: list[Any] = json.loads(file.content)
    jsonschema.validate(listed, {"type": "array", "items": ISSUE})
    return listed


@pytest.mark.parametrize("platform", ["github", "jenkins", "local"])
def test_they_are_written_for_gitlab_alone(platform: str) -> None:
    found = replace(suites.picture(), context=Context(platform=platform))
    assert MetricsReporter().render(found) == ()
    assert CodeQualityReporter(Definitions()).render(found) == ()


def test_heads_values_are_told_in_base_units() -> None:
    series = read(metrics(suites.kinds()))
    expected = {
        ("perfci_memory_usage_bytes", "parse"): 640e6,
        ("perfci_throughput_per_second", "list"): 4200.0,
        ("perfci_error_rate_ratio", "list"): 0.022,
        ("perfci_system_health", "hub"): 84.0,
        ("perfci_latency_seconds", "decode"): 0.04,
    }
    told = {(name, dict(at).get("benchmark")): value for (name, at), value in series.items()}
    assert told | expected == told
    assert series["perfci_findings", (("outcome", "regressed"),)] == 3.0
    assert series["perfci_findings", (("outcome", "failed"),)] == 0.0


def test_a_value_that_hardly_moved_is_the_same_text() -> None:
    def told(seconds: float, count: float) -> str:
        counted = Metric(
            name="instructions", unit="count", better=Better.LOWER, assumption=Assumption.EXACT
        )
        items = [
            replace(came("a/b", "unchanged", 0.0), head=Estimate(point=seconds, n=4)),
            replace(came("a/b", "unchanged", 0.0, metric=counted), head=Estimate(point=count, n=1)),
        ]
        return metrics(evaluation(*items, launches=False))

    assert told(0.04121, 1_234_567.0) == told(0.04144, 1_230_001.0)
    assert told(0.04121, 1_234_567.0) != told(0.0453, 1_234_567.0)
    assert told(0.04121, 1_234_567.0) != told(0.04121, 1_244_567.0)


def test_the_order_does_not_follow_the_verdict() -> None:
    quiet, worse = came("a/b", "unchanged", 0.0), came("a/c", "regressed", 0.5)
    text = metrics(evaluation(quiet, worse))
    assert text.index('benchmark="b"') < text.index('benchmark="c"')


def test_what_cannot_be_a_number_is_left_out() -> None:
    odd = [
        replace(came(f"a/{value}", "new"), head=Estimate(point=float(value), n=1))
        for value in ("nan", "inf")
    ]
    assert "latency" not in metrics(evaluation(*odd, launches=False))


def test_names_that_look_alike_are_told_apart() -> None:
    alike = [came("s/x\u200b", "unchanged", 0.0), came("s/x", "unchanged", 0.0)]
    text = metrics(evaluation(*alike))
    assert re.findall('benchmark="(.*?)"', text) == ["x", "x (2)"]
    assert metrics(evaluation(*reversed(alike))) == text


@pytest.mark.parametrize("name", suites.EVERY)
def test_both_readers_see_every_series(name: str) -> None:
    found = suites.EVERY[name]()
    text = metrics(found)
    series = sum(item.comparison.head is not None for item in found.verdict.findings)
    assert text.endswith("\n# EOF\n")
    assert len(read(text)) == len(gitlab_reads(text)) == series + 7


@settings(max_examples=60, deadline=None)
@given(*[st.text(alphabet=st.characters(exclude_categories=()), max_size=20) for _ in range(4)])
def test_any_name_makes_files_that_are_read(a: str, b: str, name: str, unit: str) -> None:
    odd = Metric(name=f"{name}_total", unit=unit, better=Better.LOWER)
    plain = Metric(name=name or "x", unit="s", better=Better.LOWER)
    items = [
        came(f"s/{a}#'\"\\", "regressed", 0.5, metric=odd),
        came(f"s/{b}", "regressed", 0.5, metric=plain),
        came(f"{a}/{b}", "regressed", 0.5),
    ]
    found = evaluation(*items, launches=False)
    text = metrics(found)
    assert len(read(text)) == len(gitlab_reads(text)) == 3 + 7
    assert len(issues(found)) == 3


def test_a_regression_is_an_issue_where_the_benchmark_is_defined() -> None:
    place = Place(path="bench/codec.py", line=42)
    (issue,) = issues(suites.picture(), {suites.PARSE.id: place})
    assert issue["location"] == {"path": "bench/codec.py", "lines": {"begin": 42}}
    assert issue["check_name"] == "perfci.latency"
    assert issue["severity"] == "critical"
    assert issue["description"].startswith("codec/parse[size=16MB]:latency: 61.2 % slower than ")


def test_without_a_definition_it_stands_at_the_settings_file() -> None:
    (issue,) = issues(suites.picture())
    assert issue["location"] == {"path": "perfci.yml", "lines": {"begin": 1}}


def test_where_nothing_got_worse_the_list_is_empty() -> None:
    assert issues(suites.nothing_moved()) == []
    assert issues(suites.nothing_measured()) == []


@pytest.mark.parametrize(
    ("change", "severity"),
    [(0.07, "info"), (0.12, "minor"), (0.3, "major"), (0.6, "critical"), (1.2, "blocker")],
)
def test_a_band_is_a_severity(change: float, severity: str) -> None:
    (issue,) = issues(evaluation(came("a/b", "regressed", change)))
    assert issue["severity"] == severity


def test_what_is_accepted_is_for_information() -> None:
    found = suites.picture()
    worst, *others = found.verdict.findings
    known = Accepted(match="*", reason="known", source="perfci.yml")
    verdict = replace(found.verdict, findings=(replace(worst, accepted=known), *others))
    assert [it["severity"] for it in issues(replace(found, verdict=verdict))] == ["info"]


def test_a_budget_that_is_exceeded_is_told_too() -> None:
    by_key = {it["description"].split(": ")[0]: it["severity"] for it in issues(suites.kinds())}
    assert by_key["codec/parse:memory_usage"] == "critical"


def test_a_fingerprint_is_the_same_in_every_run_and_in_no_other_series() -> None:
    def prints(*changes: float, project: str = "codec") -> list[str]:
        items = [came(f"a/{i}", "regressed", change) for i, change in enumerate(changes)]
        items.append(came("a/0", "regressed", changes[0], metric=MEMORY))
        found = evaluation(*items)
        found = replace(found, recording=replace(found.recording, project=project))
        return sorted(it["fingerprint"] for it in issues(found))

    assert prints(0.2, 0.9) == prints(0.95, 0.3)
    assert len({*prints(0.2, 0.9)}) == 3
    assert not {*prints(0.2, 0.9)} & {*prints(0.2, 0.9, project="other")}
