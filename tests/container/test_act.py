"""GitHub's workflows as act runs them: the built action, the native one, and what init writes.

`.ci/parts` names act in PERFCI_TEST_ACT, `.ci/container` the built image in PERFCI_TEST_IMAGE. act
checks the workspace out by itself and does not upload; a stub stands for actions/upload-artifact.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.container, pytest.mark.timeout(600)]

HOUSE = Path(__file__).parents[2]
SHIPPED = ("pyproject.toml", "README.md", "LICENSE", "entrypoint.py", "scripts", "perfci", "native")
WORK = "total = 0\nfor number in range({steps}):\n    total += number * number\n"
SETTINGS = "benchmarks:\n  - name: squares\n    run: [python3, work.py]\n"
WORKFLOW = """\
on: [push, pull_request]
jobs:
  perf:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: {action}
        id: perf
{inputs}
      - if: always()
        env: {{ALL: "${{{{ toJSON(steps.perf.outputs) }}}}"}}
        run: printf '%s' "$ALL" > "$OUT/outputs.json"; cp -r perfci-results .perfci "$OUT" || true
"""
STUB = """\
name: stub
description: stands for the step that uploads
inputs: {name: {}, path: {}, if-no-files-found: {}, include-hidden-files: {}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", FROM: "${{ inputs.path }}"}
      run: mkdir -p "$OUT/uploaded/$NAME" && cp -r "$FROM/." "$OUT/uploaded/$NAME"
"""


def named(variable: str) -> str:
    found = os.environ.get(variable)
    if not found:
        # an image takes minutes to build: .ci/run does it once, for all tests of it
        pytest.skip(f"{variable} is not set; .ci/parts and .ci/container say it")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How a job that act ran ended, and what it left."""

    code: int
    log: str
    outputs: dict[str, str]


class Toy:
    """A repository with one benchmark, a remote that can be pushed to, and its events."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.root = place / "toy"
        self.remote = place / "remote.git"
        self.out = place / "out"
        self.root.mkdir()
        subprocess.run(["git", "init", "-q", "--bare", str(self.remote)], check=True)
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", str(self.remote))
        self.write("perfci.yml", SETTINGS)
        self.commit(steps=300_000)

    def git(self, *arguments: str) -> str:
        settings = ["-c", "user.name=toy", "-c", "user.email=toy@example.org"]
        done = subprocess.run(
            ["git", *settings, *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self, *, steps: int) -> str:
        self.write("work.py", WORK.format(steps=steps))
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")
        return self.git("rev-parse", "HEAD")

    def event(self, name: str, base: str = "") -> Path:
        repository = {"id": 1, "full_name": "toy/toy", "default_branch": "main"}
        head = self.git("rev-parse", "HEAD")
        payload: dict[str, Any] = {"repository": repository}
        if name == "push":
            payload |= {"ref": "refs/heads/main", "before": "0" * 40, "after": head}
        else:
            mine = {"sha": head, "ref": "feature", "repo": {"id": 1}}
            pull = {"number": 7, "head": mine, "base": {"sha": base, "ref": "main"}}
            payload |= {"action": "synchronize", "number": 7, "pull_request": pull}
        path = self.place / f"{name}.json"
        path.write_text(json.dumps(payload))
        return path

    def act(self, event: str, *more: str, base: str = "") -> Job:
        home = self.place / "home"
        home.mkdir(exist_ok=True)
        # all that act fetches or keeps lies in a folder of the test's own
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PERFCI_")}
        variables = kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
        command = [named("PERFCI_TEST_ACT"), event, "--eventpath", str(self.event(event, base))]
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        flags = ["--network", "host", "--pull=false", "--no-cache-server", "--rm"]
        flags += ["--env", f"OUT={self.out}"]
        flags += ["--container-options", f"-v {self.out}:{self.out}"]
        secret = ["-s", "GITHUB_TOKEN=tok_abcdef_0123456789"]
        done = subprocess.run(
            [*command, *flags, *secret, *more],
            cwd=self.root,
            env=variables,
            check=False,
            capture_output=True,
            text=True,
        )
        told = self.out / "outputs.json"
        outputs = json.loads(told.read_text()) if told.exists() else {}
        return Job(code=done.returncode, log=done.stdout + done.stderr, outputs=outputs)

    def result(self) -> dict[str, Any]:
        document = json.loads(next(self.out.rglob("result.json")).read_text())
        assert isinstance(document, dict)
        return document

    def shipped(self) -> tuple[str, ...]:
        """Return the flags by which the action's own address leads to this very tree."""
        copy, stub = self.place / "action", self.place / "stub"
        copy.mkdir()
        for name in SHIPPED:
            source = HOUSE / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, copy / name)
        stub.mkdir()
        (stub / "action.yml").write_text(STUB)
        return (
            "--local-repository",
            f"aicleaner/perf-regression@v1={copy}",
            "--local-repository",
            f"actions/upload-artifact@v7={stub}",
            "--platform",
            "ubuntu-latest=-self-hosted",
        )


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path)


def test_a_push_records_and_a_slower_pull_request_turns_red(toy: Toy) -> None:
    image = named("PERFCI_TEST_IMAGE")
    action = (HOUSE / "action.yml").read_text()
    toy.write("action/action.yml", action.replace("image: Dockerfile", f"image: docker://{image}"))
    toy.write(".github/workflows/perf.yml", WORKFLOW.format(action="./action", inputs=""))
    base = toy.commit(steps=300_000)
    platform = ("--platform", f"ubuntu-latest={image}")

    pushed = toy.act("push", *platform)

    assert pushed.code == 0, pushed.log
    assert toy.result()["mode"] == "record"
    assert list((toy.out / ".perfci/v1").rglob("runs/*.json.gz"))

    toy.git("checkout", "-q", "-b", "feature")
    toy.commit(steps=600_000)
    judged = toy.act("pull_request", *platform, base=base)

    assert judged.code == 1, judged.log
    assert (toy.result()["mode"], toy.result()["base"]["commit"]) == ("paired", base)
    assert judged.outputs["verdict"] == "fail"
    assert judged.outputs["exit-code"] == "1"
    assert judged.outputs["regressions"] == "1"
    comment = (toy.out / "perfci-results/comment.md").read_text()
    assert "got slower" in comment
    assert "Summary - <!-- perfci" in judged.log  # as act shows what the page of the job would
    assert "tok_abcdef" not in judged.log


def test_the_native_action_does_the_same_on_the_machine_itself(toy: Toy) -> None:
    native = "aicleaner/perf-regression/native@v1"
    toy.write(".github/workflows/perf.yml", WORKFLOW.format(action=native, inputs=""))
    base = toy.commit(steps=300_000)
    flags = toy.shipped()

    pushed = toy.act("push", *flags)

    assert pushed.code == 0, pushed.log
    assert pushed.outputs["verdict"] == "pass"

    toy.git("checkout", "-q", "-b", "feature")
    toy.commit(steps=600_000)
    judged = toy.act("pull_request", *flags, base=base)

    assert judged.code == 1, judged.log
    assert judged.outputs["verdict"] == "fail"
    assert "got slower" in (toy.out / "perfci-results/comment.md").read_text()


def test_what_init_writes_runs_as_it_is(toy: Toy) -> None:
    (toy.root / "perfci.yml").unlink()
    toy.write("package.json", "{}")
    toy.write("bench/sum.js", "let s = 0; for (let i = 0; i < 1e7; i++) s += i; console.log(s);\n")
    init = [sys.executable, "-m", "perfci", "init", "github"]
    subprocess.run(init, cwd=toy.root, check=True, capture_output=True)
    base = toy.commit(steps=1)
    flags = toy.shipped()
    # the machine has node: what brings another is no part of this test
    (toy.place / "node").mkdir()
    (toy.place / "node/action.yml").write_text(
        "name: node\ndescription: none\ninputs: {node-version: {}}\n"
        "runs: {using: composite, steps: [{shell: bash, run: 'true'}]}\n"
    )
    flags = (*flags, "--local-repository", f"actions/setup-node@v6={toy.place / 'node'}")

    pushed = toy.act("push", *flags)

    assert pushed.code == 0, pushed.log
    branches = subprocess.run(
        ["git", "for-each-ref", "--format=%(refname)", "refs/heads"],
        cwd=toy.remote,
        check=True,
        capture_output=True,
        text=True,
    )
    assert branches.stdout.split() == ["refs/heads/perfci-data"]

    toy.git("checkout", "-q", "-b", "feature")
    toy.write("bench/sum.js", "let s = 0; for (let i = 0; i < 4e7; i++) s += i; console.log(s);\n")
    toy.commit(steps=1)
    judged = toy.act("pull_request", *flags, base=base)

    assert judged.code == 1, judged.log
    assert toy.result()["findings"][0]["key"] == "node/sum:latency"
    assert (toy.out / "uploaded/perfci-results/report.html").is_file()
