"""What the README shows is what there is."""

import re
from pathlib import Path

import yaml

from perfci.cli.verbs import VERBS
from perfci.scaffold.files import GITLAB
from perfci.scaffold.github import workflow
from perfci.scaffold.place import Place

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def of(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def test_the_pipelines_are_those_that_init_writes() -> None:
    written = yaml.safe_load(workflow((), Place(), forks=False))["jobs"]["pull-request"]
    (shown,) = [yaml.safe_load(text) for text in of("yaml") if "jobs:" in text]
    job = shown["jobs"]["perf-regression"]
    assert [step["uses"] for step in job["steps"]] == [it["uses"] for it in written["steps"][:2]]
    assert shown["permissions"] == written["permissions"]
    assert [text for text in of("yaml") if "include:" in text] == [GITLAB]


def test_the_commands_of_the_table_are_all_there_are() -> None:
    table = README.split("## Commands")[1].split("\n\n")[1]
    assert {verb.name for verb in VERBS} == set(re.findall(r"`perfci (\w+)", table))


def test_the_first_screen_has_the_promise_the_report_and_the_set_up() -> None:
    first = README[: README.index("## ")]
    assert "docs/report.png" in first
    assert "uses: aicleaner/perf-regression@v1" in first
    assert "| exit code | means |" in first
