"""The JSON Schema says what the loader does, and the generated files are fresh."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
import yaml

from perfci.settings.inputs import INPUTS, OUTPUTS
from perfci.settings.json_schema import json_schema
from perfci.settings.keys import KEYS
from perfci.settings.load import Loaded

HOUSE = Path(__file__).parents[2]
Load = Callable[..., Loaded]


@pytest.fixture(name="validator", scope="module")
def _validator() -> jsonschema.Draft202012Validator:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "benchmarks: [{name: a, run: x}, {name: b, run: [x, y], metrics: [cpu_time]}]",
        "benchmarks: [{name: a, python: 'b/c.py:f', parameters: {n: [1, x, true, 0.5]}}]",
        "benchmarks:\ngate:\nproject:\n",
        "gate: {max_regressions: null, sensitivity: 2.5%, fail_on: none}",
        "gate: {rules: [{match: '*', threshold: 5%, at_least: 2ms}, {match: a, level: 'off'}]}",
        "gate: {rules: [{match: '*:allocations', budget: 0}, {match: a, budget: '1e6'}]}",
        "renamed: {'unit/a.py::f, g': 'unit/tests/a.py::f'}",
        "measure: {rounds: auto, timeout: 1.5h, cooldown: 0s}",
        "measure: {rounds: 5}",
        "report: {html: false, charts: none, comment: never}",
    ],
)
def test_what_the_schema_accepts_loads(
    validator: jsonschema.Draft202012Validator, load_from: Load, text: str
) -> None:
    validator.validate(yaml.safe_load(text))

    load_from(text)


@pytest.mark.parametrize(
    "text",
    [
        "modee: auto",
        "measure: {timeout: 300}",
        "measure: {timeout: 3 parsecs}",
        "measure: {rounds: 0}",
        "gate: {sensitivity: 5}",
        "gate: {rules: [{match: a}]}",
        "gate: {rules: [{threshold: 5%}]}",
        "gate: {rules: [{match: a, budget: 5ms, at_least: 2ms}]}",
        "gate: {rules: [{match: a, budget: -1}]}",
        "renamed: {unit/f: 'unit/f[n=1]'}",
        "benchmarks: [{name: a}]",
        "benchmarks: [{name: a/b, run: x}]",
        "benchmarks: [{name: a, run: x, python: 'a.py:f'}]",
        "benchmarks: [{name: a, run: x, metrics: [speed]}]",
        "benchmarks: [{name: a, run: []}]",
        "benchmarks: [{name: a, python: 'a.py:f', parameters: {n: []}}]",
        "report: {html: 1}",
    ],
)
def test_what_the_schema_refuses_does_not_load(
    validator: jsonschema.Draft202012Validator, complaints: Callable[..., list[str]], text: str
) -> None:
    assert not validator.is_valid(yaml.safe_load(text))

    assert complaints(text)


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in (schema, *schema["$defs"].values()):
        yield from table.get("properties", {}).items()


def test_every_key_has_a_title_and_a_description() -> None:
    schema = json_schema()

    told = dict(properties(schema))
    assert {name for name, key in told.items() if not key.get("description")} == set()
    assert {name for name, key in told.items() if not key.get("title")} == set()
    assert {name.rpartition(".")[2] for name in KEYS} == set(told)


def test_this_projects_own_settings_fit_the_schema(
    validator: jsonschema.Draft202012Validator,
) -> None:
    validator.validate(yaml.safe_load((HOUSE / "perfci.yml").read_text()))


def test_the_generated_files_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, HOUSE / "scripts/generate", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.returncode) == ("", 0)


@pytest.fixture(name="generate")
def _generate() -> ModuleType:
    loader = SourceFileLoader("generate", str(HOUSE / "scripts/generate"))
    spec = importlib.util.spec_from_loader("generate", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_a_stale_file_is_named_and_written_anew(
    generate: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    text = (HOUSE / "docs/settings.md").read_text()
    (tmp_path / "docs/settings.md").write_text(text.replace("| `mode` |", "| `mood` |"))

    assert generate.main(["--check"]) == 1
    assert "action.yml is stale" in capsys.readouterr().out
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    assert (tmp_path / "docs/settings.md").read_text() == text


def test_the_action_has_the_tables_inputs_and_outputs() -> None:
    action = yaml.safe_load((HOUSE / "action.yml").read_text())

    assert list(action["inputs"]) == [item.name for item in INPUTS]
    assert list(action["outputs"]) == list(OUTPUTS)
    assert len(INPUTS) <= 20
    assert action["runs"]["using"] == "docker"
    # a default would always be there, and so beat the settings file
    keys = {item.name: item.key for item in INPUTS}
    filled = [name for name, item in action["inputs"].items() if "default" in item]
    assert filled == ["github-token"]
    assert not any(keys[name] for name in filled)


def test_the_component_hands_every_input_to_its_variable() -> None:
    header, jobs = yaml.safe_load_all(
        (HOUSE / "templates/perf-regression/template.yml").read_text()
    )
    inputs = header["spec"]["inputs"]
    (job,) = jobs.values()

    everywhere = [item for item in INPUTS if not item.github]
    assert list(inputs)[4:] == [item.name for item in everywhere]
    assert all("default" in item for item in inputs.values())
    assert all(
        str(item["default"]) in map(str, item.get("options", [item["default"]]))
        for item in inputs.values()
    )
    for item in everywhere:
        variable = job["variables"][f"INPUT_{item.name.upper().replace('-', '_')}"]
        value = variable["value"] if isinstance(variable, dict) else variable
        assert value == f"$[[ inputs.{item.name} ]]"
    assert job["variables"]["GIT_DEPTH"] == "0"
    assert job["variables"]["INPUT_RUN"]["expand"] is False
    assert job["image"]["entrypoint"] == [""]
    assert job["script"] == ["perfci run"]
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"]["junit"].endswith("/performance_results.xml")
    assert len(job["rules"]) == 2


def test_the_components_defaults_leave_the_settings_as_they_are(load_from: Load) -> None:
    header, _ = yaml.safe_load_all((HOUSE / "templates/perf-regression/template.yml").read_text())
    environ = {
        f"INPUT_{name.upper().replace('-', '_')}": str(item["default"])
        for name, item in header["spec"]["inputs"].items()
    }

    assert load_from(environ=environ).settings == load_from().settings


def test_settings_cost_nothing_where_nobody_asks_for_them() -> None:
    code = "import perfci.settings, sys; assert not {'pydantic', 'yaml'} & set(sys.modules)"

    subprocess.run([sys.executable, "-c", code], cwd=HOUSE, check=True)
