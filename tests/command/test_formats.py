"""Which formats are known, and readers that come with other packages."""

import json
from pathlib import Path

from tests.command.conftest import environment
from tests.command.given import hyperfine, one_after_another

READER = """\
from perfci.model.metric import Better, Metric
from perfci.readers.format import Format, Proof
from perfci.readers.joining import each
from perfci.readers.reading import Found, Level, Reading
from perfci.readers.text import lines, number_at

TIME = Metric(name="latency", unit="s", better=Better.LOWER)

def parse(source):
    rows = [(at, text.split()) for at, text in lines(source) if text and text != "#tiny"]
    return Reading(found=tuple(
        Found(name=words[0], metric=TIME, level=Level.PROCESS,
              launches=tuple((number_at(source, at, word),) for word in words[1:]))
        for at, words in rows
    ))

def fmt(name, reader=each(parse), marks=("#tiny", "#t")):
    return Format(name=name, describes="tiny's own", proves=Proof.LAUNCHES, marks=marks,
                  parse=reader)

tiny = fmt("tiny")
taken = fmt("hyperfine")
crash = fmt("crash", lambda sources: 1 / 0, ("#crash", "#c"))
garbled = fmt("garbled", marks=("(", ")"))
shouting = fmt("SHOUT")
nothing = "a text"
"""
ENTRIES = """\
[perfci.readers]
tiny = tiny_reader:tiny
taken = tiny_reader:taken
crash = tiny_reader:crash
garbled = tiny_reader:garbled
shouting = tiny_reader:shouting
nothing = tiny_reader:nothing
gone = no_such_module:reader
"""


def installed(folder: Path) -> dict[str, str]:
    """Lay a package out as pip does; return the variables under which it is found."""
    info = folder / "tiny_reader-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "tiny_reader.py").write_text(READER)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-reader\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRIES)
    return environment() | {"PYTHONPATH": str(folder)}


def test_every_format_says_what_it_is_and_what_it_proves(tmp_path: Path) -> None:
    table, listed = one_after_another(tmp_path, ["formats"], ["formats", "--json"])
    assert table.code == listed.code == 0
    assert table.out.startswith("format ")
    rows = {row["format"]: row for row in json.loads(listed.out)}
    assert rows["hyperfine"]["proves"] == "launches"
    assert rows["hyperfine-csv"]["proves"] == "summary"
    assert all(row["what it is"] for row in rows.values())
    assert list(rows) == sorted(rows)


def test_a_reader_of_another_package_is_used_and_a_broken_one_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "a.txt").write_text("#tiny\nparse 1.0 1.01 0.99 1.0\n")
    (folder / "b.txt").write_text("#tiny\nparse 1.0 slow\n")
    (folder / "c.txt").write_text("#crash\n")
    (folder / "d.json").write_text(hyperfine(parse=(1.0, 1.1)))
    read, damaged, crashed, built_in = one_after_another(
        folder,
        ["compare", "a.txt", "a.txt"],
        ["compare", "a.txt", "b.txt"],
        ["compare", "a.txt", "c.txt"],
        ["ingest", "d.json"],
        env=installed(tmp_path / "site"),
    )
    assert read.code == 0
    assert "no regression in 1 series" in read.out
    for name, why in (
        ("taken", "hyperfine is known already"),
        ("garbled", "its marks cannot be used"),
        ("shouting", "its name is not of small letters"),
        ("nothing", "is no perfci.readers.format.Format"),
        ("gone", "ModuleNotFoundError"),
    ):
        assert f"the reader {name} of tiny-reader is not used: " in read.err
        assert why in read.err
    assert damaged.code == crashed.code == 2
    assert "b.txt, line 2: 'slow' is no number" in damaged.err
    assert "the reader crash of tiny-reader cannot read c.txt: ZeroDivisionError" in crashed.err
    assert built_in.code == 0
    assert "1 file of hyperfine" in built_in.out
