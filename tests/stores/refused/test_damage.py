"""What lies in a store is damaged, or of a newer perfci: nothing is lost, nothing is guessed."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.schema.samples import changed
from tests.stores.branch import job, read, write
from tests.stores.refused.conftest import SetUp
from tests.stores.refused.site import Site

FOLDER = "v1/app/branches/main"
INDEX = f"{FOLDER}/history.json"
RUN = f"{FOLDER}/runs/{job(2).run.id}.json.gz"
NEWER_RUN = b'{"schema": "perfci.stored/2"}'
BOMB = gzip.compress(bytes(300_000_000), compresslevel=9)


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def newer(data: bytes) -> bytes:
    return changed(data, "schema", to="perfci.history/2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One object that is not as perfci wrote it."""

    name: str
    spoil: Callable[[bytes], bytes]
    said: str
    of_run: bool = False
    """Whether a run is damaged, and not the index."""
    left: int = 2
    """Of two stored runs, those that are compared with."""


DAMAGES = (
    Damage(name="an index cut in two", spoil=half, said="not valid JSON at line 1"),
    Damage(name="an empty index", spoil=lambda _: b"", said="is empty"),
    Damage(name="an index of noise", spoil=lambda _: b"\x00\xff" * 999, said="not valid JSON"),
    Damage(name="an index that is a bomb", spoil=lambda _: BOMB, said="unpacks to more than"),
    Damage(name="an index of 200 MB", spoil=lambda _: b"[" + b" " * 200_000_000, said="JSON"),
    Damage(name="a run cut in two", spoil=half, said="ends too early", of_run=True, left=1),
    Damage(name="a run of noise", spoil=lambda _: b"\xff", said="JSON", of_run=True, left=1),
    Damage(name="a run that is a bomb", spoil=lambda _: BOMB, said="unpack", of_run=True, left=1),
)


def combined() -> list[Any]:
    """Return every damage in every store that it makes sense in."""
    found = []
    for kind in ("file", "git", "s3", "gitlab"):
        for damage in DAMAGES:
            if "200 MB" in damage.name and kind in {"git", "gitlab"}:
                continue  # neither takes so much
            marks = [pytest.mark.slow]
            marks += [pytest.mark.s3] if kind == "s3" else []
            name = f"{kind}-{damage.name.replace(' ', '-')}"
            found.append(pytest.param(kind, damage, id=name, marks=marks))
    return found


def spoilt(site: Site, name: str, spoil: Callable[[bytes], bytes]) -> bytes:
    """Keep two runs, and spoil an object; of a run, the index does not know. Return what it is."""
    site.keep(1, 2)
    store = site.place.machine().store
    data = spoil(read(store, name))
    write(store, name, data)
    if name == RUN:
        store.delete(INDEX)
    return data


@pytest.mark.parametrize(("kind", "damage"), combined())
def test_a_damaged_object_is_set_aside_and_named(set_up: SetUp, kind: str, damage: Damage) -> None:
    site = set_up(kind)
    name = RUN if damage.of_run else INDEX
    data = spoilt(site, name, damage.spoil)
    push = site.push(site.machine())
    assert damage.said in push.err
    assert f"{name}.damaged-1" in push.err
    assert read(site.place.machine().store, f"{name}.damaged-1") == data, "it is not lost"
    left = damage.left + 1
    if not damage.of_run and site.place.machine().store.swaps:
        assert push.code == 2, push
        assert "perfci makes a new index from the 2 stored runs" in push.err
        left -= 1
    else:
        assert push.code == 0, push
        assert push.document["recorded"]
        assert damage.said in " ".join(push.document["warnings"])
    again = site.push(site.machine())
    assert (again.code, again.document["unkept"]) == (0, None)
    assert ".damaged-" not in " ".join(again.document["warnings"]), "it is told once"
    assert site.runs() == left + 1


NEWER = [
    ("file", INDEX, newer),
    ("git", INDEX, newer),
    ("s3", INDEX, newer),
    ("gitlab", INDEX, newer),
    ("file", RUN, lambda _: NEWER_RUN),
    ("s3", RUN, lambda _: NEWER_RUN),
]


@pytest.mark.parametrize(
    ("kind", "name", "spoil"),
    [
        pytest.param(
            *case,
            marks=[
                *([] if case[:2] == ("file", INDEX) else [pytest.mark.slow]),
                *([pytest.mark.s3] if case[0] == "s3" else []),
            ],
        )
        for case in NEWER
    ],
)
def test_what_a_newer_perfci_wrote_is_not_touched(
    set_up: SetUp, kind: str, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    site = set_up(kind)
    spoilt(site, name, spoil)
    store = site.place.machine().store
    before = {each: read(store, each) for each in store.list("v1/")}
    push = site.push(site.machine())
    pull = site.propose(site.machine())
    assert (push.code, push.document) == (2, None), push
    assert (pull.code, pull.document["mode"]) == (0, "paired"), pull
    for said in (push.err, pull.err):
        assert f"{name} was written by a newer perfci" in said
        assert "Upgrade perfci here" in said
    store = site.place.machine().store
    assert {each: read(store, each) for each in store.list("v1/")} == before
    listed = site.say(site.machine(), "baseline", "list", "--json")
    assert listed.code == 2, "one that cannot be read is no sound answer"
    assert json.loads(listed.out)[0]["runs"] == 2
