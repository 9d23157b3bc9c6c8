"""Pipeline files for the repository that perfci was started in, as `perfci init` writes them."""

import re

from perfci.errors import ConfigurationError
from perfci.scaffold.files import gitlab
from perfci.scaffold.github import workflow
from perfci.scaffold.place import Place
from perfci.scaffold.survey import survey
from perfci.wiring import process
from perfci.wiring.project import subfolder
from perfci.worktrees.git import Git, find_root


def github_actions_workflow() -> str:
    """Return a workflow for `.github/workflows/performance.yml`.

    Raises:
        ConfigurationError: the folder has a name that YAML or a shell reads as something else.
    """
    return workflow(survey(process.folder().resolve()).toolchains, _place(), forks=False)


def gitlab_ci_config() -> str:
    """Return a pipeline for `.gitlab-ci.yml`.

    Raises:
        ConfigurationError: as `github_actions_workflow`.
    """
    return gitlab(survey(process.folder().resolve()).toolchains, _place())


def _place() -> Place:
    folder = process.folder().resolve()
    root = find_root(folder)
    if root is None:
        return Place()
    below = subfolder(folder, root)
    if not re.fullmatch(r"[\w.@+ /-]*", below):
        raise ConfigurationError(
            f"no pipeline can be written for the folder {below!r}",
            hint="its name has characters that shells or YAML read as something else: rename it",
        )
    git = Git(root, process.environ())
    return Place(folder=below, branch=git.default_branch() or git.current_branch() or "main")
