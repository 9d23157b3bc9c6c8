"""The line of the index that a stored run makes, without its raw values."""

from perfci.model.history import StoredRun
from perfci.schema import run, stored
from perfci.schema.document import schema_of
from perfci.schema.packed import unpack
from perfci.schema.sound_history import load_sound_line


def load_line(data: bytes, source: str) -> StoredRun:
    """Return the line of a stored run; of one that is sound, its launches are not looked at.

    Args:
        data: the object, plain or gzip.
        source: its name, for messages.

    Raises:
        FormatError: damaged, foreign, or (NewerVersionError) of a newer perfci.
    """
    data = unpack(data, source)
    sound = load_sound_line(data, schema_of(stored.KIND), schema_of(run.KIND))
    return sound or stored.load(data, source).line
