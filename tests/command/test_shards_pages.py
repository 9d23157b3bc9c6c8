"""The pipelines of the page on shards, job by job as their systems run them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command.conftest import App, environment
from tests.platforms.test_gitlab_component import Project, needs_runner

pytestmark = pytest.mark.slow

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs/shards.md").read_text()
PIPELINES = re.findall(r"```(?:yaml|groovy)\n(.*?)```", PAGE, re.DOTALL)
SETTINGS = """\
benchmarks:
  - {name: short, run: sleep 0.01}
  - {name: middle, run: sleep 0.02}
  - {name: long, run: sleep 0.03}
measure: {rounds: 2, warmup: 0}
branches: [main]
"""
DOCKER = """#!/bin/sh
until [ "${1#aicleaner/}" != "$1" ]; do shift; done
"""


class Place:
    """A checkout of the default branch, and programs that stand for what a system brings along."""

    def __init__(self, app: App, programs: Path) -> None:
        app.settings(SETTINGS)
        app.write(".gitignore", ".perfci\nshards\nperfci-results\n")
        self.commit = app.commit()
        self.root = app.root
        self.programs = programs
        programs.mkdir()
        # of the test's own: measurements of parallel tests do not lock each other out
        self.temporary = programs / "tmp"
        self.temporary.mkdir()
        python = f"{sys.executable} -m perfci"
        # of `docker run FLAGS IMAGE ARGUMENTS` the arguments are left
        for name, text in (
            ("perfci", f'#!/bin/sh\nexec {python} "$@"\n'),
            ("docker", f'{DOCKER}shift\nexec {python} "$@"\n'),
        ):
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)

    def run(self, script: str, **variables: str) -> int:
        """Run lines in a shell as the systems do; return the exit code."""
        path = f"{self.programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=self.root,
            env={**environment(TMPDIR=str(self.temporary)), **variables, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=150,
        )
        return done.returncode

    def summary(self) -> dict[str, int]:
        told = json.loads((self.root / "perfci-results/result.json").read_text())
        found: dict[str, int] = told["summary"]
        return found


@pytest.fixture
def place(app: App, tmp_path: Path) -> Place:
    return Place(app, tmp_path / "programs")


def on_github(place: Place) -> Iterator[int]:
    jobs = yaml.safe_load(PIPELINES[0])["jobs"]
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REPOSITORY": "owner/app",
        "GITHUB_SHA": place.commit,
    }
    # as the runner starts the image: no shell, and `args` split at blanks
    start = f"exec {sys.executable} {HOUSE / 'entrypoint.py'}"
    for shard in jobs["measure"]["strategy"]["matrix"]["shard"]:
        told = {name: _at(text, shard) for name, text in jobs["measure"]["env"].items()}
        code = place.run(start, **variables, **told)
        upload = _with(jobs["measure"], "upload-artifact")
        folder = place.root / "shards" / _at(upload["name"], shard)
        folder.mkdir(parents=True)
        shutil.move(place.root / upload["path"], folder)
        yield code
    gate = _with(jobs["gate"], "perf-regression")["args"]
    while True:
        yield place.run(f"set -f; {start} {gate}", **variables)


def _at(text: str, shard: int) -> str:
    return text.replace("${{ matrix.shard }}", str(shard))


def _with(job: Mapping[str, Any], name: str) -> dict[str, str]:
    (found,) = [it["with"] for it in job["steps"] if f"{name}@" in it.get("uses", "")]
    return dict(found)


def on_gitlab(place: Place) -> Iterator[int]:
    jobs = yaml.safe_load(PIPELINES[1])
    variables = {
        "GITLAB_CI": "true",
        "CI_PIPELINE_SOURCE": "push",
        "CI_COMMIT_BRANCH": "main",
        "CI_DEFAULT_BRANCH": "main",
        "CI_COMMIT_SHA": place.commit,
        "CI_PROJECT_PATH": "owner/app",
    }
    count = jobs["measure"]["parallel"]
    for shard in range(1, count + 1):
        told = {"CI_NODE_INDEX": str(shard), "CI_NODE_TOTAL": str(count)}
        yield place.run("\n".join(jobs["measure"]["script"]), **variables, **told)
    while True:
        yield place.run("\n".join(jobs["gate"]["script"]), **variables)


def on_jenkins(place: Place) -> Iterator[int]:
    text = PIPELINES[2]
    (start,) = re.findall(r"script: '''\n(.*?)'''", text, re.DOTALL)
    variables = {
        "JENKINS_URL": "https://ci.example.com/",
        "WORKSPACE": str(place.root),
        "BRANCH_NAME": "main",
        "GIT_COMMIT": place.commit,
    }
    (measure,) = re.findall(r'perfci\("(.*?)"\)', text)
    for shard in re.findall(r"'(\d)'", re.findall(r"values (.*)", text)[0]):
        yield place.run(start + measure.replace("${SHARD}", shard), **variables)
    (gate,) = re.findall(r"perfci\('(.*?)'\)", text)
    while True:
        yield place.run(start + gate, **variables)


def on_circleci(place: Place) -> Iterator[int]:
    jobs = yaml.safe_load(PIPELINES[3])["jobs"]
    variables = {"CIRCLECI": "true", "CIRCLE_BRANCH": "main", "CIRCLE_SHA1": place.commit}
    count = jobs["measure"]["parallelism"]

    def line(job: str) -> str:
        (found,) = [it["run"] for it in jobs[job]["steps"] if "run" in it]
        return str(found)

    for shard in range(count):
        told = {"CIRCLE_NODE_INDEX": str(shard), "CIRCLE_NODE_TOTAL": str(count)}
        environ = jobs["measure"]["environment"]
        yield place.run(line("measure"), **variables, **told, **environ)
    while True:
        yield place.run(line("gate"), **variables, **jobs["gate"]["environment"])


@pytest.mark.parametrize("run", [on_github, on_gitlab, on_jenkins, on_circleci])
def test_every_shard_is_measured_and_the_gate_judges_them_as_one(run: Any, place: Place) -> None:
    jobs = run(place)
    assert [next(jobs) for _ in range(4)] == [0] * 4
    files = list(place.root.glob("shards/*/run.json"))
    assert len(files) == 4
    assert next(jobs) == 0
    assert place.summary()["total"] == 3
    assert len(list(place.root.glob(".perfci/v1/*/branches/*/runs/*"))) == 1

    # and one that is torn on its way is an error
    full = next(it for it in files if json.loads(it.read_text())["measurements"])
    full.write_bytes(full.read_bytes()[:500])
    assert next(jobs) == 2
    assert (place.summary()["total"], place.summary()["failed"]) == (3, 1)


@needs_runner
def test_gitlabs_own_rules_take_the_pipeline_and_run_it(tmp_path: Path) -> None:
    project = Project(tmp_path / "app")
    project.includes(PIPELINES[1])
    # one after the other: here all jobs share a machine
    said = project.run("--concurrency", "1")
    assert "json schema validated" in said
    assert said.count("shard ") >= 4
    assert "PASS   recorded 1 series" in said
