"""`perfci report`: a stored result rendered again shows the trends that its branch had then."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from perfci.baselines import keep_all
from perfci.schema import result
from perfci.stores.local import FileStore
from tests.command.baseline.conftest import inside
from tests.command.conftest import App, Run
from tests.command.given import hyperfine
from tests.reports import ninety_days
from tests.reports.builders import STARTED, evaluation, unchanged

__all__ = ["inside"]


@pytest.fixture
def folder(app: App) -> Path:
    """Return a project with 120 stored runs, 3 a day, and a result from before the last week."""
    app.settings(f"project: {ninety_days.PROJECT}\n")
    end = STARTED + timedelta(days=7)
    runs = list(ninety_days.history(end=end, of=("codec/parse", "api/search"), since=150))
    keep_all(FileStore("file:.perfci", app.root / ".perfci"), runs)
    found = evaluation(*unchanged(2))
    run = replace(found.recording.run, environment=ninety_days.MACHINE, branch=ninety_days.BRANCH)
    recording = replace(found.recording, run=run, project=ninety_days.PROJECT, compared="main")
    (app.root / "results").mkdir()
    data = result.dump(replace(found, recording=recording))
    (app.root / "results" / "result.json").write_bytes(data)
    return app.root


def test_its_trends_are_those_of_the_runs_before_it(folder: Path, inside: Run) -> None:
    answer = inside("report", "results")
    assert (answer.code, answer.err) == (0, "")
    text = (folder / "results" / "report.html").read_text()
    assert '<h2 id="trends">' in text
    # of the newest 100, which the index holds
    assert "2 series, up to 79 runs of main " in text
    assert len(list((folder / "results" / "charts").glob("trend-*.svg"))) == 2


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("store: nowhere:x\n", "the report shows no trends: "),
        ("project: other\ngate: {fail_onn: minor}\n", "did you mean"),
        ("project: shop\nstore: file:empty\n", ""),
    ],
)
def test_without_a_store_it_is_drawn_all_the_same(
    app: App, folder: Path, inside: Run, settings: str, told: str
) -> None:
    app.settings(settings)
    answer = inside("report", "results")
    assert answer.code == 0
    assert told in answer.err
    assert bool(answer.err) == bool(told)
    assert '<h2 id="trends">' not in (folder / "results" / "report.html").read_text()


@pytest.mark.parametrize("named", ["theirs", "theirs/run.json"])
def test_a_run_that_nobody_judged_says_what_does(app: App, inside: Run, named: str) -> None:
    app.write("a.json", hyperfine(parse=(1.0, 1.1)))
    assert inside("ingest", "a.json", "-o", "theirs").code == 0
    answer = inside("report", named)
    assert answer.code == 2
    assert "theirs/run.json holds a perfci.run/1, where a perfci.result/1 is needed" in answer.err
    assert "`perfci gate RUN.json`" in answer.err
    assert inside("report", named, "--as", "csv").code == 0, "its values can be had without"
