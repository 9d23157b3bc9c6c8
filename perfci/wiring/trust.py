"""Whose settings count: a pull request from a fork brings benchmarks, and no rules of its own."""

from pathlib import Path

from perfci.model.context import Context
from perfci.plan.make import base_commit
from perfci.settings.files import parse_file, read_file
from perfci.settings.layers import Layer, only, without
from perfci.worktrees.git import Git
from perfci.worktrees.resolve import resolve

_FROM_HEAD = ("benchmarks",)


def settings_layers(
    config: Path, context: Context, git: Git | None
) -> tuple[list[Layer], tuple[str, ...]]:
    """Read the settings file, as far as it may be trusted, and say what is not followed.

    On a pull request from a fork everything but `benchmarks` comes from the base commit: else
    the fork could raise its own limits, or point the store and the messages elsewhere.

    Raises:
        ConfigurationError: a file is not what its name says.
        WorktreeError: the base commit cannot be had.
    """
    own = read_file(config)
    if git is None or not (context.is_fork and context.is_pull_request):
        return [own], ()
    theirs = only(own, _FROM_HEAD)
    ref = base_commit(context)
    if not ref:
        return [theirs], (
            (
                f"this pull request is from a fork, or may be, and its base is not known: only the "
                f"benchmarks of {config.name} are followed"
            ),
        )
    commit = resolve(git, ref)
    place = config.resolve().relative_to(git.root.resolve()).as_posix()
    data = git.read(commit, place)
    trusted = [] if data is None else [without(parse_file(config.name, data), _FROM_HEAD)]
    same = bool(trusted) and without(own, _FROM_HEAD).tree == trusted[0].tree
    if same:
        return [*trusted, theirs], ()
    return [*trusted, theirs], (
        (
            f"this pull request is from a fork, or may be: all of {config.name} but its benchmarks "
            f"is taken from {commit[:7]}, and its own changes to the rest hold once it is merged"
        ),
    )
