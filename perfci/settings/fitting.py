"""Whether what an entry under `benchmarks` says goes together."""

from typing import TYPE_CHECKING

from perfci.model.measured import SERVER_METRICS, YIELDS
from perfci.model.work import (
    Ai,
    Command,
    Function,
    HomeAssistant,
    Http,
    Results,
    System,
    Work,
)
from perfci.settings.addresses import PORT
from perfci.settings.fields import told_metrics
from perfci.settings.parameters import count, mentions
from perfci.settings.spelling import shown
from perfci.settings.table import shape

if TYPE_CHECKING:
    from perfci.settings.entry import Entry

MOST_COMBINATIONS = 1000
OUTPUT = "output"
"""In the braces of a command: the file that a tool is told to write its results to."""

KINDS: dict[str, type[Work]] = {
    "run": Command,
    "python": Function,
    "http": Http,
    "ai": Ai,
    "home_assistant": HomeAssistant,
    "system": System,
    "results": Results,
}
"""Keys that say what is measured; an entry has one of them."""
_PROCESS = ("run", "python")
_SERVED = ("http", "ai", "home_assistant")
_FITS = {
    "setup": ("python",),
    "teardown": ("python",),
    "gc": ("python",),
    "input": ("run",),
    "exit_codes": ("run",),
    "prepare": ("run",),
    "cleanup": ("run",),
    "startup": ("run",),
    "checksum": _PROCESS,
    "env": _PROCESS,
    "cwd": _PROCESS,
    "image": _PROCESS,
    "service": _SERVED,
    "read": ("run", "results"),
    "output": ("run",),
}
"""Which kinds an option is for; what is not named here is for all."""


def insist_on_fit(entry: "Entry") -> None:
    """Make sure that an entry has one kind of work, and nothing that is for another.

    Raises:
        PydanticCustomError: it has not; says what to change.
    """
    _one_kind(entry)
    _options(entry)
    if entry.reads:
        _results(entry)
    _metrics(entry)
    _parameters(entry)
    _port(entry)


def _one_kind(entry: "Entry") -> None:
    kinds = [kind for kind in KINDS if getattr(entry, kind) is not None]
    if not kinds:
        raise shape(f"has nothing to measure: it needs one of {', '.join(KINDS)}")
    if len(kinds) > 1:
        raise shape(f"has both {kinds[0]} and {kinds[1]}; split it in two")


def _options(entry: "Entry") -> None:
    for name, kinds in _FITS.items():
        if name in entry.model_fields_set and entry.kind not in kinds:
            raise shape(f"has {name}, which is for {' or '.join(kinds)}, not for {entry.kind}")
    if entry.kind == "python" and isinstance(entry.checksum, str):
        raise shape("has a text as checksum, which is for run; python has checksum: true")
    if entry.output is not None and entry.read is None:
        raise shape("has output, but not the format that it is to be read in: `read`")


def _results(entry: "Entry") -> None:
    for name in ("checksum", "image", "startup"):
        if name in entry.model_fields_set:
            raise shape(f"has {name}, which a tool whose results are read cannot have")
    words = (entry.run,) if isinstance(entry.run, str) else entry.run or ()
    if entry.output is not None and any(mentions(word, OUTPUT) for word in words):
        raise shape("has both output and {output} in its command; leave out one of the two")
    if OUTPUT in entry.parameters:
        raise shape("has a parameter output, but {output} is the file that perfci chooses")


def _metrics(entry: "Entry") -> None:
    names = entry.metrics or ()
    if len(set(names)) < len(names):
        raise shape("names a metric twice")
    if entry.reads:
        return  # a tool's metrics have names of its own
    known = YIELDS[KINDS[entry.kind]].all
    if entry.image is not None and "instructions" in names:
        raise shape("cannot count instructions in an image; leave out one of the two")
    for name in names:
        if name not in known:
            raise shape(f"has no {name} to measure; {entry.kind} has {told_metrics(known)}")
        if entry.kind in _SERVED and name in SERVER_METRICS and entry.service is None:
            raise shape(f"can measure {name} only of a service that perfci starts")


def _parameters(entry: "Entry") -> None:
    number = count(entry.parameters)
    if number > MOST_COMBINATIONS:
        raise shape(f"has {shown(number)} combinations, more than {MOST_COMBINATIONS}")
    if PORT in entry.parameters and entry.kind in _SERVED:
        raise shape("has a parameter port, but {port} is the port that perfci chooses")
    if entry.kind in {"python", "system"}:
        return
    text = "\n".join(entry.texts())
    for name in entry.parameters:
        if not mentions(text, name):
            raise shape(f"has a parameter {name} that is nowhere used: write {{{name}}}")


def _port(entry: "Entry") -> None:
    work = entry.http or entry.ai or entry.home_assistant
    if work and entry.service is None and mentions(work.url, PORT):
        raise shape("has {port} in its url, but no service that could listen there")
