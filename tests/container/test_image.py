"""The image answers 0, 1 and 2 on a mounted repository, under every user that a CI gives it.

`.ci/container` builds the image, names it in PERFCI_TEST_IMAGE and runs this.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.container

WORK = """\
total = 0
for number in range({steps}):
    total += number * number
"""
SETTINGS = """\
benchmarks:
  - name: squares
    run: {argv}
"""
CHANGES = {
    "a comment": {"work.py": "# says more\n" + WORK.format(steps=300_000)},
    "twice the work": {"work.py": WORK.format(steps=600_000)},
    "a misspelt setting": {"perfci.yml": "benchmarkz: []\n"},
}
CALLERS = {
    "GitHub: root on a stranger's files": ["-e", "HOME=/github/home"],
    "Jenkins: a user nobody knows": ["-u", "12345:12345", "-e", "HOME=/tmp"],
    "hardened: nothing but /tmp is writable": ["--read-only", "--tmpfs", "/tmp"],
}


def docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], check=check, capture_output=True, text=True)


@pytest.fixture(scope="module")
def image() -> str:
    name = os.environ.get("PERFCI_TEST_IMAGE")
    if not name:
        # an image takes minutes to build: .ci/run does it once, for all tests of it
        pytest.skip("PERFCI_TEST_IMAGE names no image to test; .ci/container builds one")
    return name


class Toy:
    """A git repository with one benchmark: a Python loop of some 20 ms."""

    def __init__(self, root: Path, image: str) -> None:
        self.root = root
        # no network: whatever a run needs is in the image or in the repository
        self.docker_run = ["run", "--rm", "--network", "none", "-v", f"{root}:{root}"]
        self.image = image
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit(
            {
                "perfci.yml": SETTINGS.format(argv="[python3, work.py]"),
                "work.py": WORK.format(steps=300_000),
            }
        )

    def git(self, *arguments: str) -> None:
        settings = ["-c", "user.name=toy", "-c", "user.email=toy@example.org"]
        subprocess.run(["git", *settings, *arguments], cwd=self.root, check=True)

    def commit(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.root / name).write_text(text)
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "change")

    def owned_by(self, owner: str) -> None:
        chown = ["--entrypoint", "/bin/chown", self.image, "-R", owner, str(self.root)]
        docker(*self.docker_run, *chown)

    def perfci(self, caller: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
        place = ["-w", str(self.root)]
        return docker(*self.docker_run, *place, *caller, self.image, *arguments, check=False)


@pytest.fixture
def toy(tmp_path: Path, image: str) -> Iterator[Toy]:
    toy = Toy(tmp_path / "toy", image)
    yield toy
    # what a container's root made, only a container's root takes away
    toy.owned_by(f"{os.getuid()}:{os.getgid()}")


@pytest.mark.parametrize("caller", CALLERS.values(), ids=CALLERS)
@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        pytest.param("a comment", 0, "squares", id="unchanged"),
        pytest.param("twice the work", 1, "regressed", id="slower"),
        pytest.param("a misspelt setting", 2, "benchmarks", id="bad settings"),
    ],
)
def test_a_mounted_repository_is_judged(
    toy: Toy, caller: list[str], change: str, code: int, says: str
) -> None:
    toy.commit(CHANGES[change])
    # the stranger of GitHub's runner and the user nobody knows
    toy.owned_by("12345:12345" if "-u" in caller else "1001:1001")

    done = toy.perfci(caller, "run", "--base", "HEAD~1", "--mode", "paired")

    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stdout + done.stderr
    if code == 1:
        result = json.loads((toy.root / "perfci-results/result.json").read_text())
        found = [(each["benchmark"], each["blocking"]) for each in result["findings"]]
        assert found == [("squares", True)]


def test_without_arguments_it_runs(toy: Toy) -> None:
    done = toy.perfci([])

    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((toy.root / "perfci-results/result.json").read_text())["mode"] == "record"


def test_a_shell_in_the_image_finds_the_command(image: str) -> None:
    # the way of GitLab, whose runner starts a shell and types the script into it
    done = docker(
        "run",
        "--rm",
        "--network",
        "none",
        "--entrypoint",
        "",
        image,
        "sh",
        "-c",
        "perfci --version",
    )

    assert done.stdout.startswith("perfci ")


def test_a_cancelled_job_ends_at_once_and_in_order(toy: Toy) -> None:
    toy.commit({"perfci.yml": SETTINGS.format(argv='[sleep, "600"]')})
    name = f"perfci-stopped-{os.getpid()}"
    place = ["-w", str(toy.root), "--detach", "--name", name]
    docker(*(each for each in toy.docker_run if each != "--rm"), *place, toy.image)
    try:
        while "sleep" not in docker("exec", name, "sh", "-c", "cat /proc/*/comm; true").stdout:
            time.sleep(0.2)
        docker("stop", "-t", "60", name)
        code = docker("inspect", "--format", "{{.State.ExitCode}}", name).stdout.strip()
        assert code == "2", docker("logs", name).stderr  # 137: it had to be killed
    finally:
        docker("rm", "--force", name)
