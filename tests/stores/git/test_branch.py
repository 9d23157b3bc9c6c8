"""What the branch looks like: a marker, few commits, and reads that bring only what is read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.stores.git.branch import COMMITS
from perfci.stores.git.commands import put_command
from perfci.stores.git.store import GitStore
from tests.stores.git.conftest import REF, Open, Sh
from tests.stores.git.hosting import Host, Request

Count = Callable[[], int]


@pytest.fixture
def commits(remote: Path, sh: Sh) -> Count:
    return lambda: int(sh(remote, "rev-list", "--count", REF))


@pytest.fixture
def fetched(store: GitStore, sh: Sh) -> Callable[[], int]:
    """Count the blobs of the tip that the store has here."""

    def count() -> int:
        folder = store._branch._repository.path
        assert folder is not None
        listed = sh(folder, "rev-list", "--objects", "--missing=print", "refs/perfci/tip")
        missing = sum(line.startswith("?") for line in listed.splitlines())
        whole = sh(folder, "ls-tree", "-r", "--format=%(objectname)", "refs/perfci/tip")
        return len(set(whole.splitlines())) - missing

    return count


def fill(store: GitStore, *names: str) -> None:
    for name in names:
        assert store.put(name, name.encode(), replaces=None)


def fill_at_once(store: GitStore, *names: str) -> None:
    store.list("")
    assert store._branch.push([put_command(name, name.encode()) for name in names])


def grown(store: GitStore, remote: Path, sh: Sh) -> None:
    """Make the branch look as if it had almost as many commits as it may have."""
    fill(store, "v1/a")
    message = f"grown\n\ncommits: {COMMITS - 1}"
    commit = sh(remote, "commit-tree", f"{REF}^{{tree}}", "-p", REF, "-m", message)
    sh(remote, "update-ref", REF, commit)


def test_the_branch_has_a_history_of_its_own_by_a_neutral_author(
    store: GitStore, remote: Path, sh: Sh
) -> None:
    fill(store, "v1/a", "v1/b")

    log = sh(remote, "log", "--format=%an <%ae> %cn %s", REF)
    assert log.splitlines() == ["perfci <perfci@localhost> perfci perfci: baselines [skip ci]"] * 2
    assert sh(remote, "ls-tree", "-r", "--name-only", REF).split() == [".perfci", "v1/a", "v1/b"]
    assert "written by perfci" in sh(remote, "show", f"{REF}:.perfci")
    with pytest.raises(Exception, match="merge-base"):
        sh(remote, "merge-base", "main", REF)


@pytest.mark.slow
def test_a_read_brings_one_object_and_a_row_of_reads_brings_the_rest(
    store: GitStore, another: Open, fetched: Count, host: Host
) -> None:
    names = [f"v1/runs/{number:02}" for number in range(40)]
    fill_at_once(another(), "v1/history.json", "v1/other", *names)

    assert store.list("v1/runs/") == tuple(names)
    assert fetched() == 0
    blob = store.get("v1/history.json")
    assert blob is not None
    assert fetched() == 1
    asked = len(host.seen)
    for name in names:
        found = store.get(name)
        assert found is not None
        assert found.data == name.encode()
    assert fetched() == 41
    assert len(host.seen) - asked <= 14, "two requests for each of 6 or 7 batches"


def test_a_write_brings_no_object(store: GitStore, another: Open, fetched: Count) -> None:
    fill(another(), "v1/a/x", "v1/a/y", "v1/b")

    store.put("v1/a/z", b"z", replaces=None)
    store.delete("v1/b")
    store.list("")
    store.list("")

    assert fetched() == 2, "the marker and what was written here"


@pytest.mark.parametrize("filters", ["false", "true"])
def test_a_server_that_cannot_leave_out_or_give_single_objects_is_read_whole(
    another: Open, remote: Path, checkout: Path, sh: Sh, filters: str
) -> None:
    fill(another(), "v1/a", "v1/b", "v1/c")
    sh(remote, "config", "uploadpack.allowFilter", filters)
    sh(checkout, "config", "protocol.version", "0")  # the newer one gives out any object
    store = another()

    for name in ("v1/a", "v1/b", "v1/c"):
        blob = store.get(name)
        assert blob is not None
        assert blob.data == name.encode()


@pytest.mark.slow
def test_the_branch_never_has_more_commits_than_it_may(store: GitStore, commits: Count) -> None:
    for number in range(2 * COMMITS):
        fill(store, f"v1/{number:03}")
        assert commits() == number % COMMITS + 1
    assert len(store.list("")) == 2 * COMMITS


def test_the_branch_begins_anew_before_it_grows_long(
    store: GitStore, another: Open, commits: Count, remote: Path, sh: Sh
) -> None:
    grown(store, remote, sh)
    fill(store, "v1/b")
    assert commits() == 3
    old = sh(remote, "rev-parse", REF)
    bystander = another()
    assert bystander.list("") == ("v1/a", "v1/b")

    fill(store, "v1/c")
    assert commits() == 1
    fill(bystander, "v1/d")
    assert commits() == 2

    assert another().list("") == ("v1/a", "v1/b", "v1/c", "v1/d")
    for name in ("v1/a", "v1/d"):
        blob = bystander.get(name)
        assert blob is not None
        assert blob.data == name.encode()
    assert old not in sh(remote, "rev-list", REF)


def test_where_force_is_forbidden_the_branch_goes_on_growing(
    store: GitStore, commits: Count, remote: Path, sh: Sh
) -> None:
    grown(store, remote, sh)
    sh(remote, "config", "receive.denyNonFastForwards", "true")
    fill(store, "v1/b", "v1/c", "v1/d")

    assert commits() == 5
    store.delete("v1/b", "v1/c")
    assert commits() == 6
    assert "v1/b" not in store.list("v1/")


def test_what_is_deleted_leaves_no_past_and_takes_one_commit(
    store: GitStore, another: Open, commits: Count, remote: Path, sh: Sh
) -> None:
    fill(store, "v1/a", "v1/b", "v1/c", "v1/d")
    (blob,) = sh(remote, "rev-parse", f"{REF}:v1/b").split()
    another().delete("v1/b", "v1/c", "v1/none")
    assert commits() == 1
    assert another().list("") == ("v1/a", "v1/d")
    assert blob not in sh(remote, "rev-list", "--objects", REF)


def test_deleting_what_is_not_there_writes_nothing(store: GitStore, commits: Count) -> None:
    fill(store, "v1/a", "v1/b")
    store.delete("v1/none")
    store.delete()
    assert commits() == 2


def test_deleting_loses_nothing_that_is_written_meanwhile(store: GitStore, another: Open) -> None:
    fill(store, "v1/a", "v1/b")
    slow = another()
    slow.list("")
    fill(store, "v1/c")

    slow.delete("v1/a")

    assert another().list("") == ("v1/b", "v1/c")


def test_many_new_ones_are_one_commit(store: GitStore, another: Open, commits: Count) -> None:
    fill(store, "v1/a")
    slow = another()
    slow.list("")
    fill(store, "v1/b")
    assert slow.put_new({f"v1/{name}": b"x" for name in "bcdef"}) == ("v1/b",)
    assert commits() == 3
    assert another().list("") == tuple(f"v1/{name}" for name in "abcdef")


def test_what_was_read_before_is_read_afresh(store: GitStore, another: Open) -> None:
    fill(store, "v1/a")
    assert store.get("v1/b") is None
    assert store.list("v1/") == ("v1/a",)

    fill(another(), "v1/b", "v1/c")

    assert store.list("v1/") == ("v1/a", "v1/b", "v1/c")
    another().delete("v1/b")
    assert store.get("v1/a") is not None
    assert store.get("v1/a") is not None
    assert store.get("v1/b") is None
    fill(another(), "v1/d")
    assert store.get("v1/d") is not None, "nothing is said to be absent without a fresh look"
    fill(store, "v1/e")
    fill(another(), "v1/f")
    assert store.get("v1/f") is not None


def test_nothing_is_refused_or_left_out_but_after_a_fresh_look(
    store: GitStore, another: Open
) -> None:
    fill(store, "v1/a")
    fill(another(), "v1/b")
    store.delete("v1/b")
    assert another().list("") == ("v1/a",)
    fill(another(), "v1/c")
    assert store.set_aside("v1/c") == "git:perfci-data/v1/c.damaged-1"
    there = another().get("v1/a")
    assert there is not None
    assert another().put("v1/a", b"2", replaces=there.version)
    newer = another().get("v1/a")
    assert newer is not None
    assert store.put("v1/a", b"3", replaces=newer.version)


def test_a_branch_that_was_deleted_is_an_empty_store(store: GitStore, remote: Path, sh: Sh) -> None:
    fill(store, "v1/a")
    assert store.list("") == ("v1/a",)
    sh(remote, "update-ref", "-d", REF)

    assert store.list("") == ()
    assert store.put("v1/b", b"b", replaces=None)
    assert store.list("") == ("v1/b",)


def test_one_look_serves_many_reads(host: Host, store: GitStore, another: Open) -> None:
    fill(another(), "v1/a", "v1/b")
    host.seen.clear()
    looks: list[str] = []

    def count(request: Request) -> bool:
        if request.path.endswith("info/refs?service=git-upload-pack"):
            looks.append(request.path)
        return False

    host.moods.append(count)
    store.list("v1/a")
    store.list("v1/b")
    store.list("v1/c")

    assert len(looks) == 1
