from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.errors import WorktreeError
from perfci.worktrees.git import Git, find_root, slug_of

Sh = Callable[..., str]


def test_root_is_found_from_a_folder_deep_inside(repository: Path) -> None:
    deep = repository / "a" / "b"
    deep.mkdir(parents=True)
    assert find_root(deep) == repository
    assert find_root(repository / "a" / "not" / "there") == repository


def test_there_is_no_root_outside_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()  # empty: no repository
    assert find_root(tmp_path) is None


def test_root_of_a_linked_worktree_is_its_own(repository: Path, tmp_path: Path, sh: Sh) -> None:
    sh(repository, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert find_root(tmp_path / "linked") == tmp_path / "linked"


def test_branch_and_commit_are_told(git: Git, repository: Path, sh: Sh) -> None:
    sh(repository, "switch", "--quiet", "--create", "feature/ä-#1")
    assert git.current_branch() == "feature/ä-#1"
    assert git.head_commit() == sh(repository, "rev-parse", "HEAD")
    sh(repository, "switch", "--quiet", "--detach")
    assert git.current_branch() == ""


def test_repository_without_a_commit_is_refused(
    tmp_path: Path, sh: Sh, environ: dict[str, str]
) -> None:
    sh(tmp_path, "init", "--quiet", "empty")
    with pytest.raises(WorktreeError, match="no commit"):
        Git(tmp_path / "empty", environ).head_commit()


def test_missing_git_is_said(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(WorktreeError, match="git was not found on PATH") as caught:
        Git(repository, {"PATH": str(tmp_path)}).head_commit()
    assert "install git" in caught.value.hint


def test_vanished_folder_is_not_taken_for_missing_git(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    with pytest.raises(WorktreeError, match="not there any more"):
        Git(tmp_path / "gone", environ).head_commit()


def test_default_branch_is_the_remotes(repository: Path, shallow: Path, git: Git, sh: Sh) -> None:
    assert git.default_branch() == "main"
    sh(shallow, "switch", "--quiet", "--create", "feature")
    sh(shallow, "branch", "--quiet", "-D", "main")
    assert git.at(shallow).default_branch() == "main"
    sh(repository, "branch", "--move", "main", "trunk")
    assert git.default_branch() == ""
    sh(repository, "config", "init.defaultBranch", "trunk")
    assert git.default_branch() == "trunk"


def test_parents_are_told_even_where_the_clone_lacks_them(
    git: Git, shallow: Path, repository: Path, sh: Sh
) -> None:
    before = sh(repository, "rev-parse", "HEAD~1")
    assert git.at(shallow).commit("HEAD~1") == ""
    assert git.at(shallow).parents("HEAD") == (before,)
    assert git.parents("nothing") == ()


def test_both_parents_of_a_merge_are_told_in_order(git: Git, repository: Path, sh: Sh) -> None:
    main = git.head_commit()
    sh(repository, "switch", "--quiet", "--create", "side", "HEAD~1")
    sh(repository, "commit", "--quiet", "--allow-empty", "--message", "side")
    side = git.head_commit()
    sh(repository, "switch", "--quiet", "main")
    sh(repository, "merge", "--quiet", "--no-ff", "--message", f"merge\n\nparent {main}", "side")
    assert git.parents("HEAD") == (main, side)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://github.com/owner/name.git", "owner/name"),
        ("https://x-access-token:secret@github.com/owner/name", "owner/name"),
        ("git@github.com:owner/name.git", "owner/name"),
        ("ssh://git@host.example:2222/group/sub/name.git", "group/sub/name"),
        ("host:owner/name", "owner/name"),
        ("file:///srv/git/name.git", ""),
        ("/srv/git/name", ""),
        ("../name", ""),
        ("", ""),
    ],
)
def test_slug_comes_from_the_address_without_credentials(url: str, slug: str) -> None:
    assert slug_of(url) == slug


def test_slug_is_empty_without_a_remote(git: Git, repository: Path, sh: Sh) -> None:
    assert git.slug() == ""
    sh(repository, "remote", "add", "upstream", "https://u:p@github.com/owner/name.git")
    assert git.slug() == "owner/name"


def test_tree_is_dirty_by_an_edit_or_a_new_file_but_not_by_what_is_excluded(
    git: Git, repository: Path, sh: Sh
) -> None:
    sh(repository, "config", "status.showUntrackedFiles", "no")
    assert not git.is_dirty()
    (repository / "results [1]").mkdir()
    (repository / "results [1]" / "run.json").write_text("{}")
    assert git.is_dirty()
    assert not git.is_dirty(["results [1]", "../elsewhere"])
    assert not git.is_dirty([str(repository / "results [1]")])
    assert not git.is_dirty(["../results [1]/run.json"], subfolder="deep")
    (repository / "app.py").write_text("print(4)\n")
    assert git.is_dirty(["results [1]"])


def test_file_of_a_commit_is_read_byte_for_byte(git: Git, repository: Path, sh: Sh) -> None:
    (repository / "raw").write_bytes(b"\xff\x00\r\n")
    sh(repository, "add", "raw")
    sh(repository, "commit", "--quiet", "--message", "raw")
    (repository / "raw").write_bytes(b"other")
    assert git.read(git.head_commit(), "raw") == b"\xff\x00\r\n"
    assert git.read(git.head_commit(), "absent") is None


def test_repository_of_another_user_is_read(git: Git, repository: Path) -> None:
    # what the uid of a container's root meets; git refuses without safe.directory
    other = Git(repository, {**git.environ, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert other.head_commit() == git.head_commit()


def test_git_settings_in_the_environment_are_kept(git: Git, repository: Path) -> None:
    lent = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "kept"}
    told = Git(repository, {**git.environ, **lent})
    assert told.run("config", "--get", "a.b").strip() == "kept"
    assert told.run("config", "--get", "core.hooksPath").strip() == "/dev/null"
    damaged = Git(repository, {**git.environ, "GIT_CONFIG_COUNT": "many"})
    assert damaged.head_commit() == git.head_commit()


def test_variables_of_a_hook_do_not_lead_elsewhere(git: Git, repository: Path) -> None:
    inside_hook = {"GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index"}
    assert Git(repository, {**git.environ, **inside_hook}).head_commit() == git.head_commit()


def test_failure_carries_what_git_said_without_credentials(git: Git) -> None:
    with pytest.raises(WorktreeError) as caught:
        git.run("-c", "alias.talk=!echo no https://user:secret@localhost/x >&2; exit 3", "talk")
    assert "failed with exit code 3" in caught.value.message
    assert "no https://localhost/x" in caught.value.output
    assert "secret" not in caught.value.message + caught.value.output


def test_command_that_hangs_is_ended(git: Git) -> None:
    with pytest.raises(WorktreeError, match="took longer than"):
        git.run("-c", "alias.hang=!sleep 60", "hang", timeout=0.3)
