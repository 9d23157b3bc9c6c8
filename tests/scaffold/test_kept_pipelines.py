"""A pipeline file that stays, and does not run perfci, is told as what it is."""

import os

import pytest
import yaml

from perfci.scaffold.github import workflow
from perfci.scaffold.kept import components, runs_perfci
from perfci.scaffold.place import Place
from tests.command.conftest import App, Run

# each starts perfci once or twice
pytestmark = pytest.mark.slow

LINT = "name: lint\non: push\njobs: {lint: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"
FIRST = ".github/workflows/performance.yml"
SECOND = ".github/workflows/performance-comment.yml"
OURS = workflow((), Place(), forks=False)
SETTINGS = "benchmarks: [{name: a, run: 'true'}]\n"


@pytest.mark.parametrize(
    ("platform", "path", "text"),
    [
        ("github", FIRST, LINT),
        ("gitlab", ".gitlab/performance.yml", "lint: {script: make}\n"),
        ("jenkins", "Jenkinsfile.performance", "pipeline { agent any }\n"),
    ],
)
def test_a_strangers_file_is_told_with_what_to_do(
    app: App, perfci: Run, platform: str, path: str, text: str
) -> None:
    app.write(path, text)
    app.write(".gitlab-ci.yml", "lint: {script: make}\n")

    answer = perfci("init", platform)

    # the settings are of use as they are
    assert answer.code == 0
    assert (app.root / "perfci.yml").is_file()
    assert f"nothing in {path} runs perfci" in answer.out
    last = answer.out.splitlines()[-1]
    assert "rename" in last
    assert "by hand" in last
    assert "--force" in last
    assert "commit" not in last
    assert (app.root / path).read_text() == text


def test_nothing_of_use_is_an_error_that_says_so(app: App, perfci: Run) -> None:
    app.write(FIRST, LINT)
    app.settings(SETTINGS)

    answer = perfci("init", "github", "--forks")

    assert answer.code == 2
    assert f"nothing in {FIRST} runs perfci" in answer.err
    assert "rename" in answer.err
    assert not (app.root / SECOND).exists()


def test_settings_without_a_benchmark_do_not_hide_it(app: App, perfci: Run) -> None:
    app.write(FIRST, LINT)
    app.settings("benchmarks: []\n")
    assert perfci("init", "github").code == 2


def test_no_second_stage_listens_to_a_strangers_workflow(app: App, perfci: Run) -> None:
    app.write(FIRST, LINT)

    answer = perfci("init", "github", "--forks")

    assert not (app.root / SECOND).exists()
    assert f"{SECOND} is not written" in answer.out


def test_once_it_is_renamed_all_is_written(app: App, perfci: Run) -> None:
    app.write(".github/workflows/lint.yml", LINT)
    app.settings(SETTINGS)

    answer = perfci("init", "github", "--forks")

    assert answer.code == 0
    assert "open a pull request" in answer.out
    assert (app.root / FIRST).is_file()
    assert (app.root / SECOND).is_file()


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_second_stage_is_added_to_a_workflow_of_ours(app: App, perfci: Run, end: bytes) -> None:
    (app.root / FIRST).parent.mkdir(parents=True)
    (app.root / FIRST).write_bytes(OURS.encode().replace(b"\n", end))
    answer = perfci("init", "github", "--forks")
    assert (answer.code, (app.root / SECOND).is_file()) == (0, True)
    assert "missing" not in answer.out


@pytest.mark.parametrize("part", ["name: performance", "name: perfci-results"])
def test_no_second_stage_waits_for_what_never_comes(app: App, perfci: Run, part: str) -> None:
    assert OURS.count(f"{part}\n") == 1
    app.write(FIRST, OURS.replace(f"{part}\n", "name: other\n"))
    app.settings(SETTINGS)

    answer = perfci("init", "github", "--forks")

    assert answer.code == 2
    assert f"{SECOND} is not written" in answer.err
    assert not (app.root / SECOND).exists()


def test_a_strangers_second_stage_is_told_too(app: App, perfci: Run) -> None:
    app.write(SECOND, LINT)
    answer = perfci("init", "github", "--forks")
    assert answer.code == 0
    assert f"nothing in {SECOND} runs perfci\n" in answer.out


def test_the_workflow_of_another_folder_is_not_ours(app: App, perfci: Run) -> None:
    other = workflow((), Place(folder="a-b"), forks=False)
    app.write(".github/workflows/performance-a-b.yml", other)
    app.write("a/b/package.json", "{}")

    answer = perfci("init", "github", cwd=app.root / "a/b")

    assert "nothing in .github/workflows/performance-a-b.yml runs perfci in a/b" in answer.out


@pytest.mark.parametrize(
    "text",
    [
        "steps: [{uses: aicleaner/perf-regression/native@v1}]",
        "steps: [{uses: our/perf-regression@0123456789abcdef}]",
        "- run: pip install perf-regression && perfci run",
        "- run: .venv/bin/perfci gate results.json",
        "- run: |\n    perfci \\\n      run",
        "- run: python -m perfci run",
        "container: aicleaner/perf-regression",
    ],
)
def test_what_runs_perfci_is_seen(text: str) -> None:
    assert runs_perfci(text, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# perfci run\n  # uses: aicleaner/perf-regression@v1\n",
        "on: {push: {branches-ignore: [perfci-data], paths-ignore: [perfci.yml]}}",
        "name: performance\n",
    ],
)
def test_what_only_mentions_it_does_not_run_it(text: str) -> None:
    assert not runs_perfci(text, "")


def test_a_folder_has_to_be_named_as_a_whole() -> None:
    text = "steps: [{uses: aicleaner/perf-regression@v1, with: {working-directory: web/api}}]"
    assert runs_perfci(text, "web/api")
    assert not runs_perfci(text, "web/ap")
    assert not runs_perfci(text, "eb/api")


def test_components_are_told_apart_by_their_folders() -> None:
    item = {"component": "$CI_SERVER_FQDN/x/perf-regression/perf-regression@1"}
    folders = {"a/": {"working-directory": "a/"}, "b c/": {"working-directory": "b c/"}}
    includes = [item, *({**item, "inputs": inputs} for inputs in folders.values())]
    text = yaml.safe_dump({"include": includes})
    assert components(text) == {"", "a", "b c"}
    assert components("include: [{local: a.yml}]") == set()


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(app: App, perfci: Run) -> None:
    os.mkfifo(app.root / ".gitlab-ci.yml")
    answer = perfci("init", "gitlab")
    assert answer.code == 0
    assert (app.root / ".gitlab/performance.yml").is_file()


def test_outside_git_it_says_so_in_its_own_words(app: App, perfci: Run) -> None:
    outside = app.root.parent / "outside"
    outside.mkdir()

    answer = perfci("init", "github", cwd=outside)

    assert (answer.code, answer.err) == (0, "")
    assert "fatal" not in answer.out
    assert answer.out.count("git init") == 1
    assert (outside / FIRST).is_file()
    assert (outside / "perfci.yml").is_file()
