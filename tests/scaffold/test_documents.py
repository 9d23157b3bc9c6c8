"""docs/github.md shows what `perfci init` writes."""

import re
from pathlib import Path

import yaml

from perfci.scaffold.found import Toolchain
from perfci.scaffold.github import workflow
from perfci.scaffold.place import Place
from perfci.scaffold.second_stage import second_stage

PAGE = (Path(__file__).parents[2] / "docs/github.md").read_text()


def test_the_second_stage_of_the_page_is_the_one_that_is_written() -> None:
    assert second_stage(Place()) in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_steps_of_the_page_begin_as_the_written_ones() -> None:
    node = Toolchain(action="actions/setup-node@v6", options=(("node-version", "22"),))
    written = yaml.safe_load(workflow((node,), Place(), forks=False))
    shown = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])["steps"]

    assert shown[:2] == written["jobs"]["pull-request"]["steps"][:2]
    assert shown[2]["uses"] == written["jobs"]["pull-request"]["steps"][2]["uses"]
    assert shown[2]["with"] == written["jobs"]["pull-request"]["steps"][2]["with"]
