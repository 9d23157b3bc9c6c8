"""What is said when the store cannot be used, and what is left alone."""

import io
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError, StoreError
from perfci.stores.git.store import GitStore, git_store
from tests.stores.git.conftest import REF, Open, Sh, opened
from tests.stores.git.hosting import Host, Request

pytestmark = pytest.mark.slow  # each of them starts git some dozen times

NAME = "v1/app/x"


def refused(store: GitStore, *, writing: bool = False) -> StoreError:
    call = partial(store.put, NAME, b"x", replaces=None) if writing else partial(store.get, NAME)
    with pytest.raises(StoreError) as caught:
        call()
    error = caught.value
    assert error.message.startswith("git:")
    assert error.hint
    assert "\x1b" not in error.message + error.output
    return error


def hook(remote: Path, name: str, script: str) -> None:
    path = remote / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    "branch",
    [
        *("", "-x", "a..b", "a b", "a:b", "a~1", "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "@"),
        *("a.", "a@{1}", "a\\b", "a\nb", "a\0b", "HEAD", "refs/heads/a", "*", "x" * 300),
        *("ext::sh -c id", "--upload-pack=id"),
    ],
)
def test_what_cannot_be_a_branch_is_a_wrong_setting(branch: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="names no branch"):
        git_store(f"git:{branch}", checkout=tmp_path, environ={})


def test_any_name_of_a_branch_can_be_used(another: Open) -> None:
    for branch in ("perf/data", "größe", "a'b\"c$(id)", "x" * 200):
        assert another(f"git:{branch}").put(NAME, b"x", replaces=None)
        assert another(f"git:{branch}").list("") == (NAME,)


def test_a_branch_that_is_none_of_ours_is_left_alone(
    another: Open, remote: Path, sh: Sh, checkout: Path
) -> None:
    (checkout / "code.py").write_text("1")
    sh(checkout, "add", ".")
    sh(checkout, "commit", "--quiet", "--message", "code")
    sh(checkout, "push", "--quiet", "origin", "HEAD:refs/heads/work")
    before = sh(remote, "for-each-ref")

    for writing in (False, True):
        error = refused(another("git:work"), writing=writing)
        assert "is no store of perfci" in error.message
        assert "not there yet" in error.hint
    assert sh(remote, "for-each-ref") == before


def test_an_empty_branch_that_was_made_for_it_is_taken(another: Open, remote: Path, sh: Sh) -> None:
    sh(remote, "branch", "perfci-data", "main")

    assert another().put(NAME, b"x", replaces=None)


def test_files_that_somebody_else_put_on_the_branch_are_neither_shown_nor_lost(
    store: GitStore, another: Open, remote: Path, sh: Sh, checkout: Path
) -> None:
    store.put(NAME, b"x", replaces=None)
    sh(checkout, "fetch", "--quiet", "origin", "perfci-data")
    sh(checkout, "checkout", "--quiet", "FETCH_HEAD")
    (checkout / ".github").mkdir()
    (checkout / ".github" / "odd").write_text("odd")
    (checkout / "v1" / "link").symlink_to("/etc/passwd")
    (checkout / "v1" / "tab\there").write_text("odd")
    (checkout / os.fsdecode(b"v1/\xff")).write_text("odd")
    sh(checkout, "add", ".")
    sh(checkout, "commit", "--quiet", "--message", "odd")
    sh(checkout, "push", "--quiet", "origin", "HEAD:perfci-data")

    fresh = another()

    assert fresh.list("") == (NAME,)
    assert fresh.get("v1/link") is None
    with pytest.raises(StoreError, match="is in its place"):
        fresh.put("v1/link", b"x", replaces=None)
    with pytest.raises(StoreError, match="is in its place"):
        fresh.put("v1/link/x", b"x", replaces=None)
    assert fresh.put("v1/y", b"x", replaces=None)
    assert ".github/odd" in sh(remote, "ls-tree", "-r", "--name-only", REF)


def test_a_file_does_not_take_the_place_of_a_folder(store: GitStore) -> None:
    store.put("v1/a/b", b"x", replaces=None)

    for name in ("v1/a", "v1/a/b/c"):
        with pytest.raises(StoreError, match=r"project\.git: v1/a/b is in its place"):
            store.put(name, b"x", replaces=None)
    assert store.list("") == ("v1/a/b",)


@pytest.mark.parametrize("name", ["v1/git~1/x", "v1/a\nb", "v1/" + "x" * 256, "v1/\ud800"])
def test_names_that_git_hosts_or_disks_refuse_are_refused(store: GitStore, name: str) -> None:
    for call in (store.get, store.delete, store.set_aside):
        with pytest.raises(StoreError, match="cannot be the name"):
            call(name)


def test_odd_names_are_kept_to_the_letter(store: GitStore, another: Open) -> None:
    names = ('"x"', "D v1", "v1/a b", 'v1/a"b', "v1/a\\b", "v1/größe")
    for name in names:
        assert store.put(name, b"x", replaces=None)
    assert another().list("") == names


def test_what_is_not_there_cannot_be_set_aside(store: GitStore) -> None:
    with pytest.raises(StoreError, match="cannot be moved: it is not on the branch"):
        store.set_aside(NAME)


def test_traces_that_are_switched_on_do_not_hide_what_git_says(
    another: Open, checkout: Path, sh: Sh
) -> None:
    sh(checkout, "remote", "set-url", "origin", "http://127.0.0.1:9/o/p.git")
    error = refused(another(GIT_TRACE="1", GIT_TRACE_CURL="1", GIT_TRACE_PACKET="1"))
    assert error.output.startswith("fatal: ")
    assert len(error.output.splitlines()) == 1


def test_outside_a_repository_it_says_so(tmp_path: Path, environ: dict[str, str]) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    error = refused(opened(folder, environ))
    assert "cannot be used as a git repository" in error.message
    assert "run perfci in a clone" in error.hint


def test_a_folder_that_is_gone_is_named(tmp_path: Path, environ: dict[str, str]) -> None:
    assert "is not there" in refused(opened(tmp_path / "no", environ)).message


def test_without_git_it_says_so(checkout: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    error = refused(opened(checkout, environ | {"PATH": str(tmp_path)}))
    assert "git was not found" in error.message


def test_a_repository_without_a_remote_is_named(another: Open, checkout: Path, sh: Sh) -> None:
    sh(checkout, "remote", "remove", "origin")
    error = refused(another(), writing=True)
    assert "has no remote" in error.message
    assert "git remote add" in error.hint


def test_a_remote_that_moved_is_named(another: Open, remote: Path) -> None:
    remote.rename(remote.with_name("moved.git"))
    error = refused(another())
    assert "does not appear to be a git repository" in error.message
    assert "set-url" in error.hint


def test_a_remote_that_nobody_answers_at_is_asked_thrice(
    checkout: Path, environ: dict[str, str], sh: Sh
) -> None:
    sh(checkout, "remote", "set-url", "origin", "http://name:word-of-mouth@127.0.0.1:9/o/p.git")
    tries: list[int] = []
    store = git_store("git:x", checkout=checkout, environ=environ, pause=tries.append)
    assert isinstance(store, GitStore)

    error = refused(store)

    assert tries == [1, 2]
    assert "branch x of http://127.0.0.1:9/o/p.git" in error.message
    assert "reachable" in error.hint
    assert "word-of-mouth" not in error.message + error.output


def test_a_server_that_stumbles_is_asked_again(host: Host, another: Open) -> None:
    left = [2]

    def stumble(request: Request) -> bool:
        left[0] -= 1
        if left[0] >= 0:
            request.say(502, "bad gateway")
        return left[0] >= 0

    host.moods.append(stumble)

    assert another().put(NAME, b"x", replaces=None)


def test_an_answer_that_got_lost_does_not_lose_the_write(host: Host, another: Open) -> None:
    lost: list[str] = []

    def lose(request: Request) -> bool:
        if request.command == "GET" or "receive-pack" not in request.path or lost:
            return False
        lost.append(request.path)
        line, request.wfile = request.wfile, io.BytesIO()
        request.backend()
        request.wfile = line
        request.close_connection = True
        return True

    host.moods.append(lose)

    assert another().put(NAME, b"x", replaces=None)
    assert lost
    assert another().list("") == (NAME,)


def test_a_remote_that_would_run_a_program_is_refused(
    another: Open, checkout: Path, sh: Sh, tmp_path: Path
) -> None:
    sh(checkout, "remote", "set-url", "origin", f"ext::sh -c touch% {tmp_path}/ran")
    error = refused(another())
    assert "transport 'ext' not allowed" in error.message
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo 'GH006: Protected branch update failed'; exit 1", "pre-receive hook declined"),
        ("printf '\\033[31mno\\n::error::owned\\n'; exit 1", "pre-receive hook declined"),
    ],
)
def test_a_rule_that_forbids_the_push_is_told_at_once(
    store: GitStore, remote: Path, script: str, why: str
) -> None:
    hook(remote, "pre-receive", script)
    error = refused(store, writing=True)
    assert f"cannot write branch perfci-data of file://{remote}: " in error.message
    assert why in error.message
    assert "choose another branch" in error.hint


def test_a_branch_in_whose_place_another_lies_is_told_at_once(
    checkout: Path, environ: dict[str, str], remote: Path, sh: Sh
) -> None:
    sh(remote, "branch", "perf", "main")
    tries: list[int] = []
    store = git_store("git:perf/data", checkout=checkout, environ=environ, pause=tries.append)
    assert isinstance(store, GitStore)

    error = refused(store, writing=True)

    assert "'refs/heads/perf' exists" in error.output
    assert tries == []


def test_a_branch_whose_lock_never_goes_ends_in_an_error(
    checkout: Path, environ: dict[str, str], remote: Path
) -> None:
    tries: list[int] = []
    store = git_store("git:x", checkout=checkout, environ=environ, pause=tries.append)
    assert isinstance(store, GitStore)
    (remote / "refs" / "heads" / "x.lock").touch()

    error = refused(store, writing=True)

    assert "failed to update ref" in error.message
    assert "x.lock" in error.output
    assert len(tries) == 9


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to mount")
def test_a_full_disk_is_told(checkout: Path, environ: dict[str, str], tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(small)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        store = opened(checkout, environ, scratch=small)
        assert store.list("") == ()
        with pytest.raises(StoreError) as caught:
            store.put(NAME, os.urandom(2_000_000), replaces=None)
        assert "No room is left" in caught.value.hint
        del store
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_no_room_for_temporary_files_is_told(
    checkout: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    store = opened(checkout, environ, scratch=tmp_path / "gone")
    assert "no temporary folder can be made" in refused(store).message


def test_a_temporary_folder_that_is_cleaned_up_meanwhile_is_told_or_made_anew(
    store: GitStore, scratch: Path
) -> None:
    store.put(NAME, b"x", replaces=None)
    for folder in scratch.iterdir():
        shutil.rmtree(folder)
    blob = store.get(NAME)
    assert blob is not None
