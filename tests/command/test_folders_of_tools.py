"""A folder in which a tool writes one run in two formats is read in the one that says more."""

import json
import shutil
from pathlib import Path

import pytest

from tests.command.baseline.conftest import inside
from tests.command.conftest import App, Run
from tests.command.given import hyperfine
from tests.readers.tools.reading import FIXTURES

__all__ = ["inside"]

REQUEST = "REQUEST\t1\t\tGET /\t1700000000000\t17000000000{}\tOK\t\n"
LOG = "RUN\tS\ts\t1700000000000\t \t3.0\n" + "".join(map(REQUEST.format, range(10, 40)))
STATS = {
    "type": "GROUP",
    "contents": {
        "a": {
            "type": "REQUEST",
            "name": "GET /",
            "stats": {
                "numberOfRequests": {"total": 30, "ok": 30, "ko": 0},
                "percentiles1": {"ok": 25},
                "percentiles3": {"ok": 38},
                "percentiles4": {"ok": 39},
                "meanNumberOfRequestsPerSecond": {"ok": 3},
            },
        }
    },
}


def test_criterions_folder_is_recognised_with_its_raw_csv(app: App, inside: Run) -> None:
    shutil.copytree(FIXTURES / "criterion/folder", app.root / "target/criterion")
    for new in (app.root / "target").rglob("new"):
        shutil.copy(FIXTURES / "criterion/raw.csv", new)
    found = inside("ingest", "target/criterion", "--json")
    assert found.code == 0, found
    document = json.loads(found.out)
    assert (document["format"], len(document["series"])) == ("criterion", 3)
    table = inside("ingest", "target/criterion", "--format", "criterion-csv", "--json")
    assert json.loads(table.out)["format"] == "criterion-csv", "it can still be named"


def test_a_report_with_its_log_is_read_by_the_log(app: App, inside: Run) -> None:
    app.write("gatling/simulation.log", LOG)
    app.write("gatling/js/stats.json", json.dumps(STATS))
    document = json.loads(inside("ingest", "gatling", "--json").out)
    assert (document["format"], document["files"]) == ("gatling", 1)
    (app.root / "gatling/simulation.log").unlink()
    assert json.loads(inside("ingest", "gatling", "--json").out)["format"] == "gatling-stats"


@pytest.mark.parametrize("other", ["b.json", "sum/new/b.json"])
def test_files_of_two_tools_in_a_folder_are_still_refused(
    app: App, inside: Run, other: str
) -> None:
    folder = app.root / "target"
    shutil.copytree(FIXTURES / "criterion/folder", folder)
    Path(folder / other).write_text(hyperfine(parse=(1.0, 1.1)))
    answer = inside("ingest", "target")
    assert answer.code == 2
    assert "holds files of several formats" in answer.err
