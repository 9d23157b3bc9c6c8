"""Head's values leave in other tools' forms, and come back by perfci's own readers."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from perfci.schema import result, run
from tests.command.given import one_after_another
from tests.schema.samples import evaluation, recording

CUSTOM = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "unit", "value"],
        "properties": {
            "value": {"type": "number"},
            **{name: {"type": "string"} for name in ("name", "unit", "range", "extra")},
        },
        "additionalProperties": False,
    },
}
"""What github-action-benchmark takes of its custom tools."""
_NUMBERS = {name: {"type": "number"} for name in ("value", "lower_value", "upper_value")}
_MEASURE = {"type": "object", "properties": _NUMBERS, "required": ["value"]}
BMF = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z0-9-]{1,64}$"},
        "additionalProperties": _MEASURE,
    },
}
"""What Bencher takes: https://bencher.dev/docs/reference/bencher-metric-format"""
KEY = "codec/parse[size=16MB]:latency"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "result.json").write_bytes(result.dump(evaluation()))
    (tmp_path / "run.json").write_bytes(run.dump(recording()))
    return tmp_path


def test_every_form_has_the_value_in_its_own_unit(folder: Path) -> None:
    forms = ("customSmallerIsBetter", "customBiggerIsBetter", "bmf", "openmetrics", "csv")
    answers = one_after_another(
        folder,
        *(["report", "result.json", "--as", form] for form in forms),
        ["report", "run.json", "--as", "bmf", "-o", "out/values.json"],
        ["report", "result.json", "--as", "bmf", "-o", "result.json/x"],
    )
    *written, filed, unwritten = answers
    smaller, bigger, bmf, metrics, table = written
    assert [answer.code for answer in written] == [0] * 5
    entries = json.loads(smaller.out)
    assert entries[0] == {"name": KEY, "unit": "s", "value": 0.0663, "extra": "22 launches"}
    assert json.loads(bigger.out) == []
    assert f"{len(entries)} of {len(entries)} series are left out" in bigger.err
    jsonschema.validate(entries, CUSTOM)
    jsonschema.validate(json.loads(bmf.out), BMF)
    benchmark = json.loads(bmf.out)["codec/parse[size=16MB]"]
    assert benchmark == {"latency": {"value": pytest.approx(0.0663e9)}}
    sample = 'perfci_latency_seconds{suite="codec",benchmark="parse[size=16MB]"} 0.0663'
    assert sample in metrics.out
    (family,) = text_string_to_metric_families(metrics.out)  # type: ignore[no-untyped-call]
    assert {it.value for it in family.samples} == {0.0663}
    first = next(csv.DictReader(io.StringIO(table.out)))
    assert (first["name"], first["param.size"], first["value"]) == ("codec/parse", "16MB", "0.0663")
    assert (first["unit"], first["better"]) == ("s", "lower")
    assert filed.code == 0
    kept = json.loads((folder / "out/values.json").read_text())
    assert kept["codec/parse[size=16MB]"]["latency"]["value"] == pytest.approx(0.0415e9)
    assert unwritten.code == 2
    assert "could not be written" in unwritten.err


def test_what_left_comes_back_to_the_same_values(folder: Path) -> None:
    forms = ("customSmallerIsBetter", "bmf", "csv")
    given = (["report", "result.json", "--as", form, "-o", form] for form in forms)
    taken = (["ingest", form, "-o", f"in-{form}", "--json"] for form in forms)
    answers = one_after_another(folder, *given, *taken)
    assert [answer.code for answer in answers] == [0] * 6, answers
    for form in forms:
        document = json.loads((folder / f"in-{form}" / "run.json").read_text())
        (item, *_) = document["measurements"]
        assert item["metric"] == "latency"
        assert item["launches"][0][0] == pytest.approx(0.0663)
