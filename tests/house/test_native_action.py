"""The native action: the same to its users as the other, and safe with whatever it is given."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfci.settings.inputs import INPUTS
from perfci.stores.artifact.reading import marked

HOUSE = Path(__file__).parents[2]
NATIVE = HOUSE / "native"


def action(path: Path) -> dict[str, Any]:
    document = yaml.safe_load(path.read_text())
    assert isinstance(document, dict)
    return document


def steps() -> list[dict[str, Any]]:
    found = action(NATIVE / "action.yml")["runs"]["steps"]
    assert isinstance(found, list)
    return found


def test_both_actions_have_the_same_inputs_and_outputs() -> None:
    one, other = action(HOUSE / "action.yml"), action(NATIVE / "action.yml")

    assert one["inputs"] == other["inputs"]
    assert {name: told["description"] for name, told in other["outputs"].items()} == {
        name: told["description"] for name, told in one["outputs"].items()
    }


def test_every_input_reaches_perfci_and_none_a_script() -> None:
    given = steps()[0]["env"]

    for item in INPUTS:
        assert given[item.variables[1]] == f"${{{{ inputs.{item.name} }}}}"
    assert not any("${{" in step.get("run", "") for step in steps())


def test_the_schema_of_actions_holds() -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    if not checker.exists():
        # the README's two commands install the extra `test` alone; scripts/check has `dev`
        pytest.skip("check-jsonschema is not installed")
    paths = [HOUSE / "action.yml", NATIVE / "action.yml"]
    subprocess.run([checker, "--builtin-schema", "vendor.github-actions", *paths], check=True)


def left(workspace: Path, result: str, **variables: str) -> dict[str, str]:
    """Run the step that looks for what a store left; return its outputs."""
    told = workspace.parent / "outputs"
    told.touch()
    given = {"GITHUB_WORKSPACE": str(workspace), "GITHUB_OUTPUT": str(told), "RESULT": result}
    command = ["bash", str(NATIVE / "left.sh")]
    subprocess.run(command, env={"PATH": os.environ["PATH"], **given, **variables}, check=True)
    return dict(line.split("=", 1) for line in told.read_text().splitlines())


def store(folder: Path, name: str) -> None:
    for path, data in marked({"v1/a.json.gz": b"x"}, name, [7]).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@pytest.mark.parametrize("name", ["perf", "a b & c's (1) {x} é%", "x=y"])
def test_what_a_store_left_is_found_under_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "work space/out/perfci-store"
    store(folder, name)
    found = left(tmp_path / "work space", "out/result.json")
    assert found == {"name": name, "path": str(folder)}


def test_a_rerun_uploads_under_a_name_of_its_own(tmp_path: Path) -> None:
    store(tmp_path / "w/out/perfci-store", "perf")
    found = left(tmp_path / "w", "out/result.json", GITHUB_RUN_ATTEMPT="3")
    assert found["name"] == "perf-3"


def test_what_was_written_beside_settings_above_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "w/web/out/perfci-store"
    store(folder, "perf")
    (tmp_path / "w/web/app").mkdir()
    found = left(tmp_path / "w", "out/result.json", INPUT_WORKING_DIRECTORY="web/app")
    assert found["path"] == str(folder)


@pytest.mark.parametrize("result", ["", "out/result.json", "/nowhere/result.json"])
def test_where_nothing_was_left_nothing_is_uploaded(tmp_path: Path, result: str) -> None:
    (tmp_path / "w").mkdir()
    assert left(tmp_path / "w", result) == {}


def test_a_forged_mark_names_no_output_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "w/out/perfci-store"
    folder.mkdir(parents=True)
    (folder / "perfci-artifact.json").write_text('{"name": "a\rpath=/etc"}\n{"name": "\\"x"}\n')
    assert left(tmp_path / "w", "out/result.json") == {}


def test_without_a_python_that_fits_it_says_which_step_brings_one(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("uname", "bash"):
        (tools / name).symlink_to(f"/bin/{name}")
    old = tools / "python3"
    old.write_text("#!/bin/sh\n[ $# -eq 1 ] && echo Python 3.8.1\nexit 1\n")
    old.chmod(0o755)
    script = (NATIVE / "measure.sh").read_text().replace("/usr/bin/python3", "/nowhere/python3")
    (tmp_path / "measure.sh").write_text(script)
    told = tmp_path / "outputs"

    done = subprocess.run(
        ["/bin/bash", str(tmp_path / "measure.sh")],
        env={"PATH": str(tools), "GITHUB_OUTPUT": str(told), "RUNNER_TEMP": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert "Python 3.8.1" in done.stdout
    assert "actions/setup-python" in done.stdout
    assert told.read_text().splitlines() == ["verdict=error", "exit-code=2"]
