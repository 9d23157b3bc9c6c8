"""Whatever happens to a file, its reader answers or says FormatError; nothing else comes out."""

import json
import random
from contextlib import suppress
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.history import History
from perfci.schema import acceptance, history, packed, result, run, stored
from tests.schema.samples import accepted, changed, evaluation, kept, recording

ODD: tuple[Any, ...] = (None, True, -1, 1e300, "", "x", [], [[]], {}, {"": None}, [{}])
LOADERS: dict[str, tuple[Any, bytes]] = {
    "run": (run.load, run.dump(recording())),
    "result": (result.load, result.dump(evaluation())),
    "stored": (stored.load, stored.dump(kept())),
    "history": (
        history.load,
        history.dump(
            History(branch="main", runs=(kept().line, kept().line), acceptances=("an id",))
        ),
    ),
    "acceptance": (acceptance.load, acceptance.dump(accepted())),
}


@pytest.mark.parametrize("kind", LOADERS)
def test_a_file_cut_off_anywhere_is_a_format_error(kind: str) -> None:
    load, data = LOADERS[kind]
    for end in range(len(data.rstrip()) if kind != "stored" else len(data)):
        with pytest.raises(FormatError):
            load(data[:end], "cut")


@pytest.mark.parametrize("kind", LOADERS)
def test_flipped_bits_never_give_another_error(kind: str) -> None:
    load, data = LOADERS[kind]
    chance = random.Random(20261123)
    refused = 0
    for _ in range(1500):
        damaged = bytearray(data)
        for _ in range(chance.choice((1, 1, 5))):
            damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            load(bytes(damaged), "flipped")
        except FormatError:
            refused += 1
    assert refused > 300


@pytest.mark.parametrize("kind", LOADERS)
def test_any_part_replaced_by_anything_never_gives_another_error(kind: str) -> None:
    load, data = LOADERS[kind]
    plain = packed.unpack(data, "")
    document = json.loads(plain)

    def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        inside = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        return [path, *(deep for key, each in inside for deep in places(each, (*path, key)))]

    for path in places(document)[1:]:
        for odd in ODD:
            with suppress(FormatError):
                load(changed(plain, *path, to=odd), "odd")
