"""perfci's own runs, as `perfci run` and `perfci ingest` write them and as stores keep them."""

import re
from collections.abc import Sequence

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.readers.format import Format, Proof
from perfci.readers.source import Source
from perfci.schema import run, stored

_SCHEMA = re.compile(rb'"schema"\s*:\s*"(perfci\.[a-z]+)/')
_HEAD = 65536


def _parse(sources: Sequence[Source]) -> Recording:
    if len(sources) > 1:
        names = ", ".join(source.name for source in sources)
        raise FormatError(
            f"{names} are several runs of perfci", hint="join shards by `perfci gate RUN RUN`"
        )
    data, name = sources[0].data, sources[0].name
    found = _SCHEMA.search(data[:_HEAD])
    if found and found[1] == b"perfci.stored":
        return stored.load(data, name).recording
    return run.load(data, name)


OWN = Format(
    name="perfci",
    describes="run.json of perfci itself, also as stored: runs/*.json.gz",
    proves=Proof.LAUNCHES,
    marks=(r"\A\s*\{", r'"schema"\s*:\s*"perfci\.(run|stored)/'),
    files="*run.json",
    parse=_parse,
)
