"""What files add to the contract: durability, leftovers, permissions, a full disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError, StoreError
from perfci.stores.local import FileStore
from perfci.stores.open import open_store

ROOT = Path(__file__).parents[2]
NAME = "v1/app/branches/main/history.json"


def store_in(folder: Path) -> FileStore:
    return FileStore("file:kept", folder / "kept")


def test_a_new_store_hides_itself_from_git(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.put(NAME, b"x", replaces=None)
    ignore = tmp_path / "kept" / ".gitignore"
    assert ignore.read_text().splitlines()[-1] == "*"
    ignore.unlink()
    store.put("v1/other", b"x", replaces=None)
    assert not ignore.exists(), "who takes it away wants the runs in git"


def test_a_folder_that_was_there_is_not_hidden(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    store_in(tmp_path).put(NAME, b"x", replaces=None)
    assert not (tmp_path / "kept" / ".gitignore").exists()


def test_reading_makes_nothing(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert store.get(NAME) is None
    assert store.list("") == ()
    store.delete(NAME)
    assert list(tmp_path.iterdir()) == []


def test_a_version_is_that_of_the_content_alone(tmp_path: Path) -> None:
    first, second = store_in(tmp_path / "a"), store_in(tmp_path / "b")
    for store in (first, second):
        store.put(NAME, b"same", replaces=None)
    one, other = first.get(NAME), second.get(NAME)
    assert one is not None
    assert one == other
    assert len(one.version) == 64


def test_what_a_killed_writer_left_is_swept(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.put(NAME, b"old", replaces=None)
    victim = tmp_path / "victim"
    victim.write_bytes(b"not ours")
    (tmp_path / "kept" / ".partial").symlink_to(victim)
    assert store.list("") == (NAME,)
    assert store.put("v1/other", b"new", replaces=None)
    assert sorted(each.name for each in (tmp_path / "kept").iterdir()) == [
        ".gitignore",
        ".lock",
        "v1",
    ]
    assert victim.read_bytes() == b"not ours"


def test_the_old_content_stays_where_the_new_does_not_fit(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.put(NAME, b"old", replaces=None)
    code = f"""
import resource
from pathlib import Path
from perfci.errors import StoreError
from perfci.stores.local import FileStore
store = FileStore("file:kept", Path({str(tmp_path / "kept")!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    store.put({NAME!r}, b"x" * 5000, replaces=store.get({NAME!r}).version)
except StoreError as error:
    print(error.message, error.hint, sep="|")
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    message, _, hint = ended.stdout.strip().partition("|")
    assert message.startswith(f"file:kept: cannot write {tmp_path}/kept/{NAME}: File too large")
    assert hint
    blob = store.get(NAME)
    assert blob is not None
    assert blob.data == b"old"
    assert not (tmp_path / "kept" / ".partial").exists(), "it would fill what is left of the disk"
    assert store.put(NAME, b"new", replaces=blob.version)


@pytest.mark.parametrize("stands", ["kept", "kept/v1"])
def test_a_file_in_place_of_a_folder_is_told(tmp_path: Path, stands: str) -> None:
    (tmp_path / stands).parent.mkdir(exist_ok=True)
    (tmp_path / stands).write_bytes(b"")
    with pytest.raises(StoreError, match="cannot") as caught:
        store_in(tmp_path).put(NAME, b"x", replaces=None)
    assert str(tmp_path) in caught.value.message
    assert "file stands where a folder" in caught.value.hint.lower()


def test_a_folder_in_place_of_a_blob_is_told(tmp_path: Path) -> None:
    (tmp_path / "kept" / NAME).mkdir(parents=True)
    with pytest.raises(StoreError, match="Is a directory"):
        store_in(tmp_path).get(NAME)


def test_what_is_no_file_is_told_and_neither_waited_for_nor_read(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.put(NAME, b"x", replaces=None)
    outside = tmp_path / "outside"
    outside.write_bytes(b"not the store's")
    folder = (tmp_path / "kept" / NAME).parent
    os.mkfifo(folder / "pipe")
    (folder / "endless").symlink_to("/dev/zero")
    (folder / "leads-out").symlink_to(outside)
    with (folder / "huge").open("wb") as file:
        file.truncate(2**40)
    above = NAME.rpartition("/")[0]
    for name, says in {
        "pipe": "no regular file",
        "endless": "a link is not followed",
        "leads-out": "a link is not followed",
        "huge": "larger than 512 MiB",
    }.items():
        with pytest.raises(StoreError, match=says) as caught:
            store.get(f"{above}/{name}")
        assert str(folder / name) in caught.value.message
        assert caught.value.hint
    with pytest.raises(StoreError, match="a link is not followed"):
        store.put(f"{above}/leads-out", b"y", replaces=None)
    assert outside.read_bytes() == b"not the store's"
    assert store.list("") == (f"{above}/history.json", f"{above}/huge")
    store.delete(f"{above}/leads-out")
    store.set_aside(f"{above}/pipe")
    assert not store.list(f"{above}/pipe")
    assert outside.exists()


def test_a_folder_that_is_a_link_leads_nowhere(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.put(NAME, b"x", replaces=None)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "history.json").write_bytes(b"not the store's")
    (tmp_path / "kept" / "v1" / "app" / "branches" / "linked").symlink_to(elsewhere)
    name = "v1/app/branches/linked/history.json"
    assert store.list("") == (NAME,)
    for attempt in (
        lambda: store.get(name),
        lambda: store.put(name, b"y", replaces=None),
        lambda: store.put(f"{name}/deeper", b"y", replaces=None),
        lambda: store.delete(name),
        lambda: store.set_aside(name),
        lambda: store.list("v1/app/branches/linked/"),
    ):
        with pytest.raises(StoreError, match="a link is not followed inside a store") as caught:
            attempt()
        assert "branches/linked" in caught.value.message
    assert [each.name for each in elsewhere.iterdir()] == ["history.json"]


def test_the_folder_of_a_store_may_be_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "kept").symlink_to(tmp_path / "disk")
    store = store_in(tmp_path)
    assert store.put(NAME, b"x", replaces=None)
    assert (tmp_path / "disk" / NAME).read_bytes() == b"x"
    assert store.get(NAME) is not None
    assert store.list("") == (NAME,)


def test_folders_nested_without_end_are_listed(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.put(NAME, b"x", replaces=None)
    subprocess.run(["mkdir", "-p", "/".join(["d"] * 1200)], cwd=tmp_path / "kept", check=True)
    assert store.list("") == (NAME,)
    # deeper than pytest tidies up
    subprocess.run(["rm", "-r", "d"], cwd=tmp_path / "kept", check=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_told(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="Permission denied") as caught:
        store_in(tmp_path).put(NAME, b"x", replaces=None)
    assert "right" in caught.value.hint


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="too long"):
        store_in(tmp_path).put("v1/" + "x" * 300, b"x", replaces=None)


def test_setting_aside_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot move"):
        store_in(tmp_path).set_aside(NAME)


@pytest.mark.parametrize("url", ["file:kept", "file:./kept", "file://kept"])
def test_a_relative_store_lies_below_the_configuration(tmp_path: Path, url: str) -> None:
    store = open_store(url, tmp_path)
    assert store.url == url
    store.put(NAME, b"x", replaces=None)
    assert (tmp_path / "kept" / NAME).read_bytes() == b"x"


def test_an_absolute_store_lies_where_it_says(tmp_path: Path) -> None:
    for number, url in enumerate((f"file:{tmp_path}/kept", f"file://{tmp_path}/kept")):
        open_store(url, Path("/nowhere")).put(f"v1/{number}", b"x", replaces=None)
        assert (tmp_path / "kept" / "v1" / str(number)).exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("fil:.perfci", "Did you mean file:.perfci?"),
        ("FILE:.perfci", "Did you mean file:.perfci?"),
        ("redis://host", "Known: file:, git:, s3:, artifact:, gitlab:."),
        (".perfci", "Did you mean file:.perfci?"),
        ("", "Write it like file:.perfci"),
        ("file:", "Write it like file:.perfci"),
    ],
)
def test_an_unknown_store_is_refused_with_what_is_known(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_store(url, Path())
    assert repr(url) in caught.value.message
    assert says in caught.value.hint
