"""Whose settings count: a pull request from a fork brings benchmarks, and no rules of its own."""

from collections.abc import Iterator
from pathlib import Path

from perfci.errors import ConfigurationError
from perfci.model.context import Context
from perfci.plan.make import base_commit
from perfci.settings.files import NAMES, parse_file, read_file
from perfci.settings.layers import Layer, only, without
from perfci.worktrees.git import Git
from perfci.worktrees.resolve import resolve

_FROM_HEAD = ("benchmarks",)


def settings_layers(
    config: Path, context: Context, git: Git | None, *, named: bool
) -> tuple[list[Layer], tuple[str, ...]]:
    """Read the settings file, as far as it may be trusted, and say what is not followed.

    On a pull request from a fork everything but `benchmarks` comes from the base commit: else
    the fork could raise its own limits, or point the store and the messages elsewhere. The base's
    file is looked for as if the base were checked out: it may have another name than head's.

    Args:
        config: head's file.
        context: of the job.
        git: None outside a repository.
        named: whether the user named the file, rather than let perfci look for it.

    Raises:
        ConfigurationError: a file is not what its name says, or the base has none of that name.
        WorktreeError: the base commit cannot be had.
    """
    own = read_file(config)
    if git is None or not (context.is_fork and context.is_pull_request):
        return [own], ()
    theirs = only(own, _FROM_HEAD)
    ref = base_commit(context)
    if not ref:
        text = (
            "this pull request is from a fork, or may be, and its base is not known: only the "
            f"benchmarks of {config.name} are followed"
        )
        return [theirs], (text,)
    commit = resolve(git, ref)
    trusted = _of_base(config, git, commit, named=named)
    if trusted is None:
        text = (
            f"this pull request is from a fork, or may be, and {commit[:7]} has no settings: only "
            f"the benchmarks of {config.name} are followed"
        )
        return [theirs], (text,)
    rules = without(trusted, _FROM_HEAD)
    warnings = list(_lost(trusted, own))
    if without(own, _FROM_HEAD).tree != rules.tree:
        warnings.append(
            f"this pull request is from a fork, or may be: all of {config.name} but its benchmarks "
            f"is taken from {trusted.name} of {commit[:7]}, and its own changes to the rest hold "
            "once it is merged"
        )
    return [rules, theirs], tuple(warnings)


def _of_base(config: Path, git: Git, commit: str, *, named: bool) -> Layer | None:
    """Return the settings of the base commit; None where it has none."""
    # the folder, not the file: the file may be a link that the fork has made
    folder, root = config.parent.resolve(), git.root.resolve()
    if named:
        found = _layer(git, commit, (folder / config.name).relative_to(root), whole=True)
        if found is None:
            raise ConfigurationError(
                f"{config.name}, from which a fork's pull request is judged, is not in its base",
                hint="name a settings file that the base has, or let perfci look for it",
            )
        return found
    for place in (folder, *folder.parents):
        for name in NAMES:
            found = _layer(git, commit, (place / name).relative_to(root), whole=False)
            if found is not None:
                return found
        if place == root:
            break
    return None


def _layer(git: Git, commit: str, path: Path, *, whole: bool) -> Layer | None:
    data = git.read(commit, path.as_posix())
    if data is None:
        return None
    layer = parse_file(path.name, data)
    # a pyproject.toml counts where it has a table of ours
    return layer if whole or path.name != "pyproject.toml" or layer.tree else None


def _lost(base: Layer, head: Layer) -> Iterator[str]:
    """Say which benchmarks head no longer has: nothing is measured of them, and nothing fails."""
    gone = sorted(_names(base) - _names(head))
    if gone:
        shown = ", ".join(gone[:5]) + (f" and {len(gone) - 5} more" if len(gone) > 5 else "")
        yield f"this pull request no longer measures {shown}"


def _names(layer: Layer) -> set[str]:
    entries = layer.tree.get("benchmarks")
    return {
        f"{entry.get('suite', 'default')}/{entry.get('name', '')}"
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
    }
