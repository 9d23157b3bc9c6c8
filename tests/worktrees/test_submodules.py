import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.model.measurement import Side
from perfci.ports import Observer, Opened
from perfci.worktrees.git import Git
from perfci.worktrees.sides import open_sides

Sh = Callable[..., str]
Commit = Callable[..., str]
FAKE_LFS = """#!/bin/sh
# git-lfs as far as perfci needs it: `pull` replaces pointers by the files
case "$1" in
pull)
    echo pull >> "$HOME/lfs-calls"
    [ ! -e "$HOME/lfs-down" ] || { echo "batch response: no rights" >&2; exit 2; }
    [ "$GIT_LFS_SKIP_SMUDGE" = 1 ] || echo content > data/big.bin ;;
smudge)
    [ "$GIT_LFS_SKIP_SMUDGE" = 1 ] || echo "one download a file" >> "$HOME/lfs-calls"
    cat ;;
clean) cat ;;
esac
"""


def measured(git: Git, scratch: Path, observer: Observer, base: str = "HEAD~1") -> Opened:
    """Open the sides, look at them, and close them; files are kept by their text."""
    with open_sides(
        git,
        base=base,
        head=None,
        exclude=(),
        definitions=(),
        scratch=scratch,
        observer=observer,
    ) as opened:
        seen.clear()
        for side, root in opened.places.roots.items():
            for path in root.rglob("*"):
                if path.is_file() and ".git" not in path.parts:
                    seen[side, path.relative_to(root).as_posix()] = path.read_text()
    return opened


seen: dict[tuple[Side, str], str] = {}


@pytest.fixture
def project(modular: Path, repository: Path) -> Path:
    """Return the project with submodules, in the place of `repository`."""
    shutil.rmtree(repository)
    shutil.copytree(modular, repository)
    return repository


def test_submodules_are_brought_along_at_each_sides_own_commit(
    project: Path, git: Git, scratch: Path, listener: Observer, sh: Sh
) -> None:
    lib = project / "third party" / "lib"
    before = [
        (folder / name).read_bytes()
        for folder in (project / ".git", project / ".git/modules/third party/lib")
        for name in ("config", "index", "HEAD")
    ]
    opened = measured(git, scratch, listener)
    assert opened.warnings == ()
    assert seen[Side.BASE, "third party/lib/lib.txt"] == "old"
    assert seen[Side.HEAD, "third party/lib/lib.txt"] == "new"
    for side in Side:
        assert seen[side, "third party/lib/deep/inner/inner.txt"] == "inner"
    for folder in (project, lib, lib / "deep" / "inner"):
        assert len(sh(folder, "worktree", "list").splitlines()) == 1
    assert before == [
        (folder / name).read_bytes()
        for folder in (project / ".git", project / ".git/modules/third party/lib")
        for name in ("config", "index", "HEAD")
    ]
    assert list(scratch.iterdir()) == []


def test_commit_that_the_submodules_clone_lacks_is_fetched(
    *, project: Path, tmp_path: Path, git: Git, scratch: Path, listener: Observer, sh: Sh
) -> None:
    clone = tmp_path / "clone"
    sh(tmp_path, "clone", "--quiet", f"file://{project}", str(clone))
    sh(clone, "submodule", "--quiet", "update", "--init", "--depth=1")
    opened = measured(git.at(clone), scratch, listener)
    assert seen[Side.BASE, "third party/lib/lib.txt"] == "old"
    assert seen[Side.HEAD, "third party/lib/lib.txt"] == "new"
    (warning,) = opened.warnings
    assert "the submodule deep/inner is not initialised in the checkout" in warning


def test_submodule_that_cannot_be_had_is_told_and_the_rest_goes_on(
    *, project: Path, tmp_path: Path, git: Git, scratch: Path, listener: Observer, sh: Sh
) -> None:
    clone = tmp_path / "clone"
    sh(tmp_path, "clone", "--quiet", f"file://{project}", str(clone))
    sh(clone, "submodule", "--quiet", "update", "--init", "--depth=1")
    sh(clone / "third party/lib", "remote", "set-url", "origin", "file:///not/there")
    (warning, _) = measured(git.at(clone), scratch, listener).warnings
    assert warning.startswith("the submodule third party/lib could not be brought along")
    assert (Side.BASE, "third party/lib/lib.txt") not in seen
    assert seen[Side.HEAD, "third party/lib/lib.txt"] == "new"


def test_uncommitted_changes_inside_a_submodule_are_told(
    project: Path, git: Git, scratch: Path, listener: Observer
) -> None:
    (project / "third party/lib/lib.txt").write_text("edited")
    opened = measured(git, scratch, listener)
    assert opened.warnings == (
        "uncommitted changes inside the submodule third party/lib are not measured",
    )
    assert seen[Side.HEAD, "third party/lib/lib.txt"] == "new"


def test_new_commit_of_a_submodule_is_a_change_of_the_working_tree(
    project: Path, git: Git, scratch: Path, listener: Observer, commit: Commit
) -> None:
    commit(project / "third party/lib", {"lib.txt": "newest"})
    opened = measured(git, scratch, listener, base="HEAD")
    assert opened.head.dirty
    assert seen[Side.BASE, "third party/lib/lib.txt"] == "new"
    assert seen[Side.HEAD, "third party/lib/lib.txt"] == "newest"


@pytest.fixture
def pointers(repository: Path, sh: Sh, commit: Commit) -> Path:
    """Return a checkout that was made where git-lfs is."""
    commit(
        repository,
        {"data/.gitattributes": "*.bin filter=lfs diff=lfs -text\n", "data/big.bin": "pointer"},
    )
    for name, value in (("smudge", "smudge -- %f"), ("clean", "clean -- %f")):
        sh(repository, "config", f"filter.lfs.{name}", f"git-lfs {value}")
    sh(repository, "config", "filter.lfs.required", "true")
    (repository / "app.py").write_text("edited")
    return repository


def test_large_files_without_git_lfs_are_told(
    pointers: Path, git: Git, scratch: Path, listener: Observer
) -> None:
    (pointers / "data" / "new.bin").write_text("new pointer")
    opened = measured(git, scratch, listener, base="HEAD")
    (warning,) = opened.warnings
    assert "git-lfs was not found" in warning
    assert seen[Side.BASE, "data/big.bin"] == "pointer"
    assert seen[Side.HEAD, "data/new.bin"] == "new pointer"


@pytest.mark.parametrize("down", [False, True])
def test_large_files_are_pulled_into_both_sides(
    pointers: Path, tmp_path: Path, git: Git, scratch: Path, listener: Observer, *, down: bool
) -> None:
    program = tmp_path / "bin" / "git-lfs"
    program.parent.mkdir()
    program.write_text(FAKE_LFS)
    program.chmod(0o755)
    if down:
        (tmp_path / "lfs-down").touch()
    lfs = Git(pointers, {**git.environ, "PATH": f"{program.parent}:{git.environ['PATH']}"})
    opened = measured(lfs, scratch, listener, base="HEAD")
    if down:
        (warning,) = opened.warnings
        assert "no rights" in warning
    else:
        assert opened.warnings == ()
        assert seen[Side.BASE, "data/big.bin"] == seen[Side.HEAD, "data/big.bin"] == "content\n"
    assert (tmp_path / "lfs-calls").read_text() == "pull\npull\n"
