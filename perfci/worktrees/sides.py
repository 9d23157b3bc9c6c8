"""Base and head, each in a worktree of its own, for as long as they are measured."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from perfci.errors import WorktreeError
from perfci.model.measurement import Side
from perfci.model.revision import Revision
from perfci.model.text import printable
from perfci.ports import Observer, Opened, Places
from perfci.worktrees.git import Git
from perfci.worktrees.leftovers import clear_folders, clear_records, delete, run_folder
from perfci.worktrees.paths import inside
from perfci.worktrees.resolve import resolve
from perfci.worktrees.setup import run_setup
from perfci.worktrees.snapshot import snapshot
from perfci.worktrees.trees import Worktrees

__all__ = ["open_sides", "run_setup"]

_SETTINGS = ("perfci.yml", "perfci.toml")


@contextmanager
def open_sides(  # noqa: PLR0913 - all but the first by name
    git: Git,
    *,
    base: str | None,
    head: str | None,
    exclude: Sequence[str],
    definitions: Sequence[str],
    scratch: Path,
    observer: Observer,
    subfolder: str = "",
) -> Iterator[Opened]:
    """Bring both sides up, and take them down whatever happens.

    The user's checkout, index, branches and stash stay as they are.

    Args:
        git: in the user's checkout.
        base: reference of the base; None for the same code as head's, on purpose.
        head: reference of head; None for the working tree as it is.
        exclude: files and folders that perfci itself writes: absolute, or as seen from the
            sub-folder.
        definitions: files that define benchmarks, as seen from the sub-folder; head's hold for
            both sides.
        scratch: folder for the worktrees, outside the checkout.
        observer: is told what is being done.
        subfolder: where the project lies in the repository, relative; empty for its root.

    Raises:
        WorktreeError: a side cannot be brought up, or the two are one.
    """
    scratch = scratch.resolve()
    clear_records(git)
    clear_folders(scratch)
    checked_out = resolve(git, head, what="head") if head else git.head_commit()
    # the base first: what is wrong with its name is told before the whole tree is read
    tip = checked_out if base is None else resolve(git, base)
    measured, dirty = checked_out, False
    if head is None:
        own = inside(git.root, subfolder, exclude)
        measured, dirty = snapshot(git, exclude=own, scratch=scratch)
    name = git.current_branch() if head in {None, "HEAD"} else head
    ours = Revision(commit=checked_out, ref=name or "", dirty=dirty)
    commits = {Side.BASE: measured, Side.HEAD: measured}
    revisions = {Side.BASE: ours, Side.HEAD: ours}
    told: tuple[str, ...] = ()
    if base is not None:
        commits[Side.BASE] = _fork_point(git, base, tip, checked_out)
        revisions[Side.BASE] = Revision(commit=commits[Side.BASE], ref=base)
        changed = _changed(git, commits)
        added = _changed(git, commits, "--diff-filter=A")
        shared = inside(git.root, subfolder, definitions)
        brought = [path for path in shared if path not in added]
        _refuse_same(changed, brought, subfolder, revisions)
        told = (
            *_apart(base, tip, commits[Side.BASE]),
            *_settings_alone(changed, subfolder),
            # base cannot differ in what it does not have: that is told where it is measured
            *(_shared(path) for path in shared if path in changed and path not in added),
        )
    folder = run_folder(scratch)
    trees = Worktrees()
    try:
        # both paths are of one length: it moves the stack, and with it the timing
        for side, commit in commits.items():
            observer.phase(f"checking out {side.value} ({_short(revisions[side])})")
            trees.add(git, commit, folder / side.value)
        roots = {side: folder / side.value / subfolder for side in commits}
        if not roots[Side.BASE].is_dir():
            raise WorktreeError(
                f"base ({revisions[Side.BASE]}) has no folder {subfolder}",
                hint="there is nothing to compare with yet: use `--mode record`",
            )
        warnings = (
            *trees.warnings,
            *told,
            *(_uncommitted(git, trees) if head is None else ()),
        )
        yield Opened(
            places=Places(roots=roots, checkout=git.root, definitions=roots[Side.HEAD]),
            base=revisions[Side.BASE],
            head=revisions[Side.HEAD],
            warnings=warnings,
        )
    finally:
        trees.remove()
        delete(folder)


def _changed(git: Git, commits: dict[Side, str], *which: str) -> tuple[str, ...]:
    """Return the files that differ between the sides, as seen from the repository's root.

    Args:
        git: in the user's checkout.
        commits: by side.
        which: git's option for only some of the differences.
    """
    arguments = ("-r", "-z", "--name-only", "--no-renames", "--ignore-submodules=none", *which)
    listed = git.run("diff-tree", *arguments, commits[Side.BASE], commits[Side.HEAD])
    return tuple(path for path in listed.split("\0") if path)


def _refuse_same(
    changed: Sequence[str],
    shared: Sequence[str],
    subfolder: str,
    revisions: dict[Side, Revision],
) -> None:
    settings = _settings(subfolder)
    if any(path not in settings and path not in shared for path in changed):
        return
    if changed and settings.issuperset(changed):
        return  # told as a warning
    base, head = revisions[Side.BASE], revisions[Side.HEAD]
    if changed:
        names = ", ".join(map(printable, changed))
        raise WorktreeError(
            f"base and head are the same code: between {base} and {head} only {names} changed,"
            " and head's version of that is used on both sides",
            hint="to measure a module's own function name it as package.module:function; to"
            " compare with an earlier commit name it with --base",
        )
    raise WorktreeError(
        f"base and head are the same code: {base} and {head} have the same files",
        hint="name another commit with --base (`--base HEAD~1`), or change something first",
    )


def _settings(subfolder: str) -> set[str]:
    return {(PurePosixPath(subfolder) / name).as_posix() for name in _SETTINGS}


def _settings_alone(changed: Sequence[str], subfolder: str) -> tuple[str, ...]:
    """Say that nothing but settings changed: whoever edits a threshold must be able to merge."""
    if not set(changed) <= _settings(subfolder):
        return ()
    return (f"only {', '.join(changed)} changed: base and head are the same code",)


_HASH = re.compile(r"[0-9a-f]{7,64}")


def _fork_point(git: Git, base: str, tip: str, head: str) -> str:
    """Return where head left the branch that it is compared with.

    What was merged there since is none of head's doing. A commit named by its hash is meant
    itself, and so is one that head is part of.
    """
    if _HASH.fullmatch(base):
        return tip
    fork = git.merge_base(tip, head)
    return fork if fork and fork != head else tip


def _apart(base: str, tip: str, fork: str) -> tuple[str, ...]:
    if tip == fork:
        return ()
    told = (
        f"{printable(base)} has moved on: head is compared with the commit where it left it"
        f" ({fork[:7]}); name {tip[:7]} as base to compare with its tip"
    )
    return (told,)


def _uncommitted(git: Git, trees: Worktrees) -> Iterator[str]:
    for module in trees.submodules:
        if module.is_dirty():
            path = module.root.relative_to(git.root).as_posix()
            yield f"uncommitted changes inside the submodule {printable(path)} are not measured"


def _shared(path: str) -> str:
    return (
        f"{printable(path)} differs between base and head; head's version is used on both sides,"
        " so changes inside it are not measured. To measure a module's own function name it as"
        " package.module:function."
    )


def _short(revision: Revision) -> str:
    return revision.commit[:7] + ("+" if revision.dirty else "")
