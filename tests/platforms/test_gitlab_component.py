"""The component as GitLab's own rules see it, run by gitlab-ci-local.

It checks the types of inputs as GitLab does, validates the result against GitLab's published
schema, and starts the job on this machine. `.ci/parts` installs it beside the node clients.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.stores.fakes.clients import GITBEAKER, MODULES

HOUSE = Path(__file__).parents[2]
TEMPLATE = HOUSE / "templates/perf-regression/template.yml"
_NODE, _PROGRAM = GITBEAKER[0], Path(MODULES, "gitlab-ci-local/dist/index.js")
_LOCALLY = [_NODE, str(_PROGRAM), "--force-shell-executor"]
_LOCAL = "$CI_SERVER_FQDN/$CI_PROJECT_PATH/perf-regression@$CI_COMMIT_SHA"
_SETTINGS = "benchmarks:\n  - {name: nap, run: [sh, nap.sh]}\nmeasure: {rounds: 8}\n"

needs_runner = pytest.mark.skipif(
    not (_NODE and _PROGRAM.is_file() and shutil.which("rsync")),
    reason="PERFCI_TEST_NODE_MODULES names no folder with gitlab-ci-local, or there is no rsync",
)


class Project:
    """A repository on GitLab that includes the component."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "templates/perf-regression").mkdir(parents=True)
        shutil.copy(TEMPLATE, root / "templates/perf-regression")
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("remote", "add", "origin", "https://gitlab.example.com/group/app.git")
        self.commit(**{"perfci.yml": _SETTINGS, "nap.sh": "sleep 0.02\n"})

    def git(self, *arguments: str) -> str:
        names = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        command = ["git", "-C", str(self.root), *names, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, **files: str) -> str:
        for name, text in files.items():
            (self.root / name).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a change")
        return self.git("rev-parse", "HEAD")

    def includes(self, text: str) -> None:
        (self.root / ".gitlab-ci.yml").write_text(text)

    def with_inputs(self, inputs: Mapping[str, object]) -> None:
        self.includes(yaml.safe_dump({"include": [{"component": _LOCAL, "inputs": {**inputs}}]}))

    def run(self, *arguments: str) -> str:
        """Run gitlab-ci-local; return what it says, without colours."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        # its exit code does not follow `allow_failure:exit_codes`; what it says does
        ended = subprocess.run(
            # GitLab itself says this in every job
            [*_LOCALLY, "--variable", "GITLAB_CI=true", *arguments],
            cwd=self.root,
            env={"PATH": path, "HOME": str(self.root.parent), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return re.sub(r"\x1b\[[0-9;]*m", "", ended.stdout + ended.stderr)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "app")


def examples() -> list[str]:
    text = (HOUSE / "docs/gitlab.md").read_text()
    blocks: list[str] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return [block for block in blocks if block.startswith("include:")]


@needs_runner
@pytest.mark.slow
@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"fail-on": "major", "mode": "paired", "base": "main", "threshold": "7.5 %"},
        {"allowed-exit-code": 2, "max-regressions": "3", "working-directory": "services/api/"},
        {"job-name": "perf: $x [1]", "run": "echo \"$HOME\" 'a'", "threshold": "$LIMIT"},
    ],
)
def test_good_inputs_make_a_pipeline(project: Project, inputs: dict[str, object]) -> None:
    project.with_inputs(inputs)
    said = project.run("--list")
    assert "json schema validated" in said
    assert str(inputs.get("job-name", "perf-regression")) in said


@needs_runner
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fail-on", "huge"),
        ("mode", True),
        ("update-baseline", "sometimes"),
        ("allowed-exit-code", "two"),
        ("allowed-exit-code", 3),
        ("threshold", "much"),
        ("threshold", 5),
        ("max-regressions", "-1"),
        ("working-directory", "services/api"),
        ("image", ["a"]),
    ],
)
def test_a_wrong_input_is_refused_by_name(project: Project, name: str, value: object) -> None:
    project.with_inputs({name: value})
    said = project.run("--list")
    assert f"`{name}` input: " in said
    assert "json schema validated" not in said


@needs_runner
@pytest.mark.slow
def test_this_runner_would_see_a_job_that_gitlab_does_not_take(project: Project) -> None:
    broken = TEMPLATE.read_text().replace("when: always", "when: sometimes")
    (project.root / "templates/perf-regression/template.yml").write_text(broken)
    project.with_inputs({})
    assert "json schema validated" not in project.run("--list")


@needs_runner
@pytest.mark.slow
def test_the_job_measures_and_leaves_every_report_that_it_names(project: Project) -> None:
    project.with_inputs({})
    said = project.run()
    assert "PASS  perf-regression" in said
    _, jobs = yaml.safe_load_all(TEMPLATE.read_text())
    (job,) = jobs.values()
    for place in job["artifacts"]["reports"].values():
        assert (project.root / "perfci-results" / place.rpartition("/")[2]).is_file(), place


@needs_runner
@pytest.mark.slow
@pytest.mark.parametrize(("allowed", "told"), [(0, "FAIL"), (1, "WARN")])
def test_a_slowdown_is_red_or_orange(project: Project, allowed: int, told: str) -> None:
    base = project.git("rev-parse", "HEAD")
    project.commit(**{"nap.sh": "sleep 0.06\n"})
    project.with_inputs({"mode": "paired", "base": base, "allowed-exit-code": allowed})
    said = project.run()
    assert "regression (critical)" in said
    assert re.search(rf"\b{told}\b +perf-regression", said)


@needs_runner
@pytest.mark.slow
@pytest.mark.parametrize(("allowed", "told"), [(0, "FAIL"), (1, "FAIL"), (2, "WARN")])
def test_settings_that_are_wrong_are_another_code(
    project: Project, allowed: int, told: str
) -> None:
    project.commit(**{"perfci.yml": "benchmarkz: []\n"})
    project.with_inputs({"allowed-exit-code": allowed})
    assert re.search(rf"\b{told}\b +perf-regression", project.run())


@needs_runner
@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_every_example_in_the_document_is_a_pipeline(project: Project, number: int) -> None:
    text = re.sub(r"(component: ).*", rf"\1{_LOCAL}", examples()[number])
    project.includes(text)
    said = project.run("--list-all")
    assert "json schema validated" in said
    assert "perf-regression" in said


def test_the_document_has_the_examples_that_are_run() -> None:
    assert len(examples()) == 3


def test_paths_of_artifacts_begin_with_a_name() -> None:
    header, jobs = yaml.safe_load_all(TEMPLATE.read_text())
    (job,) = jobs.values()
    defaults = {name: str(item["default"]) for name, item in header["spec"]["inputs"].items()}

    def filled(text: str) -> str:
        return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: defaults[found[1]], text)

    artifacts = job["artifacts"]
    # GitLab looks a path up as it stands here: `./x/` would be exposed nowhere
    assert [filled(path) for path in artifacts["paths"]] == ["perfci-results/"]
    assert re.fullmatch(r"[A-Za-z0-9 _-]+", artifacts["expose_as"])
    assert {kind: filled(path) for kind, path in artifacts["reports"].items()} == {
        "junit": "perfci-results/performance_results.xml",
        "metrics": "perfci-results/metrics.txt",
        "codequality": "perfci-results/codequality.json",
    }


def test_the_inputs_patterns_take_their_own_defaults() -> None:
    header, _ = yaml.safe_load_all(TEMPLATE.read_text())
    for item in header["spec"]["inputs"].values():
        assert re.search(item.get("regex", ""), str(item["default"]))
        assert item["default"] in item.get("options", [item["default"]])
