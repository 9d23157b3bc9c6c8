"""Two files of whatever tool are compared as they are, and what they cannot prove is said."""

import json
from pathlib import Path

import pytest

from perfci.schema import run
from tests.command.given import hyperfine, hyperfine_csv, one_after_another
from tests.schema.samples import recording

STEADY = tuple(1.0 + step / 1000 for step in range(10))
SLOWER = tuple(1.5 * value for value in STEADY)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_a_regression_between_two_files_fails_and_the_reverse_passes(tmp_path: Path) -> None:
    write(tmp_path, a__json=hyperfine(parse=STEADY), b__json=hyperfine(parse=SLOWER))
    red, green = one_after_another(
        tmp_path, ["compare", "a.json", "b.json"], ["compare", "b.json", "a.json"]
    )
    assert red.code == 1
    assert "default/parse" in red.out
    assert "regressed" in red.out
    assert "weak evidence" in red.out
    assert green.code == 0


def test_files_of_two_formats_are_compared_and_bare_numbers_are_told(tmp_path: Path) -> None:
    write(tmp_path, a__json=hyperfine(parse=STEADY), b__csv=hyperfine_csv(parse=1.5))
    there, back = one_after_another(
        tmp_path, ["compare", "a.json", "b.csv"], ["compare", "b.csv", "a.json"]
    )
    bare = "what hyperfine-csv wrote has no raw values"
    assert there.code == 1
    assert f"warning: {bare}" in there.out
    assert "weak evidence" in there.out
    assert f"warning: base: {bare}" in back.out


def test_a_folder_stands_for_its_files_of_one_format(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "a" / name).mkdir(parents=True)
        (tmp_path / "a" / name / "x.json").write_text(hyperfine(parse=STEADY))
        (tmp_path / "a" / name / "notes.txt").write_text("nothing to read")
    write(tmp_path, b__json=hyperfine(parse=SLOWER))
    (tmp_path / "mixed").mkdir()
    write(tmp_path / "mixed", a__json=hyperfine(parse=STEADY), b__csv=hyperfine_csv(parse=1))
    (tmp_path / "empty").mkdir()
    read, mixed, named, empty = one_after_another(
        tmp_path,
        ["compare", "a", "b.json", "--json"],
        ["compare", "mixed", "b.json"],
        ["compare", "mixed", "b.json", "--format", "hyperfine"],
        ["compare", "empty", "b.json"],
    )
    assert read.code == 1
    (finding,) = json.loads(read.out)["findings"]
    assert finding["base"] == pytest.approx(1.0045)
    assert mixed.code == 2
    assert "mixed holds files of several formats: 1 of hyperfine, 1 of hyperfine-csv" in mixed.err
    assert "--format hyperfine" in mixed.err
    assert named.code == 2
    assert "mixed/b.csv" in named.err or "b.csv is not valid JSON" in named.err
    assert empty.code == 2
    assert "empty is a folder without a file" in empty.err


def test_one_side_comes_from_standard_input(tmp_path: Path) -> None:
    write(tmp_path, a__json=hyperfine(parse=STEADY))
    write(tmp_path, b__json=hyperfine(parse=SLOWER))
    with (tmp_path / "b.json").open() as piped:
        both, red = one_after_another(
            tmp_path, ["compare", "-", "-"], ["compare", "a.json", "-"], stdin=piped
        )
    assert both.code == 2
    assert "cannot both be standard input" in both.err
    assert red.code == 1
    assert "a.json  ->  -" in red.out


def test_a_run_of_perfci_is_compared_with_what_was_ingested_and_with_itself(
    tmp_path: Path,
) -> None:
    (tmp_path / "run.json").write_bytes(run.dump(recording()))
    parse = {"name": "parse", "params": {"size": "16MB"}, "unit": "s", "value": 1e-9}
    a = json.dumps({"schema": "perfci.custom/1", "results": [parse]})
    write(tmp_path, a__json=a)
    itself, named, _, ingested = one_after_another(
        tmp_path,
        ["compare", "run.json", "run.json"],
        ["compare", "run.json", "a.json", "--format", "hyperfin"],
        ["ingest", "a.json", "--suite", "codec"],
        ["compare", "run.json", "perfci-results/run.json"],
    )
    assert itself.code == 0
    assert named.code == 2
    assert "there is no format 'hyperfin'" in named.err
    assert "did you mean hyperfine?" in named.err
    assert ingested.code == 0, ingested.err
    assert "codec/parse[size=16MB]" in ingested.out


def test_what_is_measured_in_two_units_is_not_compared(tmp_path: Path) -> None:
    for name, unit in (("a", "widgets"), ("b", "gadgets")):
        entry = {"name": "pack", "unit": unit, "value": 3}
        (tmp_path / f"{name}.json").write_text(json.dumps([entry], indent=2))
    (answer,) = one_after_another(tmp_path, ["compare", "a.json", "b.json"])
    assert answer.code == 2
    assert "the units differ: widgets in base, gadgets in head" in " ".join(answer.out.split())
