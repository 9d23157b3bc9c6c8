"""Bencher's answers in JSON, in the forms that its own sources describe."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.readers.histories import bencher
from perfci.readers.histories.formats import read_histories
from perfci.readers.histories.past import Past
from perfci.readers.source import Source

LATENCY = {"name": "Latency", "slug": "latency", "units": "nanoseconds (ns)"}
THROUGHPUT = {"name": "Throughput", "slug": "throughput", "units": "operations / second (ops/s)"}
FIRST, SECOND = "2024-05-01T10:00:00Z", "2024-05-02T10:00:00Z"


def point(value: Any, time: str = FIRST, commit: str | None = "a1" * 20, **more: Any) -> Any:
    version = {"number": 1, "hash": commit}
    about = {"report": "r", "iteration": 0, "start_time": time, "end_time": time}
    return about | {"version": version, "metric": {"value": value}} | more


def line(name: str, measure: Any, *metrics: Any, branch: str = "main", testbed: str = "box") -> Any:
    return {
        "branch": {"name": branch, "slug": branch},
        "testbed": {"name": testbed},
        "benchmark": {"name": name},
        "measure": measure,
        "metrics": list(metrics),
    }


def perf(*lines: Any) -> bytes:
    about = {"project": {"name": "p"}, "start_time": None, "end_time": None}
    return json.dumps(about | {"results": list(lines)}).encode()


def report(*results: Any) -> dict[str, Any]:
    return {
        "uuid": "u",
        "project": {"name": "p"},
        "branch": {"name": "main", "head": {"version": {"number": 3, "hash": "b2" * 20}}},
        "testbed": {"name": "box"},
        "adapter": "json",
        "start_time": SECOND,
        "end_time": SECOND,
        "results": [list(results)],
        "alerts": [],
    }


def result(name: str, value: Any, measure: Any = LATENCY) -> dict[str, Any]:
    measures = [{"measure": measure, "metric": {"value": value}}]
    return {"iteration": 0, "benchmark": {"name": name}, "measures": measures}


def read(data: bytes) -> Past:
    return read_histories([Source(name="perf.json", data=data)])


def test_the_lines_of_a_query_become_a_run_a_report() -> None:
    past = read(
        perf(
            line("parse", LATENCY, point(41.0), point(43.0, SECOND, "b2" * 20)),
            line("parse", THROUGHPUT, point(7.0)),
        )
    )
    first, second = past.runs
    assert (first.commit, second.commit) == ("a1" * 20, "b2" * 20)
    assert first.branch == "main"
    assert "testbed box" in first.environment.runner
    found = {str(it.id.series(it.metric.name)): it for it in first.values}
    assert set(found) == {"default/parse:latency", "default/parse:throughput"}
    latency, throughput = found.values()
    assert latency.value == pytest.approx(41e-9)
    assert (throughput.metric.better, throughput.metric.unit) == (Better.HIGHER, "1/s")
    assert past.left == ()


def test_branches_and_testbeds_do_not_mix() -> None:
    past = read(
        perf(
            line("x", LATENCY, point(1)),
            line("x", LATENCY, point(2), branch="dev"),
            line("x", LATENCY, point(3), testbed="arm"),
        )
    )
    assert sorted((run.branch, run.environment.runner[-3:]) for run in past.runs) == [
        ("dev", "box"),
        ("main", "arm"),
        ("main", "box"),
    ]


def test_a_list_of_reports_is_read_and_so_is_one() -> None:
    several = json.dumps([report(result("x", 5.0)), report(result("y", 6.0))]).encode()
    (run,) = read(several).runs
    assert {value.id.name for value in run.values} == {"x", "y"}
    assert run.commit == "b2" * 20
    (alone,) = read(json.dumps(report(result("x", 5.0))).encode()).runs
    assert alone.started_at.isoformat() == "2024-05-02T10:00:00+00:00"


def test_newer_answers_with_several_named_values_are_read() -> None:
    newer = point(0) | {"metrics": {"value": {"value": 9.0}, "p99": {"value": 12.0}}}
    del newer["metric"]
    ((value,),) = (run.values for run in read(perf(line("x", LATENCY, newer))).runs)
    assert value.value == pytest.approx(9e-9)


def test_older_answers_have_one_measure_for_all_lines() -> None:
    older = line("x", None, point(3.0))
    del older["measure"]
    document = json.loads(perf(older)) | {"metric_kind": LATENCY}
    ((value,),) = (run.values for run in read(json.dumps(document).encode()).runs)
    assert value.metric.name == "latency"


def test_what_cannot_be_taken_is_counted_and_named() -> None:
    past = read(
        perf(
            line("x", LATENCY, point(1), point(2), point("NaN"), point(3, "yesterday")),
            line("", LATENCY, point(1)),
            line("y", LATENCY, point(1) | {"metric": None}, 7),
            7,
        )
    )
    told = " ".join(past.left)
    assert [value.value for run in past.runs for value in run.values] == [pytest.approx(1e-9)]
    assert "1 left out because it is a further iteration in one report, e.g. default/x" in told
    assert "3 left out because the metric is no finite number, e.g. x" in told
    assert "1 left out because the metric has no benchmark" in told
    assert "1 left out because the report has no time" in told


def test_its_input_format_is_no_history() -> None:
    metric_format = b'{"tests::a": {"latency": {"value": 3247.0, "lower_value": 1044.0}}}'
    assert not bencher.sniff(metric_format)
    with pytest.raises(FormatError, match="no history that perfci can import"):
        read(metric_format)


@pytest.mark.parametrize("data", [b"[7]", b'{"results": 3}', b"{", b'[{"results": {}}]'])
def test_another_answer_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"x\.json"):
        bencher.read((Source(name="x.json", data=data),))


def test_a_share_is_told_from_a_percentage_by_its_unit_alone() -> None:
    shares = [
        {"name": "Error rate", "slug": slug, "units": units}
        for slug, units in (("error_rate", "percentage (%)"), ("cpu_usage", ""))
    ]
    past = read(perf(*(line("load", measure, point(2.0)) for measure in shares)))
    [value] = past.runs[0].values
    assert (value.metric.unit, value.metric.absolute, value.value) == ("ratio", True, 0.02)
    assert "cpu_usage without a unit may be a ratio or a percentage" in " ".join(past.left)
