"""docs/python.md: its examples run as they stand, and what it says of small changes is so."""

import asyncio
import json
import os
import re
import shlex
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

import perfci
from perfci.cli.parser import parse
from perfci.errors import ExitCode
from perfci.facade.units import unit_of
from perfci.model.metric import built_in
from tests.command.conftest import environment
from tests.facade.frames import frame, place, quick
from tests.facade.frames import perfci as command
from tests.facade.guide_stage import FOREIGN

__all__ = ["place"]
HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs/python.md").read_text()
README = re.findall(r"```python\n(.*?)```", (HOUSE / "README.md").read_text(), re.DOTALL)
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
FILES = dict(re.findall(r"```python\n# (\S+\.py)\n(.*?)```", PAGE, re.DOTALL))
SNIPPETS = [text for text in BLOCKS if not text.startswith("# performance_tests.py")]
(WORKFLOW,) = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
COMMANDS = re.findall(r"^\$ (.*?)(?:  +#.*)?$", PAGE, re.MULTILINE)
VARIABLE = re.compile(r"\b[A-Z]+_[A-Z_]+\b")
SHORT = {"TEST_ITERATIONS": "5", "WARM_UP_ITERATIONS": "1", "COOLDOWN_SECONDS": "0"}


def rows(head: str) -> list[list[str]]:
    """Return the cells of the table that begins with a heading."""
    _, _, rest = PAGE.partition(f"| {head} |")
    lines = rest.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.fixture(autouse=True)
def _no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith(FOREIGN)]:
        monkeypatch.delenv(name)


@pytest.fixture
def names(place: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return a namespace in which the configuration takes less time."""
    monkeypatch.setattr(perfci, "RegressionTestConfig", lambda **_: quick(test_iterations=6))
    return {}


@pytest.mark.slow
def test_the_first_examples_print_what_the_page_shows(
    names: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    for text in SNIPPETS[:2]:
        exec(text, names)
    kept, found, message = capsys.readouterr().out.splitlines()
    assert kept == "kept"
    assert re.sub(r"\d+", "#", found) == "regressed critical +# %"
    assert "regressed critical +149 %\n" in PAGE
    assert "slower than baseline 2.3" in message
    assert names["result"].is_regression


@pytest.mark.parametrize("text", [text for text in README if "from perfci import" in text])
def test_the_readmes_example_runs(
    names: dict[str, Any], capsys: pytest.CaptureFixture[str], text: str
) -> None:
    exec(text, names)
    assert names["result"].baseline_version == "1.0.0"
    assert names["result"].message in capsys.readouterr().out


@pytest.mark.slow
def test_all_examples_run_one_after_the_other(
    place: Path, names: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main"], check=True)
    for text in SNIPPETS:
        exec(text, names)
    printed = capsys.readouterr().out
    assert "ai_providers was skipped: no language model is named" in printed
    assert names["results"]["summary"]["total_tests"] == 1
    assert names["made"]
    assert names["report"].html_path.is_file()
    assert names["answer"].exit_code == names["verdict"]["exit_code"] == 0
    for text in COMMANDS[3:]:
        done = command(place, *shlex.split(text)[1:])
        assert done.returncode == 0, done.stderr
        assert done.stdout


@pytest.mark.slow
def test_the_pipeline_runs_and_writes_where_the_page_says(place: Path) -> None:
    (job,) = WORKFLOW["jobs"].values()
    (gate,) = [step for step in job["steps"] if "ci_cd_integration" in step.get("run", "")]
    (upload,) = [step for step in job["steps"] if "upload-artifact" in step.get("uses", "")]
    (cache,) = [step for step in job["steps"] if "cache" in step.get("uses", "")]
    (place / "codec.py").write_text("def parse():\n    return sum(range(200_000))\n")
    for name, text in FILES.items():
        (place / name).write_text(text)
    variables = environment(TMPDIR=os.environ["TMPDIR"]) | SHORT | gate["env"]

    done = subprocess.run(
        shlex.split(gate["run"]),
        cwd=place,
        env=variables | {"SLACK_WEBHOOK_URL": ""},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    output = place / upload["with"]["path"]
    assert json.loads((output / "ci_cd_result.json").read_text())["exit_code"] == 0
    assert (output / "reports/report.html").is_file()
    assert (output / "performance_artifacts/performance_results.xml").is_file()
    assert list(output.glob("performance_artifacts_*/performance_results.xml"))
    assert (place / cache["with"]["path"] / "v1").is_dir()
    told = set(re.findall(r"^\| `\w+` \| .* \| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert set(gate["env"]) - {"PERFCI_REGISTER", "PERFCI_STORE", "PERFCI_OUTPUT"} <= told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("baselines", "change"), [(row[0], row[1]) for row in rows("baselines of one version")]
)
def test_a_change_of_the_size_in_the_table_is_found(
    place: Path, baselines: str, change: str
) -> None:
    framework = frame(place, test_iterations=10)
    worse = 1 + int(change.removesuffix(" %")) / 100
    for _ in range(int(baselines)):
        assert asyncio.run(framework.create_baseline("a", "b", "latency", working(0.01)))
    found = asyncio.run(framework.run_regression_test("a", "b", "latency", working(0.01 * worse)))
    assert found.is_regression, found.message


@pytest.mark.slow
def test_memory_is_seen_with_one_baseline_and_a_rate_is_not(place: Path) -> None:
    framework = frame(place)
    outcomes = {}
    for kind, worse in (("memory_usage", 62.5), ("throughput", 20.0)):
        assert asyncio.run(framework.create_baseline("a", "b", kind, lambda: 50.0))
        test = framework.run_regression_test("a", "b", kind, partial(float, worse))
        found = asyncio.run(test)
        outcomes[kind] = found.outcome.value
    assert outcomes == {"memory_usage": "regressed", "throughput": "inconclusive"}


def test_the_test_types_are_all_there_are_with_their_units() -> None:
    told = {
        name: (row[1], row[2])
        for row in rows("test type")
        for name in re.findall(r"`(\w+)`", row[0])
    }
    assert sorted(told) == sorted(each.name for each in perfci.RegressionTestType)
    for name, (unit, better) in told.items():
        metric = built_in(perfci.RegressionTestType[name].value)
        assert metric is not None
        assert unit in {unit_of(metric).name, "0 to 100"}
        assert better == ("lower" if metric.sign > 0 else "higher")


def test_the_components_say_what_they_need_as_the_page_does(place: Path) -> None:
    told = {row[0].strip("`"): set(VARIABLE.findall(row[2])) for row in rows("component")}
    framework = frame(place, enabled_components=["ha_integration", "ai_providers"])
    results = asyncio.run(framework.run_comprehensive_regression_suite())
    found = {
        each["component"]: set(VARIABLE.findall(each["reason"])) for each in results["skipped"]
    }
    assert found == {name: told[name] for name in ("ha_integration", "ai_providers")}


@pytest.mark.parametrize(
    "text", [text for text in COMMANDS if text.startswith(("perfci", "python"))]
)
def test_every_command_is_one_that_there_is(text: str) -> None:
    parse(shlex.split(text.removeprefix("python -m "))[1:])


def test_the_exit_codes_are_told() -> None:
    _, _, told = PAGE.partition("\nExit code 0: ")
    assert [int(code) for code in re.findall(r"\b(\d): ", f"0: {told[:200]}")] == list(ExitCode)


def working(seconds: float) -> Callable[[], None]:
    def work() -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    return work
