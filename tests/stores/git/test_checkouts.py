"""Whatever the checkout is like, the store works from it and leaves no trace in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.stores.git.store import GitStore
from tests.stores.git.conftest import REF, Sh, opened

pytestmark = pytest.mark.slow  # each of them starts git some dozen times

RUN = "v1/app/branches/main/runs/20261123T065000Z-1a2b3c4d.json.gz"
INDEX = "v1/app/branches/main/history.json"


def every_file(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def use(store: GitStore) -> None:
    """Do everything that a store can do."""
    assert store.get(INDEX) is None
    assert store.put(INDEX, b"1", replaces=None)
    assert store.put(RUN, b"run", replaces=None)
    blob = store.get(INDEX)
    assert blob is not None
    assert store.put(INDEX, b"2", replaces=blob.version)
    assert store.list("v1/") == (INDEX, RUN)
    store.set_aside(INDEX)
    store.delete(RUN)
    assert store.list("v1/") == (f"{INDEX}.damaged-1",)


def whole(place: Path, remote: Path, sh: Sh) -> Path:
    sh(place, "clone", "--quiet", f"file://{remote}", "whole")
    return place / "whole"


def shallow(place: Path, remote: Path, sh: Sh) -> Path:
    sh(place, "clone", "--quiet", "--depth=1", f"file://{remote}", "shallow")
    sh(place / "shallow", "checkout", "--quiet", "--detach")
    return place / "shallow"


def partial(place: Path, remote: Path, sh: Sh) -> Path:
    sh(place, "clone", "--quiet", "--filter=tree:0", "--no-checkout", f"file://{remote}", "partial")
    return place / "partial"


def worktree(place: Path, remote: Path, sh: Sh) -> Path:
    sh(whole(place, remote, sh), "worktree", "add", "--quiet", "--detach", "../linked")
    return place / "linked"


def subfolder(place: Path, remote: Path, sh: Sh) -> Path:
    folder = whole(place, remote, sh) / "services" / "api"
    folder.mkdir(parents=True)
    return folder


def relative(place: Path, remote: Path, sh: Sh) -> Path:
    folder = subfolder(place, remote, sh)
    sh(folder, "remote", "set-url", "origin", "../../hosted/o/project.git")
    return folder


def bare(place: Path, remote: Path, sh: Sh) -> Path:
    sh(place, "clone", "--quiet", "--bare", f"file://{remote}", "bare")
    return place / "bare"


def rewritten(place: Path, remote: Path, sh: Sh) -> Path:
    folder = whole(place, remote, sh)
    sh(folder, "remote", "set-url", "origin", "host:o/project.git")
    sh(folder, "config", f"url.file://{remote.parents[1]}/.insteadOf", "host:")
    return folder


def other_name(place: Path, remote: Path, sh: Sh) -> Path:
    folder = whole(place, remote, sh)
    sh(folder, "remote", "rename", "origin", "upstream.x")
    return folder


@pytest.mark.parametrize(
    "make",
    [whole, shallow, partial, worktree, subfolder, relative, bare, rewritten, other_name],
)
def test_a_checkout_of_any_kind_is_used_and_left_as_it_was(
    make: Callable[[Path, Path, Sh], Path],
    remote: Path,
    sh: Sh,
    environ: dict[str, str],
    scratch: Path,
) -> None:
    place = remote.parents[2] / "checkouts"
    place.mkdir()
    folder = make(place, remote, sh)
    before = every_file(place)

    use(opened(folder, environ, scratch=scratch))

    assert every_file(place) == before
    assert sh(remote, "rev-parse", "--verify", REF)
    assert sh(remote, "log", "--format=%s", "main") == "second\nfirst"


def test_the_hash_that_the_repository_uses_is_used(
    tmp_path: Path, sh: Sh, environ: dict[str, str], scratch: Path
) -> None:
    bare, folder = tmp_path / "new.git", tmp_path / "new"
    sh(tmp_path, "init", "--quiet", "--bare", "--object-format=sha256", str(bare))
    sh(tmp_path, "init", "--quiet", "--object-format=sha256", str(folder))
    sh(folder, "remote", "add", "origin", f"file://{bare}")

    store = opened(folder, environ, scratch=scratch)
    use(store)

    blob = store.get(f"{INDEX}.damaged-1")
    assert blob is not None
    assert len(blob.version) == 64


def test_variables_of_a_git_hook_send_it_nowhere_else(
    checkout: Path, remote: Path, environ: dict[str, str], scratch: Path, tmp_path: Path
) -> None:
    elsewhere = {
        "GIT_DIR": str(tmp_path / "no.git"),
        "GIT_INDEX_FILE": str(checkout / "index"),
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "objects"),
        "GIT_TRACE": "1",
        "GIT_TRACE_CURL": "1",
    }

    use(opened(checkout, environ | elsewhere, scratch=scratch))

    assert not (checkout / "index").exists()
    assert not (tmp_path / "objects").exists()


def test_neither_hooks_nor_templates_of_the_user_are_run(
    checkout: Path, environ: dict[str, str], scratch: Path, tmp_path: Path, sh: Sh
) -> None:
    hooks = tmp_path / "template" / "hooks"
    hooks.mkdir(parents=True)
    for name in ("pre-push", "reference-transaction", "post-checkout"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (hooks / name).chmod(0o755)
    sh(tmp_path, "config", "--global", "core.hooksPath", str(hooks))
    sh(tmp_path, "config", "--global", "init.templateDir", str(hooks.parent))
    sh(tmp_path, "config", "--global", "push.gpgSign", "true")
    sh(tmp_path, "config", "--global", "commit.gpgSign", "true")

    use(opened(checkout, environ, scratch=scratch))

    assert not (tmp_path / "ran").exists()


def test_what_was_fetched_is_removed_with_the_store(
    checkout: Path, environ: dict[str, str], scratch: Path
) -> None:
    store = opened(checkout, environ, scratch=scratch)
    store.list("")
    assert len(list(scratch.iterdir())) == 1
    del store
    assert list(scratch.iterdir()) == []
