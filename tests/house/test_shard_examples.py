"""The pipelines of the page on shards: thin, pinned, and with no more rights than they need."""

import re
from pathlib import Path
from typing import Any

import yaml

from perfci.cli.parser import parse
from perfci.plan.shards import place_of

PAGE = (Path(__file__).parents[2] / "docs/shards.md").read_text()
GITHUB, GITLAB = (
    yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
)


def steps(job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = GITHUB["jobs"][job]["steps"]
    return found


def commands(lines: list[str]) -> list[list[str]]:
    return [line.split()[1:] for line in lines if line.startswith("perfci ")]


def test_actions_are_pinned_to_a_commit_with_its_version_beside() -> None:
    used = re.findall(r"uses: (.+)", PAGE)
    assert len(used) == 4
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)


def test_the_workflow_has_the_least_rights_and_leaves_no_token_behind() -> None:
    assert GITHUB["permissions"] == {}
    for name, job in GITHUB["jobs"].items():
        assert job["permissions"] == {"contents": "read"}
        (checkout,) = [it for it in steps(name) if "checkout@" in it.get("uses", "")]
        assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_a_shard_that_fails_is_still_named_by_the_gate() -> None:
    measure, gate = GITHUB["jobs"]["measure"], GITHUB["jobs"]["gate"]
    assert measure["strategy"]["fail-fast"] is False
    assert (gate["needs"], gate["if"]) == ("measure", "always()")
    (upload,) = [it for it in steps("measure") if "upload-artifact@" in it.get("uses", "")]
    assert upload["if"] == "always()"
    assert GITLAB["measure"]["artifacts"]["when"] == "always"
    assert all(rule["when"] == "always" for rule in GITLAB["gate"]["rules"])


def test_every_shard_of_the_matrix_is_measured_and_handed_over_under_its_own_name() -> None:
    shards = GITHUB["jobs"]["measure"]["strategy"]["matrix"]["shard"]
    (line,) = [it["run"] for it in steps("measure") if "--shard" in it.get("run", "")]
    (upload,) = [it["with"] for it in steps("measure") if "upload-artifact@" in it.get("uses", "")]
    (download,) = [it["with"] for it in steps("gate") if "download-artifact@" in it.get("uses", "")]
    for shard in shards:
        _, options = parse(line.replace("${{ matrix.shard }}", str(shard)).split()[1:])
        place = place_of(options.shard, {})
        assert (place.index, place.count) == (shard, len(shards))
        assert upload["path"].replace("${{ matrix.shard }}", str(shard)) == (
            f"{options.output}/run.json"
        )
    assert "${{ matrix.shard }}" in upload["name"]
    assert upload["name"].startswith(download["pattern"].removesuffix("*"))


def test_every_command_is_one_that_there_is() -> None:
    github = [it["run"] for job in GITHUB["jobs"] for it in steps(job) if "run" in it]
    gitlab = [line for job in GITLAB.values() for line in job["script"]]
    found = commands([*github, *gitlab])
    assert len(found) == 4
    for words in found:
        parse([word for word in words if "{{" not in word and "}}" not in word])
    (line,) = [it for it in gitlab if "--shard auto" in it]
    assert line.endswith("$CI_NODE_INDEX")
