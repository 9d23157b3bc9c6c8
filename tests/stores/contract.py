"""What every store promises; a store joins by giving `store` and, where it can, `rivals`."""

from collections.abc import Callable

import pytest

from perfci.errors import StoreError
from perfci.ports import Store

RUN = "v1/app/branches/main/runs/20261123T065000Z-1a2b3c4d.json.gz"
INDEX = "v1/app/branches/main/history.json"

WORKERS = 8
INCREMENTS = 20


def increment(store: Store, times: int) -> None:
    """Count up by compare-and-swap, as the index of a branch is kept."""
    for _ in range(times):
        while True:
            blob = store.get(INDEX)
            count = int(blob.data) if blob else 0
            version = blob.version if blob else None
            if store.put(INDEX, str(count + 1).encode(), replaces=version):
                break


class StoreContract:
    """Tests that take the fixtures `store` and `compete` of a subclass.

    `compete()` lets 8 rivals call `increment(store, 20)` at once, each through its own store.
    """

    def test_what_was_put_is_there_whole(self, store: Store) -> None:
        for data in (b"", b"\0\xff\n" * 100_000):
            name = f"v1/{len(data)}"
            assert store.put(name, data, replaces=None)
            blob = store.get(name)
            assert blob is not None
            assert blob.data == data

    def test_what_was_never_put_is_none(self, store: Store) -> None:
        assert store.get(RUN) is None
        assert store.list("v1/") == ()

    def test_put_of_something_new_refuses_what_is_there(self, store: Store) -> None:
        assert store.put(RUN, b"first", replaces=None)
        assert not store.put(RUN, b"second", replaces=None)
        assert not store.put(RUN, b"first", replaces=None)
        blob = store.get(RUN)
        assert blob is not None
        assert blob.data == b"first"

    def test_put_replaces_only_the_version_that_was_read(self, store: Store) -> None:
        store.put(INDEX, b"1", replaces=None)
        old = store.get(INDEX)
        assert old is not None
        assert store.put(INDEX, b"2", replaces=old.version)
        assert not store.put(INDEX, b"3", replaces=old.version)
        new = store.get(INDEX)
        assert new is not None
        assert new.data == b"2"
        assert new.version != old.version

    def test_put_does_not_bring_back_what_is_gone(self, store: Store) -> None:
        store.put(INDEX, b"1", replaces=None)
        old = store.get(INDEX)
        assert old is not None
        store.delete(INDEX)
        assert not store.put(INDEX, b"2", replaces=old.version)
        assert store.get(INDEX) is None

    def test_many_new_ones_leave_what_is_there(self, store: Store) -> None:
        names = [f"v1/app/branches/main/runs/{number}" for number in range(5)]
        assert store.put(names[1], b"first", replaces=None)
        assert store.put_new({name: name.encode() for name in names}) == (names[1],)
        assert store.put_new(dict.fromkeys(names, b"again")) == tuple(names)
        assert store.put_new({}) == ()
        found = {name: store.get(name) for name in names}
        assert {name: blob and blob.data for name, blob in found.items()} == {
            name: b"first" if name == names[1] else name.encode() for name in names
        }

    def test_list_gives_names_by_prefix_sorted(self, store: Store) -> None:
        names = ["v1/a/x", "v1/a/y/z", "v1/ab", "v1/a-b", "v2/a/x"]
        for name in reversed(names):
            store.put(name, b"", replaces=None)
        assert store.list("v1/a") == ("v1/a-b", "v1/a/x", "v1/a/y/z", "v1/ab")
        assert store.list("v1/a/") == ("v1/a/x", "v1/a/y/z")
        assert store.list("v1/a/y/z") == ("v1/a/y/z",)
        assert store.list("v3/") == ()
        assert store.list("") == tuple(sorted(names))

    def test_delete_removes_and_may_be_repeated(self, store: Store) -> None:
        store.delete(RUN)
        store.put(RUN, b"x", replaces=None)
        store.delete(RUN)
        store.delete(RUN)
        assert store.get(RUN) is None
        assert store.put(RUN, b"y", replaces=None)
        store.put(INDEX, b"z", replaces=None)
        store.delete(RUN, "v1/app/none", INDEX)
        store.delete()
        assert store.list("") == ()

    def test_what_is_set_aside_is_kept_under_another_name(self, store: Store) -> None:
        for number in (1, 2):
            store.put(INDEX, b"damaged %d" % number, replaces=None)
            assert store.set_aside(INDEX).endswith(f"{INDEX}.damaged-{number}")
            assert store.get(INDEX) is None
        for number in (1, 2):
            kept = store.get(f"{INDEX}.damaged-{number}")
            assert kept is not None
            assert kept.data == b"damaged %d" % number

    @pytest.mark.parametrize(
        "name",
        ["", "/etc/passwd", "../x", "v1/../../x", "v1//x", "v1/", "v1/.lock", ".", "v1/a\0b"],
    )
    def test_names_that_lead_elsewhere_are_refused(self, store: Store, name: str) -> None:
        with pytest.raises(StoreError):
            store.put(name, b"x", replaces=None)
        with pytest.raises(StoreError):
            store.get(name)

    def test_eight_rivals_lose_no_increment(
        self, store: Store, compete: Callable[[], None]
    ) -> None:
        compete()
        blob = store.get(INDEX)
        assert blob is not None
        assert int(blob.data) == WORKERS * INCREMENTS
