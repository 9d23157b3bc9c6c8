"""The pipelines of the page on shards: thin, pinned, and with no more rights than they need."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfci.cli.parser import parse
from perfci.plan.shards import place_of
from perfci.scaffold.files import JENKINS as WHOLE_JENKINS

PAGE = (Path(__file__).parents[2] / "docs/shards.md").read_text()
GITHUB, GITLAB, CIRCLE = (
    yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
)
(JENKINS,) = re.findall(r"```groovy\n(.*?)```", PAGE, re.DOTALL)


def steps(job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = GITHUB["jobs"][job]["steps"]
    return found


def step(job: str, name: str) -> dict[str, Any]:
    (found,) = [it for it in steps(job) if f"{name}@" in it.get("uses", "")]
    return found


def circle(job: str) -> list[str]:
    return [it["run"] for it in CIRCLE["jobs"][job]["steps"] if "run" in it]


def command(line: str) -> list[str]:
    """Return the arguments of the one perfci in a line."""
    (found,) = re.findall(r"^perfci ([^|]+)", line)
    words: list[str] = found.split()
    return words


MEASURE = {
    "gitlab": command(GITLAB["measure"]["script"][0]),
    "jenkins": re.findall(r'perfci\("(run .*?)"\)', JENKINS)[0].split(),
    "circle": command(circle("measure")[0]),
}
GATE = {
    "github": step("gate", "perf-regression")["with"]["args"].split(),
    "gitlab": command(GITLAB["gate"]["script"][0]),
    "jenkins": re.findall(r"perfci\('(gate .*?)'\)", JENKINS)[0].split(),
    "circle": command(circle("gate")[0]),
}


def test_actions_are_pinned_to_a_commit_with_its_version_beside() -> None:
    used = re.findall(r"uses: (.+)", PAGE)
    foreign = [each for each in used if not each.startswith("aicleaner/")]
    assert len(foreign) == 4
    assert all(
        re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in foreign
    )
    assert set(used) - set(foreign) == {"aicleaner/perf-regression@v1"}


def test_every_job_of_a_pipeline_names_the_same_version() -> None:
    images = re.findall(r"(?<![\w/])aicleaner/perf-regression(:\S+)", PAGE)
    assert len(images) == 5
    (tag,) = set(images)
    assert re.fullmatch(r":\d+\.\d+\.\d+", tag)


def test_the_workflow_has_the_least_rights_and_leaves_no_token_behind() -> None:
    assert GITHUB["permissions"] == {}
    assert GITHUB["jobs"]["measure"]["permissions"] == {"contents": "read"}
    gate = {"contents": "read", "pull-requests": "write"}
    assert GITHUB["jobs"]["gate"]["permissions"] == gate
    for name in GITHUB["jobs"]:
        checkout = step(name, "actions/checkout")
        assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_a_shard_that_fails_is_still_named_by_the_gate() -> None:
    measure, gate = GITHUB["jobs"]["measure"], GITHUB["jobs"]["gate"]
    assert measure["strategy"]["fail-fast"] is False
    assert (gate["needs"], gate["if"]) == ("measure", "always()")
    assert step("measure", "upload-artifact")["if"] == "always()"
    assert GITLAB["measure"]["artifacts"]["when"] == "always"
    assert all(rule["when"] == "always" for rule in GITLAB["gate"]["rules"])
    *_, gate = CIRCLE["workflows"]["performance"]["jobs"]
    assert gate["gate"]["requires"] == [{"measure": "terminal"}]
    # what follows a step that fails does not run
    assert circle("measure")[0].endswith("|| true")
    assert "allowEmpty: true" in JENKINS
    assert "returnStatus: true" in JENKINS


def test_every_shard_of_the_matrix_is_measured_and_handed_over_under_its_own_name() -> None:
    job = GITHUB["jobs"]["measure"]
    shards = job["strategy"]["matrix"]["shard"]
    told = [job["env"]["PERFCI_SHARD"].replace("${{ matrix.shard }}", str(it)) for it in shards]
    assert told == [f"{at}/{len(shards)}" for at in range(1, len(shards) + 1)]
    upload = step("measure", "upload-artifact")["with"]
    download = step("gate", "download-artifact")["with"]
    assert upload["path"] == "perfci-results/run.json"
    assert upload["name"] == download["pattern"].replace("*", "${{ matrix.shard }}")
    assert GATE["github"] == ["gate", download["path"]]


@pytest.mark.parametrize(
    ("name", "variable", "first", "variables"),
    [
        ("gitlab", "CI_NODE_INDEX", 1, {"GITLAB_CI": "true", "CI_NODE_TOTAL": "4"}),
        ("circle", "CIRCLE_NODE_INDEX", 0, {"CIRCLECI": "true", "CIRCLE_NODE_TOTAL": "4"}),
        ("jenkins", "{SHARD}", 1, {}),
    ],
)
def test_every_parallel_job_is_a_shard_with_a_folder_of_its_own(
    name: str, variable: str, first: int, variables: dict[str, str]
) -> None:
    folders = []
    for at in range(4):
        number = str(at + first)
        words = [word.replace(f"${variable}", number) for word in MEASURE[name]]
        _, options = parse(words)
        place = place_of(options.shard, {**variables, variable: number})
        assert (place.index, place.count) == (at + 1, 4)
        folders.append(options.output)
    _, options = parse(GATE[name])
    (below,) = options.runs
    assert folders == [f"{below}/{at + first}" for at in range(4)]
    assert GITLAB["measure"]["parallel"] == CIRCLE["jobs"]["measure"]["parallelism"] == 4


def test_on_jenkins_every_shard_is_fetched_and_the_container_gets_what_a_whole_run_gets() -> None:
    values, fetched = re.findall(r"(?:values|shard in \[?)\s*((?:'\d+'(?:, )?)+)", JENKINS)
    assert values == fetched
    told = [re.findall(r"-e ([A-Z_]+)\b(?!=)", text) for text in (JENKINS, WHOLE_JENKINS)]
    assert told[0] == told[1]
