"""What must be true of anything that is read, whatever happened to the file."""

import math
from dataclasses import replace
from functools import cache
from random import Random

from perfci.errors import FormatError
from perfci.model.identity import parse_key
from perfci.model.run import Recording
from perfci.model.text import printable
from perfci.readers.format import Format
from perfci.readers.formats import FORMATS, detect
from perfci.readers.recording import Import, recording_of
from perfci.readers.source import Source
from perfci.schema import run
from tests.readers.mutating import mutated
from tests.readers.tools.reading import FIXTURES, NOW, SAMPLES

_LARGEST = 40_000


@cache
def seeds() -> tuple[tuple[Source, Format | None], ...]:
    """Return small files of real tools, with the format that each is recognised as."""
    paths = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    if SAMPLES.is_dir():
        paths += sorted(path for path in SAMPLES.rglob("*") if path.is_file())
    found: list[tuple[Source, Format | None]] = []
    for path in paths:
        if path.stat().st_size <= _LARGEST:
            source = Source(name=path.name, data=path.read_bytes())
            try:
                source = source.unpacked()
                found.append((source, detect(source)))
            except FormatError:
                found.append((source, None))
    return tuple(found)


def one(chance: Random) -> tuple[Format, tuple[Source, ...]]:
    """Return damaged files, mostly a single one, and the format to read them in.

    Now and then that is a wrong one.
    """
    source, own = chance.choice(seeds())
    other, _ = chance.choice(seeds())
    wrong = own is None or chance.random() < 0.1
    item = chance.choice(tuple(FORMATS.values())) if wrong else own
    assert item is not None
    files = [source] if chance.random() < 0.8 else [source, chance.choice((source, other))]
    return item, tuple(replace(it, data=mutated(it.data, other.data, chance)) for it in files)


def read(item: Format, *sources: Source) -> Recording | None:
    """Read files as one; None where their reader refuses them.

    Raises:
        AssertionError: what it reads contradicts itself.
    """
    try:
        found = item.parse([source.unpacked() for source in sources])
        if not isinstance(found, Recording):
            how = Import(tool=item.name, run_id="20261126T000000Z-0a", moment=NOW)
            found = recording_of(found, how)
    except FormatError:
        return None
    if item.name != "perfci":
        _is_sound(found)
    return found


def _is_sound(found: Recording) -> None:
    this = found.run
    keys = [it.key for it in this.measurements]
    assert len(keys) == len(set(keys))
    assert this.measurements or this.failures
    assert not {it.id for it in this.measurements} & {it.id for it in this.failures}
    assert this.started_at.tzinfo is not None
    for item in this.measurements:
        assert item.key == printable(item.key)
        assert parse_key(item.key) == (item.id, item.metric.name)
        assert item.launches
        for launch in item.launches:
            assert launch.size
            assert all(math.isfinite(v) for values in launch.clocks.values() for v in values)
    assert run.load(run.dump(found), "run.json").run.measurements == this.measurements
