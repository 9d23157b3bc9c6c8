"""The fields that the contract names are there, and they are enough."""

import json
import math

from perfci.model.comparison import Comparison, Interval, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock
from perfci.model.metric import built_in
from perfci.model.verdict import Finding, Status, Verdict
from perfci.schema import result, run
from tests.schema.samples import LATENCY, PARSE, evaluation, launch, measured, recording


def test_run_json_has_the_fields_of_the_contract() -> None:
    document = json.loads(run.dump(recording()))
    assert document["schema"] == "perfci.run/1"
    assert document["environment"]["cpu"] == "AMD EPYC 7763"
    assert len(document["environment"]["fingerprint"]) == 16
    for measurement in (document["measurements"][0], document["base"]["measurements"][0]):
        assert measurement["key"] == "codec/parse[size=16MB]:latency"
        assert (measurement["unit"], measurement["direction"]) == ("s", "lower")
        assert measurement["clock"] == "net"
        assert measurement["launches"] == [[0.041, 0.042], [0.041, 0.042]]
        assert measurement["rounds"][1] == {
            "number": 2,
            "stage": "screen",
            "position": 1,
            "whole": True,
            "wall": [0.05, 0.06],
            "cpu": [0.03, 0.04],
            "delay": [0.009, 0.018],
        }


def test_launches_are_wall_time_where_the_run_queue_could_not_be_read() -> None:
    run_ = measured(launch(1, net=False), launch(2, net=False))
    measurement = json.loads(run.dump(recording(run_)))["measurements"][0]
    assert measurement["clock"] == "wall"
    assert measurement["launches"][0] == measurement["rounds"][0]["wall"] == [0.05, 0.06]


def test_the_fields_of_the_contract_are_enough_to_be_read() -> None:
    measurement = {"key": "codec/parse[size=1MB]:memory_usage", "unit": "B", "direction": "lower"}
    measurement |= {"clock": "value", "launches": [[5, 6.0], [7, 8]]}  # type: ignore[dict-item]
    document = {"schema": "perfci.run/1", "environment": {}, "measurements": [measurement]}
    found = run.load(json.dumps(document | {"base": document}).encode(), "run.json")
    head = found.run.measurements[0]
    memory = built_in("memory_usage")
    assert head.metric == memory
    assert head.id == BenchmarkId(suite="codec", name="parse", params=(("size", "1MB"),))
    assert [dict(each.clocks) for each in head.launches] == [
        {Clock.VALUE: (5.0, 6.0)},
        {Clock.VALUE: (7.0, 8.0)},
    ]
    assert [each.number for each in head.launches] == [1, 2]
    assert found.base_run is not None
    assert found.base_run.measurements == found.run.measurements


def test_result_json_has_the_fields_of_the_contract() -> None:
    document = json.loads(result.dump(evaluation()))
    top = ["schema", "verdict", "exit_code", "message", "mode", "base", "head", "environment"]
    assert list(document)[:10] == [*top, "summary", "findings"]
    assert document["schema"] == "perfci.result/1"
    assert (document["verdict"], document["exit_code"]) == ("fail", 1)
    assert document["base"] == {"commit": "a1b2", "ref": "main", "dirty": False}
    assert document["summary"] == {
        "total": 4,
        "regressed": 3,
        "improved": 0,
        "unchanged": 1,
        "inconclusive": 0,
        "new": 0,
        "missing": 0,
        "failed": 0,
        "critical": 1,
        "blocking": 2,
        "accepted": 0,
    }
    expected = {
        "key": "codec/parse[size=16MB]:latency",
        "suite": "codec",
        "benchmark": "parse",
        "parameters": {"size": "16MB"},
        "metric": "latency",
        "unit": "s",
        "direction": "lower",
        "outcome": "regressed",
        "severity": "critical",
        "blocking": True,
        "change": 0.612,
        "interval": [0.57, 0.651],
        "base": 0.0412,
        "head": 0.0663,
        "level": 0.95,
        "launches": 22,
        "p_value": 1e-9,
        "detectable": 0.05,
        "clock": "net",
        "limit": 0.1,
        "accepted": None,
        "reason": "slower",
    }
    assert expected.items() <= document["findings"][0].items()
    assert document["findings"][2]["severity"] is None


def test_an_unbounded_interval_stays_unbounded() -> None:
    wide = Interval(low=-math.inf, high=math.inf, level=0.95)
    outcome = Outcome.INCONCLUSIVE
    comparison = Comparison(id=PARSE, metric=LATENCY, outcome=outcome, interval=wide)
    finding = Finding(comparison=comparison, reason="too few launches")
    verdict = Verdict(status=Status.WARN, findings=(finding,), message="?")
    data = result.dump(Evaluation(recording=recording(), verdict=verdict))
    assert json.loads(data)["findings"][0]["interval"] == [None, None]
    assert result.load(data, "result.json").verdict == verdict
