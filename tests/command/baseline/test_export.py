"""What is stored goes into another store, or into tables, and comes back unchanged."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from perfci.baselines import record
from perfci.ports import Store
from perfci.stores.open import open_store
from tests.baselines.branch import PARSE, drawn
from tests.command.conftest import App, Run
from tests.stores.branch import FOLDER, PASSED, job, points

KEY = "codec/parse[size=16MB]:latency"


def store(app: App, url: str = "file:.perfci") -> Store:
    return open_store(url, app.root)


@pytest.fixture
def full(app: App) -> App:
    for number in (1, 2):
        record(store(app), job(number), PASSED, {KEY: drawn("o")})
    record(store(app), job(3, branch="a/b c"), PASSED, {KEY: drawn("o"), PARSE: drawn("o")})
    return app


def export(inside: Run, *arguments: str) -> Any:
    return inside("baseline", "export", *arguments)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_a_copy_and_a_copy_of_the_copy_are_the_same_bytes(full: App, inside: Run) -> None:
    answer = export(inside, "--to", "file:there")
    assert answer.code == 0, answer
    assert "file:.perfci to file:there: 5 copied" in answer.out
    back = export(inside, "--store", "file:there", "--to", str(full.root / "back"))
    assert back.code == 0, back
    assert contents(full.root / "there") == contents(full.root / ".perfci")
    assert contents(full.root / "back") == contents(full.root / ".perfci")
    again = json.loads(export(inside, "--to", "file:there", "--json").out)
    assert (again["copied"], again["there"], again["bytes"]) == (0, 5, 0)


def test_one_branch_may_be_copied_alone(full: App, inside: Run) -> None:
    assert export(inside, "--to", "file:there", "--branch", "feature").code == 0
    names = store(full, "file:there").list("")
    assert names
    assert all(name.startswith(f"{FOLDER}/") for name in names)


def test_what_differs_in_the_target_is_left_and_told(full: App, inside: Run) -> None:
    record(store(full, "file:there"), job(1), PASSED, points(1))
    answer = export(inside, "--to", "file:there")
    assert answer.code == 2
    assert f"holds something else as {FOLDER}/runs/{job(1).run.id}.json.gz" in answer.err
    assert "1 differ" in answer.out
    assert len(store(full, "file:there").list(f"{FOLDER}/runs/")) == 2


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--to", "file:.perfci"), "is the store that is to be copied"),
        (("--to", "ftp:x"), "does not know"),
        (("--to", "file:x", "--branch", "absent"), "nothing is stored"),
        (("--to", "file:x", "--store", "file:absent"), "nothing is stored"),
        ((), "one of the arguments --to --parquet is required"),
    ],
)
def test_what_cannot_be_copied_is_told(
    full: App, inside: Run, flags: tuple[str, ...], says: str
) -> None:
    answer = export(inside, *flags)
    assert answer.code == 2
    assert says in answer.err


def test_without_the_library_the_message_says_how_to_get_it(full: App, perfci: Run) -> None:
    blocked = full.root / "blocked"
    blocked.mkdir()
    (blocked / "pyarrow.py").write_text("raise ImportError('blocked')\n")
    answer = perfci("baseline", "export", "--parquet", "out", PYTHONPATH=str(blocked))
    assert answer.code == 2
    assert "pip install 'perf-regression[parquet]'" in answer.err
    assert not (full.root / "out").exists()


needs_arrow = pytest.mark.skipif(
    importlib.util.find_spec("pyarrow") is None, reason="pyarrow is not installed"
)


@needs_arrow
def test_tables_are_one_file_a_run_and_are_not_written_twice(full: App, inside: Run) -> None:
    answer = export(inside, "--parquet", "out", "--json")
    assert answer.code == 0, answer
    assert json.loads(answer.out) == {"to": "out", "written": 3, "there": 0, "left_out": 0}
    folder = full.root / "out/project=app"
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet"))
    date = "date=2026-11-23"
    assert found == [
        f"branch=a%2Fb%20c/{date}/{job(3).run.id}.parquet",
        f"branch=feature/{date}/{job(1).run.id}.parquet",
        f"branch=feature/{date}/{job(2).run.id}.parquet",
    ]
    record(store(full), job(4), PASSED, {KEY: drawn("o")})
    assert json.loads(export(inside, "--parquet", "out", "--json").out)["written"] == 1


@needs_arrow
def test_a_damaged_run_is_left_out_and_the_rest_is_written(full: App, inside: Run) -> None:
    path = full.root / ".perfci" / FOLDER / "runs" / f"{job(1).run.id}.json.gz"
    path.write_bytes(b"x")
    answer = export(inside, "--parquet", "out", "--json")
    assert answer.code == 2
    assert path.name in answer.err
    assert json.loads(answer.out)["written"] == 2


@needs_arrow
def test_duckdb_reads_the_tables_with_their_folders_as_columns(full: App, inside: Run) -> None:
    duckdb = pytest.importorskip("duckdb")
    assert export(inside, "--parquet", "out").code == 0
    files = f"read_parquet('{full.root}/out/**/*.parquet', hive_partitioning=true)"
    rows = duckdb.sql(
        "select project, branch, date::varchar, run, series, centre, n, unit, direction,"
        f" parameters['size'], launches, started_at::varchar from {files}"
        " order by run"
    ).fetchall()
    assert len(rows) == 3
    first, *_, last = rows
    assert first[:10] == (
        "app",
        "feature",
        "2026-11-23",
        job(1).run.id,
        KEY,
        1.0,
        2,
        "s",
        "lower",
        "16MB",
    )
    assert first[10] == [[0.041, 0.042], [0.041, 0.042]]
    assert last[1] == "a/b c"
