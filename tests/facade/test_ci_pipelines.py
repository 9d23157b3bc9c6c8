"""The pipeline files of the Python API are those of `perfci init`, and valid."""

import subprocess
import sys
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError
from perfci.facade.ci.pipelines import github_actions_workflow, gitlab_ci_config
from tests.command.conftest import App, Run, app, perfci
from tests.scaffold.toys import NODE, PYTEST

__all__ = ["app", "perfci"]


def repository(app: App, folder: str) -> Path:
    for name, text in (NODE | PYTEST).items():
        app.write(f"{folder}{name}", text)
    app.commit()
    return app.root / folder


@pytest.mark.slow
def test_they_are_what_init_writes(app: App, perfci: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    place = repository(app, "web/")
    monkeypatch.chdir(place)
    github, gitlab = github_actions_workflow(), gitlab_ci_config()

    for platform in ("github", "gitlab"):
        assert perfci("init", platform, "--force", cwd=place).code == 0

    assert github == (app.root / ".github/workflows/performance-web.yml").read_text()
    assert gitlab == (app.root / ".gitlab-ci.yml").read_text()


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (github_actions_workflow, ["vendor.github-workflows"]),
        (gitlab_ci_config, ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
    ],
)
def test_they_pass_their_platforms_schema(
    app: App, monkeypatch: pytest.MonkeyPatch, text: object, options: list[str]
) -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    if not checker.exists():
        # it comes with the extra `dev`: scripts/check runs this
        pytest.skip("check-jsonschema is not installed")
    monkeypatch.chdir(repository(app, ""))
    assert callable(text)
    Path("made.yml").write_text(text())
    subprocess.run([checker, "--builtin-schema", *options, "made.yml"], check=True)


def test_a_folder_that_no_pipeline_can_name_is_refused(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(app, "a$(b)/"))
    with pytest.raises(ConfigurationError, match="no pipeline can be written"):
        github_actions_workflow()
