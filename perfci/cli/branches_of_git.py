"""The branches that git knows, here and at the remote."""

from perfci.errors import ConfigurationError
from perfci.wiring.project import Project
from perfci.worktrees.git import NETWORK

_HEADS = "refs/heads/"


def branches_of_git(project: Project) -> frozenset[str]:
    """Return the names of all branches, with those that the settings track.

    The remote is asked: a checkout in CI has one branch of many.

    Raises:
        ConfigurationError: this is no repository, or the remote does not answer; what is gone
            cannot be told then.
    """
    git = project.git
    if git is None:
        raise ConfigurationError(
            "--gone deletes what git no longer has, and this is no git repository",
            hint="go to the repository, or prune by --keep or --older-than",
        )
    found = set(git.run("for-each-ref", "--format=%(refname)", _HEADS).splitlines())
    remote = git.remote()
    if remote:
        answer = git.ask("ls-remote", "--heads", remote, timeout=NETWORK)
        if answer.code != 0:
            raise ConfigurationError(
                f"the remote {remote} does not say which branches it has",
                hint="give this job the right to read it; nothing was deleted",
                output=answer.err,
            )
        found |= {line.partition("\t")[2] for line in answer.out.splitlines()}
    names = {name.removeprefix(_HEADS) for name in found if name.startswith(_HEADS)}
    context, settings = project.context, project.loaded.settings
    kept = {context.branch, context.base_branch, context.default_branch}
    return frozenset(names | kept | set(settings.branches or ()))
