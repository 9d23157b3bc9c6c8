import time
from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.errors import WorktreeError
from perfci.worktrees.git import Git
from perfci.worktrees.snapshot import snapshot

Sh = Callable[..., str]


def files(git: Git, commit: str) -> set[str]:
    return set(git.run("ls-tree", "-r", "--name-only", commit).split())


def test_clean_tree_is_its_own_commit(git: Git, scratch: Path) -> None:
    assert snapshot(git, scratch=scratch) == (git.head_commit(), False)


def test_edits_deletions_and_new_files_are_taken_and_ignored_ones_are_not(
    git: Git, repository: Path, scratch: Path
) -> None:
    (repository / ".gitignore").write_text("*.log\n")
    (repository / "noise.log").write_text("")
    (repository / "deep").mkdir()
    (repository / "deep" / "new.py").write_text("")
    (repository / "app.py").unlink()
    commit, dirty = snapshot(git, scratch=scratch)
    assert dirty
    assert files(git, commit) == {".gitignore", "deep/new.py"}
    assert git.parents(commit) == (git.head_commit(),)


def test_what_perfci_writes_itself_is_no_change(git: Git, repository: Path, scratch: Path) -> None:
    for folder in ("perfci-results", "deep/.perfci"):
        (repository / folder).mkdir(parents=True)
        (repository / folder / "x.json").write_text("{}")
    assert snapshot(git, exclude=["perfci-results", "deep/.perfci"], scratch=scratch) == (
        git.head_commit(),
        False,
    )


def test_staged_but_unsaved_state_and_index_are_left_alone(
    git: Git, repository: Path, scratch: Path, sh: Sh
) -> None:
    (repository / "app.py").write_text("staged")
    sh(repository, "add", "app.py")
    (repository / "app.py").write_text("edited")
    before = (repository / ".git" / "index").read_bytes()
    commit, _ = snapshot(git, scratch=scratch)
    assert git.read(commit, "app.py") == b"edited"
    assert (repository / ".git" / "index").read_bytes() == before
    assert list(scratch.iterdir()) == []


def test_missing_index_is_as_good_as_a_clean_one(git: Git, repository: Path, scratch: Path) -> None:
    (repository / ".git" / "index").unlink()
    assert snapshot(git, scratch=scratch) == (git.head_commit(), False)
    assert not (repository / ".git" / "index").exists()


def test_same_tree_gives_the_same_commit(git: Git, repository: Path, scratch: Path) -> None:
    (repository / "app.py").write_text("edited")
    commit, _ = snapshot(git, scratch=scratch)
    assert snapshot(git, scratch=scratch) == (commit, True)
    written = git.run("log", "-1", "--format=%an %ae %at %cn %ce %ct", commit).strip()
    assert written == "perfci perfci@localhost 0 perfci perfci@localhost 0"


def test_linked_worktree_has_its_own_snapshot(
    git: Git, repository: Path, tmp_path: Path, scratch: Path, sh: Sh
) -> None:
    sh(repository, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), "HEAD~1")
    linked = git.at(tmp_path / "linked")
    (linked.root / "app.py").write_text("linked")
    commit, dirty = snapshot(linked, scratch=scratch)
    assert dirty
    assert git.read(commit, "app.py") == b"linked"
    assert git.parents(commit) == (git.commit("HEAD~1"),)


def test_tree_that_git_cannot_take_is_refused_with_its_words(
    git: Git, repository: Path, scratch: Path, sh: Sh
) -> None:
    sh(repository, "init", "--quiet", "inner")  # a repository without a commit
    with pytest.raises(WorktreeError, match="cannot be taken as it is") as caught:
        snapshot(git, scratch=scratch)
    assert "inner" in caught.value.output
    assert ".gitignore" in caught.value.hint


@pytest.mark.slow
def test_an_edit_in_the_second_of_the_commit_that_keeps_the_size_is_seen(
    git: Git, repository: Path, scratch: Path, sh: Sh
) -> None:
    app = repository / "app.py"
    for attempt in range(10, 30):
        app.write_text(f"n = {attempt}0\n")
        sh(repository, "add", "-A")
        sh(repository, "commit", "-qm", "a number")
        committed = int(app.stat().st_mtime)
        app.write_text(f"n = {attempt}1\n")
        if int(app.stat().st_mtime) == committed:
            break
    time.sleep(1.1)
    assert snapshot(git, scratch=scratch)[1]


def test_what_perfci_writes_may_be_ignored(git: Git, repository: Path, scratch: Path) -> None:
    (repository / ".gitignore").write_text(".perfci/\nperfci-results/\n")
    for folder in (".perfci", "perfci-results"):
        (repository / folder).mkdir()
        (repository / folder / "x.json").write_text("{}")
    commit, _ = snapshot(git, exclude=[".perfci", "perfci-results"], scratch=scratch)
    assert files(git, commit) == {".gitignore", "app.py"}
