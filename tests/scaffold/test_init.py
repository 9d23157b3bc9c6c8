"""`perfci init` writes files that are valid, run as they are, and replace nothing."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfci.scaffold.found import Toolchain
from perfci.scaffold.github import workflow as workflow_text
from perfci.scaffold.place import Place
from perfci.scaffold.second_stage import second_stage
from perfci.scaffold.survey import survey
from tests.command.conftest import App, Run
from tests.scaffold.toys import GO, NODE, PYTEST, SHELL, C


def repository(app: App, files: dict[str, str]) -> None:
    for name, text in files.items():
        app.write(name, text)
    app.commit()


def workflow(app: App, name: str = "performance.yml") -> dict[str, Any]:
    document = yaml.safe_load((app.root / ".github/workflows" / name).read_text())
    assert isinstance(document, dict)
    return document


def used(document: dict[str, Any], job: str) -> list[str]:
    return [step["uses"] for step in document["jobs"][job]["steps"] if "uses" in step]


def test_a_toolchain_of_the_project_runs_on_the_machine_itself(app: App, perfci: Run) -> None:
    repository(app, NODE | {".nvmrc": "22\n"})
    perfci("init", "github")

    steps = workflow(app)["jobs"]["pull-request"]["steps"]

    assert [step["uses"].partition("@")[0] for step in steps] == [
        "actions/checkout",
        "actions/setup-node",
        "aicleaner/perf-regression/native",
        "actions/upload-artifact",
    ]
    assert steps[1]["with"] == {"node-version-file": ".nvmrc"}


def test_python_alone_needs_nothing_that_the_image_lacks(app: App, perfci: Run) -> None:
    repository(app, PYTEST)
    perfci("init", "github")
    assert "aicleaner/perf-regression@v1" in used(workflow(app), "pull-request")


def test_only_the_job_that_keeps_baselines_may_push(app: App, perfci: Run) -> None:
    repository(app, SHELL)
    perfci("init", "github")
    document = workflow(app)

    assert document["permissions"] == {}
    assert document["jobs"]["pull-request"]["permissions"] == {
        "contents": "read",
        "pull-requests": "write",
    }
    assert document["jobs"]["baseline"]["permissions"] == {"contents": "write"}
    assert document["jobs"]["baseline"]["if"] == "github.event_name == 'push'"


def test_tools_whose_command_is_not_known_are_told_and_not_measured(app: App, perfci: Run) -> None:
    timed = "import { Bench } from 'tinybench'\nnew Bench({ time: 500 })\n"
    repository(app, {"package.json": "{}", "bench/a.mjs": timed, "bench/b.js": "1\n"})

    answer = perfci("init", "github")

    assert "not used: tinybench" in answer.out
    assert "b.js" in (app.root / "perfci.yml").read_text()
    assert "a.mjs" not in (app.root / "perfci.yml").read_text()


def test_projects_in_subfolders_are_built_and_measured_where_they_lie(
    app: App, perfci: Run
) -> None:
    parts = {f"web/{name}": text for name, text in NODE.items()}
    repository(app, parts | {"web/package-lock.json": '{"lockfileVersion": 3}'})
    perfci("init", "github")

    settings = yaml.safe_load((app.root / "perfci.yml").read_text())

    assert settings["setup"] == "(cd web && npm ci --no-audit --no-fund)"
    assert (
        settings["benchmarks"][0] | {"run": ["node", "bench/sum.js"], "cwd": "web"}
        == (settings["benchmarks"][0])
    )


def test_a_project_below_the_root_gets_a_workflow_of_its_own(app: App, perfci: Run) -> None:
    repository(app, {f"web/{name}": text for name, text in NODE.items()})

    assert perfci("init", "github", cwd=app.root / "web").code == 0

    assert (app.root / "web/perfci.yml").is_file()
    measuring = workflow(app, "performance-web.yml")["jobs"]["pull-request"]["steps"][2]
    assert measuring["with"]["working-directory"] == "web"


@pytest.mark.parametrize("platform", ["github", "gitlab", "jenkins"])
def test_what_is_there_stays_as_it_is(app: App, perfci: Run, platform: str) -> None:
    files = {
        "perfci.yml": "project: mine\nbenchmarks: [{name: a, run: 'true'}]\n",
        ".github/workflows/performance.yml": "mine\n",
        ".gitlab-ci.yml": "include: [{component: x/perf-regression/perf-regression@1}]\n",
        "Jenkinsfile.performance": "mine\n",
    }
    repository(app, files)

    answer = perfci("init", platform)

    assert answer.code == 2
    assert "--force" in answer.err
    assert app.git("status", "--porcelain") == ""


def test_a_dangling_link_is_there_too(app: App, perfci: Run) -> None:
    (app.root / "perfci.yml").symlink_to("nowhere.yml")
    perfci("init", "github")
    assert (app.root / "perfci.yml").readlink() == Path("nowhere.yml")
    assert not (app.root / "nowhere.yml").exists()


def test_the_pipeline_that_gitlab_has_already_includes_ours(app: App, perfci: Run) -> None:
    repository(app, {".gitlab-ci.yml": "test: {script: [make]}\n", **C})

    answer = perfci("init", "gitlab", "--force")

    assert "add `include: [{local: .gitlab/performance.yml}]` in .gitlab-ci.yml" in answer.out
    assert (app.root / ".gitlab-ci.yml").read_text() == "test: {script: [make]}\n"
    ours = yaml.safe_load((app.root / ".gitlab/performance.yml").read_text())
    assert "cmake" in ours["perf-regression"]["before_script"][1]


def test_settings_elsewhere_are_not_hidden_by_new_ones(app: App, perfci: Run) -> None:
    repository(app, {"perfci.toml": '[[benchmarks]]\nname = "a"\nrun = "true"\n'})
    answer = perfci("init", "github")
    assert answer.code == 0
    assert "kept     perfci.toml" in answer.out
    assert not (app.root / "perfci.yml").exists()


@pytest.mark.parametrize(
    ("platform", "schema"),
    [
        ("github", ["vendor.github-workflows", ".github/workflows/performance.yml"]),
        ("gitlab", ["vendor.gitlab-ci", "--data-transform", "gitlab-ci", ".gitlab-ci.yml"]),
    ],
)
def test_the_pipeline_passes_its_platforms_schema(
    app: App, perfci: Run, platform: str, schema: list[str]
) -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    if not checker.exists():
        # it comes with the extra `dev`, as the linters below do: scripts/check runs this
        pytest.skip("check-jsonschema is not installed")
    repository(app, NODE | PYTEST)
    perfci("init", platform)

    subprocess.run([checker, "--builtin-schema", *schema], cwd=app.root, check=True)


@pytest.mark.parametrize("linter", ["actionlint", "zizmor"])
def test_linters_have_nothing_to_say_about_the_workflows(tmp_path: Path, linter: str) -> None:
    program = Path(sys.executable).parent / linter
    if not program.exists():
        # see above
        pytest.skip(f"{linter} is not installed")
    (tmp_path / "toy/.github/workflows").mkdir(parents=True)
    tools = (survey_of(tmp_path / "node", NODE), survey_of(tmp_path / "go", GO), ())
    texts = [
        workflow_text(each, Place(folder=folder), forks=forks)
        for each in tools
        for folder in ("", "a/b c")
        for forks in (True, False)
    ]
    places = (Place(), Place(folder="a/b c+", project="${{ x }}"))
    for number, text in enumerate([*map(second_stage, places), *texts]):
        (tmp_path / f"toy/.github/workflows/{number}.yml").write_text(text)
    # versions by name, as a file that people are to read and keep; docs/github.md says how to pin
    config = tmp_path / "zizmor.yml"
    config.write_text('rules: {unpinned-uses: {config: {policies: {"*": ref-pin}}}}\n')
    names = sorted(str(path) for path in (tmp_path / "toy/.github/workflows").iterdir())
    more = ["--offline", "--config", str(config)] if linter == "zizmor" else []

    done = subprocess.run([program, *more, *names], check=False, capture_output=True, text=True)

    assert len(names) == 14
    assert done.returncode == 0, done.stdout + done.stderr


def survey_of(root: Path, files: dict[str, str]) -> tuple[Toolchain, ...]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return survey(root).toolchains


def test_the_second_stage_runs_nothing_of_the_pull_request() -> None:
    document = yaml.safe_load(second_stage(Place()))
    job = document["jobs"]["comment"]

    assert document["permissions"] == {}
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert [step["uses"].partition("@")[0] for step in job["steps"]] == [
        "actions/download-artifact",
        "aicleaner/perf-regression",
    ]
    first = yaml.safe_load(workflow_text((), Place(), forks=True))
    assert first["jobs"]["pull-request"]["permissions"] == {"contents": "read"}
    assert document[True]["workflow_run"]["workflows"] == [first["name"]]
