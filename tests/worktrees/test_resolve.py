from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.errors import WorktreeError
from perfci.worktrees.git import Git
from perfci.worktrees.resolve import resolve

Sh = Callable[..., str]
Commit = Callable[..., str]


def references(sh: Sh, folder: Path) -> str:
    return sh(folder, "for-each-ref") + str((folder / ".git" / "FETCH_HEAD").exists())


@pytest.mark.parametrize("name", ["feature/ä-#1", "+refs"])
def test_branch_that_only_the_remote_has_is_fetched(
    *, repository: Path, shallow: Path, git: Git, sh: Sh, commit: Commit, name: str
) -> None:
    sh(repository, "switch", "--quiet", "--create", name, "HEAD~1")
    wanted = commit(repository, {"other.py": ""})
    before = references(sh, shallow)
    for spelling in (name, f"origin/{name}"):
        assert resolve(git.at(shallow), spelling) == wanted
    assert references(sh, shallow) == before, "no reference of the user's may appear or move"


def test_names_are_tried_here_first_and_then_as_the_remotes(
    repository: Path, tmp_path: Path, git: Git, sh: Sh, commit: Commit
) -> None:
    clone = tmp_path / "clone"
    sh(repository, "branch", "topic", "HEAD~1")
    sh(tmp_path, "clone", "--quiet", f"file://{repository}", str(clone))
    remote = git.commit("topic")
    assert resolve(git.at(clone), "topic") == remote
    sh(clone, "branch", "--no-track", "topic", "HEAD~2")
    assert resolve(git.at(clone), "topic") == git.commit("HEAD~2")
    assert resolve(git.at(clone), "origin/topic") == remote
    commit(repository, {})


def test_commit_and_tag_are_fetched_by_a_shallow_clone(
    repository: Path, shallow: Path, git: Git, sh: Sh
) -> None:
    first = git.commit("HEAD~2")
    assert resolve(git.at(shallow), first) == first
    sh(repository, "tag", "--annotate", "--message", "x", "v1.0", "HEAD~1")
    assert resolve(git.at(shallow), "v1.0") == git.commit("v1.0")
    assert sh(shallow, "tag") == ""


def test_pull_request_reference_is_fetched(
    repository: Path, shallow: Path, git: Git, sh: Sh
) -> None:
    sh(repository, "update-ref", "refs/pull/7/head", "HEAD~1")
    assert resolve(git.at(shallow), "refs/pull/7/head") == git.commit("HEAD~1")


@pytest.mark.parametrize("ref", ["HEAD~1", "main^^", "HEAD~1~1"])
def test_steps_back_deepen_a_shallow_clone(shallow: Path, git: Git, ref: str) -> None:
    assert resolve(git.at(shallow), ref) == git.commit(ref)


def test_whole_clone_stays_whole_when_something_is_fetched(
    repository: Path, tmp_path: Path, git: Git, sh: Sh, commit: Commit
) -> None:
    clone = git.at(tmp_path / "clone")
    sh(tmp_path, "clone", "--quiet", f"file://{repository}", str(clone.root))
    sh(repository, "switch", "--quiet", "--create", "later")
    wanted = commit(repository, {"later.py": ""})
    assert resolve(clone, "later") == wanted
    assert not clone.is_shallow()
    assert clone.commit(f"{wanted}~3") == git.commit("HEAD~3")


def test_unknown_name_is_refused_with_the_nearest_branch(
    repository: Path, shallow: Path, git: Git, sh: Sh
) -> None:
    sh(repository, "branch", "develop")
    with pytest.raises(WorktreeError) as caught:
        resolve(git.at(shallow), "devlop")
    assert "base 'devlop' is not a commit here" in caught.value.message
    assert "tried: devlop, origin/devlop, git fetch origin devlop" in caught.value.message
    assert "fetch-depth: 0" in caught.value.hint
    assert "nearest branch: develop" in caught.value.hint


def test_whole_clone_is_not_told_to_fetch_more(git: Git) -> None:
    for ref in ("mian", "HEAD~9"):
        with pytest.raises(WorktreeError) as caught:
            resolve(git, ref, what="head")
        assert caught.value.message.startswith(f"head '{ref}' is not a commit here")
        assert "fetch-depth" not in caught.value.hint


def test_unreachable_remote_is_quoted(repository: Path, git: Git, sh: Sh) -> None:
    sh(repository, "remote", "add", "origin", "file:///does/not/exist")
    with pytest.raises(WorktreeError) as caught:
        resolve(git, "elsewhere")
    assert "/does/not/exist" in caught.value.output


@pytest.mark.parametrize("ref", ["--upload-pack=x", "-", "", "a\nb", "a\0b"])
def test_name_that_git_would_read_as_something_else_is_refused(git: Git, ref: str) -> None:
    with pytest.raises(WorktreeError, match="cannot be the name of a commit"):
        resolve(git, ref)


@pytest.mark.parametrize("ref", ["main:app.py", "x:refs/heads/main", "+x", "HEAD..main", "*"])
def test_name_that_is_no_commit_is_refused_and_changes_nothing(
    shallow: Path, git: Git, sh: Sh, ref: str
) -> None:
    before = references(sh, shallow)
    with pytest.raises(WorktreeError):
        resolve(git.at(shallow), ref)
    assert references(sh, shallow) == before


def test_branch_named_like_an_option_is_reached_by_its_full_name(
    repository: Path, git: Git, sh: Sh
) -> None:
    sh(repository, "update-ref", "refs/heads/--upload-pack=x", "HEAD~1")
    assert resolve(git, "refs/heads/--upload-pack=x") == git.commit("HEAD~1")
