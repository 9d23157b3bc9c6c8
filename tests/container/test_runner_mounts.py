"""The image under the mounts and variables of GitHub's own runner, which act does not use."""

import json
import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.container

WORK = "total = 0\nfor number in range({steps}):\n    total += number * number\n"
RUNNER = "1001:1001"


class Runner:
    """A machine of GitHub's: a checkout that belongs to its user, and the folders around it."""

    def __init__(self, place: Path, image: str) -> None:
        self.place = place
        self.image = image
        self.workspace = place / "work"
        self.folders = {
            self.workspace: "/github/workspace",
            place / "home": "/github/home",
            place / "workflow": "/github/workflow",
            place / "commands": "/github/file_commands",
            place / "temp": "/github/runner_temp",
        }
        for folder in self.folders:
            folder.mkdir()
        self.git("init", "-q", "-b", "main")
        settings = "benchmarks:\n  - name: squares\n    run: [python3, work.py]\n"
        (self.workspace / "perfci.yml").write_text(settings)
        self.base = self.commit(300_000)
        self.git("checkout", "-q", "-b", "feature")
        self.head = self.commit(600_000)

    def git(self, *arguments: str) -> str:
        settings = ["-c", "user.name=toy", "-c", "user.email=toy@example.org"]
        command = ["git", *settings, "-C", str(self.workspace), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, steps: int) -> str:
        (self.workspace / "work.py").write_text(WORK.format(steps=steps))
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")
        return self.git("rev-parse", "HEAD")

    def run(self, *more: str, **variables: str) -> subprocess.CompletedProcess[str]:
        pull = {
            "number": 7,
            "head": {"sha": self.head, "ref": "feature", "repo": {"id": 1}},
            "base": {"sha": self.base, "ref": "main"},
        }
        event = {"number": 7, "pull_request": pull, "repository": {"id": 1}}
        (self.place / "workflow/event.json").write_text(json.dumps(event))
        for name in ("output", "summary"):
            (self.place / "commands" / name).touch()
        given = {
            "HOME": "/github/home",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": "/github/workflow/event.json",
            "GITHUB_OUTPUT": "/github/file_commands/output",
            "GITHUB_STEP_SUMMARY": "/github/file_commands/summary",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": "toy/toy",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": self.head,
            "GITHUB_WORKSPACE": "/github/workspace",
            "RUNNER_TEMP": "/github/runner_temp",
        }
        words = ["docker", "run", "--rm", "--network", "none", "--workdir", "/github/workspace"]
        for folder, inside in self.folders.items():
            words += ["-v", f"{folder}:{inside}"]
        for name, value in (given | variables).items():
            words += ["-e", f"{name}={value}"]
        # names with a hyphen, as the runner makes them; no shell could pass them on
        words += ["-e", "INPUT_FAIL-ON=critical", "-e", "INPUT_OUTPUT-DIR=out", *more, self.image]
        return subprocess.run(words, check=False, capture_output=True, text=True)

    def owned_by(self, owner: str) -> None:
        words = [
            "docker",
            "run",
            "--rm",
            "-v",
            f"{self.place}:/place",
            "--entrypoint",
            "/bin/chown",
        ]
        subprocess.run([*words, self.image, "-R", owner, "/place"], check=True)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    image = os.environ.get("PERFCI_TEST_IMAGE")
    if not image:
        # an image takes minutes to build: .ci/run does it once, for all tests of it
        pytest.skip("PERFCI_TEST_IMAGE names no image to test; .ci/container builds one")
    return Runner(tmp_path, image)


def test_the_runners_mounts_and_inputs_are_what_the_action_takes(runner: Runner) -> None:
    runner.owned_by(RUNNER)
    try:
        done = runner.run()
        files = [*runner.workspace.rglob("out/*")]
        owners = {f"{path.stat().st_uid}:{path.stat().st_gid}" for path in files}
    finally:
        runner.owned_by(f"{os.getuid()}:{os.getgid()}")

    # twice the work is critical at most by chance: the input with the hyphen was read
    result = json.loads((runner.workspace / "out/result.json").read_text())
    assert done.returncode == result["exit_code"], done.stdout + done.stderr
    assert result["findings"][0]["outcome"] == "regressed"
    assert result["base"]["commit"] == runner.base
    assert owners == {RUNNER}
    assert "got slower" in (runner.workspace / "out/comment.md").read_text()
    assert "squares" in (runner.place / "commands/summary").read_text()
    assert "result-path<<" in (runner.place / "commands/output").read_text()


def test_a_user_whom_nobody_knows_on_a_root_that_cannot_be_written(runner: Runner) -> None:
    nobody = "12345:12345"
    runner.owned_by(nobody)
    try:
        done = runner.run("-u", nobody, "--read-only", "--tmpfs", "/tmp", HOME="/tmp")
    finally:
        runner.owned_by(f"{os.getuid()}:{os.getgid()}")

    result = json.loads((runner.workspace / "out/result.json").read_text())
    assert done.returncode == result["exit_code"] != 2, done.stdout + done.stderr
    assert result["mode"] == "paired"
