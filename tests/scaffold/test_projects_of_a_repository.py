"""Two projects of one repository share no comment, no baseline, no artifact and no second stage."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfci.scaffold.files import gitlab, jenkins
from perfci.scaffold.found import Toolchain
from perfci.scaffold.github import workflow
from perfci.scaffold.place import Place
from perfci.scaffold.second_stage import second_stage
from perfci.settings.environment import from_environ
from tests.command.conftest import App, Run
from tests.scaffold.test_pipeline_text import meaning

# each starts perfci once or twice
pytestmark = pytest.mark.slow

WORKFLOWS = Path(".github/workflows")


def projects(app: App, *folders: str) -> None:
    for folder in folders:
        app.write(f"{folder}/bench/sort.js", "1\n")
        app.write(f"{folder}/package.json", "{}")
    app.commit()


def read(path: Path) -> dict[Any, Any]:
    document = yaml.safe_load(path.read_text())
    assert isinstance(document, dict)
    return document


def named(document: dict[Any, Any], action: str) -> dict[str, Any]:
    """Return the step of the first job that uses an action."""
    steps = next(iter(document["jobs"].values()))["steps"]
    found = next(step for step in steps if step.get("uses", "").startswith(action))
    assert isinstance(found, dict)
    return found


def test_each_is_measured_and_told_under_a_name_of_its_own(app: App, perfci: Run) -> None:
    projects(app, "a", "services/b")

    for folder in ("a", "services/b"):
        assert perfci("init", "github", "--forks", cwd=app.root / folder).code == 0

    for folder, name in (("a", "a"), ("services/b", "services-b")):
        assert read(app.root / folder / "perfci.yml")["project"] == folder
        first = read(app.root / WORKFLOWS / f"performance-{name}.yml")
        second = read(app.root / WORKFLOWS / f"performance-comment-{name}.yml")
        assert first["name"] == f"performance ({folder})"
        assert second["name"] == f"performance comment ({folder})"
        assert second[True]["workflow_run"]["workflows"] == [first["name"]]
        artifact = named(first, "actions/upload-artifact")["with"]["name"]
        assert artifact == f"perfci-results-{name}"
        assert named(second, "actions/download-artifact")["with"]["name"] == artifact
        assert named(second, "aicleaner")["env"] == {"PERFCI_PROJECT": folder}
        assert f"-{folder}-" in second["concurrency"]["group"]
        # branch protection asks for a job by this name
        assert first["jobs"]["pull-request"]["name"] == f"pull-request ({folder})"


@pytest.mark.parametrize("folder", ["2024", "true", "c++", "my app", "-x", "\U0001d49c"])
def test_a_folder_is_a_project_whatever_its_name(app: App, perfci: Run, folder: str) -> None:
    projects(app, folder)
    answer = perfci("init", "github", "--forks", cwd=app.root / folder)
    assert (answer.code, answer.err) == (0, "")

    (second,) = (app.root / WORKFLOWS).glob("performance-comment-*.yml")
    told = named(read(second), "aicleaner")["env"]["PERFCI_PROJECT"]

    assert told == folder
    assert read(app.root / folder / "perfci.yml")["project"] == folder
    # the second stage hears it as it was written
    assert from_environ({"PERFCI_PROJECT": told}).tree == {"project": folder}


@pytest.mark.parametrize("folder", ["c++", "a+b", "a/b c"])
def test_a_second_stage_listens_to_that_workflow_alone(folder: str) -> None:
    place = Place(folder=folder)
    first = yaml.safe_load(workflow((), place, forks=True))["name"]
    (pattern,) = yaml.safe_load(second_stage(place))[True]["workflow_run"]["workflows"]

    # GitHub reads these names as it reads the filters for branches
    assert meaning(pattern).fullmatch(first)
    assert not meaning(pattern).fullmatch("performance (cc)")
    assert not meaning(pattern).fullmatch("performance (aab)")


def test_a_project_that_the_settings_name_is_the_second_stages(app: App, perfci: Run) -> None:
    app.settings("project: 'shop: ${{ github.actor }}'\nbenchmarks: [{name: a, run: 'true'}]\n")
    perfci("init", "github", "--forks")

    second = read(app.root / WORKFLOWS / "performance-comment.yml")

    # as GitHub reads it: a literal in an expression
    told = named(second, "aicleaner")["env"]["PERFCI_PROJECT"]
    assert told.replace("${{ '${{' }}", "${{") == "shop: ${{ github.actor }}"
    assert told.count("${{ '${{' }}") == 1


def test_the_project_of_the_whole_repository_needs_no_name(app: App, perfci: Run) -> None:
    projects(app, "web")
    perfci("init", "github", "--forks")
    second = read(app.root / WORKFLOWS / "performance-comment.yml")
    assert "env" not in named(second, "aicleaner")
    assert "project" not in read(app.root / "perfci.yml")


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("perfci.yml", "benchmarks: [{name: a, run: 'true'}]\n", 'project: "a"'),
        ("perfci.toml", "[[benchmarks]]\nname = 'a'\nrun = 'true'\n", 'project = "a"'),
    ],
)
def test_settings_below_the_root_that_name_no_project_are_told_the_line(
    app: App, perfci: Run, name: str, text: str, line: str
) -> None:
    app.write(f"a/{name}", text)
    app.commit()

    answer = perfci("init", "github", cwd=app.root / "a")

    assert answer.code == 0
    assert f"{name} names no project" in answer.out
    assert f"           {line}\n" in answer.out
    assert (app.root / "a" / name).read_text() == text


def test_they_are_told_it_where_nothing_else_is_to_do(app: App, perfci: Run) -> None:
    app.write("a/perfci.yml", "benchmarks: [{name: a, run: 'true'}]\n")
    path = WORKFLOWS / "performance-a.yml"
    app.write(str(path), workflow((), Place(folder="a"), forks=False))

    answer = perfci("init", "github", cwd=app.root / "a")

    assert answer.code == 2
    assert 'project: "a"' in answer.err


def test_settings_below_the_root_with_a_project_keep_it(app: App, perfci: Run) -> None:
    app.write("a/perfci.yml", "project: shop\nbenchmarks: [{name: a, run: 'true'}]\n")
    answer = perfci("init", "github", "--forks", cwd=app.root / "a")

    second = read(app.root / WORKFLOWS / "performance-comment-a.yml")

    assert named(second, "aicleaner")["env"] == {"PERFCI_PROJECT": "shop"}
    assert "names no project" not in answer.out


def test_a_hidden_folder_is_the_place_that_it_is(app: App, perfci: Run) -> None:
    projects(app, ".tools")
    perfci("init", "github", cwd=app.root / ".tools")
    (path,) = (app.root / WORKFLOWS).iterdir()
    assert named(read(path), "aicleaner")["with"]["working-directory"] == ".tools"


def test_on_gitlab_each_has_a_job_and_a_file_of_its_own(app: App, perfci: Run) -> None:
    projects(app, "b")
    app.write(".gitlab-ci.yml", gitlab((), Place(folder="a")))

    second = perfci("init", "gitlab", cwd=app.root / "b")

    assert "wrote    perfci.yml and .gitlab/performance-b.yml" in second.out
    assert "add `{local: .gitlab/performance-b.yml}` to `include` in .gitlab-ci.yml" in second.out
    for path, folder in ((".gitlab-ci.yml", "a"), (".gitlab/performance-b.yml", "b")):
        document = read(app.root / path)
        inputs = document["include"][0]["inputs"]
        assert inputs == {
            "job-name": f"perf-regression-{folder}",
            "working-directory": f"{folder}/",
        }


def test_on_gitlab_the_file_that_measures_it_is_the_projects_own(app: App, perfci: Run) -> None:
    app.write("a/perfci.yml", "project: a\nbenchmarks: [{name: a, run: 'true'}]\n")
    app.write(".gitlab-ci.yml", gitlab((), Place(folder="a")))
    answer = perfci("init", "gitlab", cwd=app.root / "a")
    assert (answer.code, ".gitlab-ci.yml" in answer.err) == (2, True)


def test_on_gitlab_tools_are_added_to_the_job_of_the_project() -> None:
    document = yaml.safe_load(gitlab((Toolchain(packages=("cargo",)),), Place(folder="a/b c")))
    assert set(document) == {"include", "perf-regression-a-b-c"}
    assert document["include"][0]["inputs"]["job-name"] == "perf-regression-a-b-c"


def shell_of(text: str, folder: Path, docker: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a Jenkinsfile as Jenkins does, with a program called docker."""
    (folder / "docker").write_text(f"#!/bin/sh\n{docker}")
    (folder / "docker").chmod(0o755)
    script = text.split("'''")[1].replace("\\\\", "\\")
    (folder / "script.sh").write_text(script)
    environ = {"PATH": f"{folder}:/usr/bin:/bin", "WORKSPACE": str(folder)}
    return subprocess.run(
        ["sh", "-xe", "script.sh"],
        cwd=folder,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )


def test_on_jenkins_no_image_of_another_project_is_run(tmp_path: Path) -> None:
    text = jenkins((Toolchain(packages=("cargo",)),), Place(folder="a"))
    builds = 'if [ "$1" = build ]; then cat >&2; echo sha256:1; else echo "$@"; fi\n'

    done = shell_of(text, tmp_path, builds)

    assert done.stdout.split()[-2:] == ["sha256:1", "run"]
    assert f"-w {tmp_path}/a " in done.stdout
    assert "FROM aicleaner/perf-regression\n" in done.stderr


def test_on_jenkins_an_image_that_cannot_be_built_is_no_regression(tmp_path: Path) -> None:
    text = jenkins((Toolchain(packages=("cargo",)),), Place())
    assert shell_of(text, tmp_path, "exit 1\n").returncode == 2
