"""Only what perfci itself has written is ever removed or written over in an output folder."""

import json
from pathlib import Path

import pytest

from perfci.schema import result, run
from tests.command.conftest import App, Run
from tests.command.given import hyperfine, one_after_another
from tests.command.history.conftest import inside
from tests.schema.samples import evaluation, recording

__all__ = ["inside"]

THEIRS = ("comment.md", "report.html", "metrics.txt", "charts/logo.svg", "charts/a-1.png")
"""Files of a user that are named as perfci names its own, or lie where these do."""
BROKEN = "setup: 'exit 3'\noutput: .\nbenchmarks: [{name: a, run: 'true'}]\n"


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, by name, but for those of git."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(name): (folder / name).read_bytes() for name in names if name.parts[0] != ".git"}


@pytest.fixture
def theirs(app: App) -> App:
    """Fill the folder with a user's own files."""
    for name in THEIRS:
        app.write(name, f"my own {name}")
    app.write("bench.json", hyperfine(parse=[1.0, 1.1]))
    return app


def test_ingest_into_a_folder_of_the_user_adds_a_run_and_takes_nothing(theirs: App) -> None:
    before = tree(theirs.root)
    (answer,) = one_after_another(theirs.root, ["ingest", "bench.json", "-o", "."])
    assert answer.code == 0, answer.err
    after = tree(theirs.root)
    assert json.loads(after.pop("run.json"))["schema"] == "perfci.run/1"
    assert after == before


def test_a_run_into_a_folder_of_the_user_takes_nothing_either(theirs: App, inside: Run) -> None:
    theirs.settings(BROKEN)
    before = tree(theirs.root)
    assert inside("run").code == 2
    assert inside("run", CI="true").code == 2
    assert tree(theirs.root) == before


def test_stale_answers_go_with_the_result_that_they_belong_to(theirs: App) -> None:
    stale = ("comment.md", "codequality.json", "charts/-0123abcd.svg", "charts/a-b-0123abcd.png")
    kept = ("charts/logo.svg", "charts/logo-0123ABCD.svg", "charts/x-0123abcd.svg.bak")
    for name in (*stale, *kept):
        theirs.write(f"answered/{name}", "an earlier run's, or not")
        theirs.write(f"recorded/{name}", "not an earlier run's: it has answered nothing")
    theirs.write("answered/result.json", result.dump(evaluation()).decode())
    theirs.write("recorded/run.json", run.dump(recording()).decode())
    theirs.write("linked/result.json", result.dump(evaluation()).decode())
    (theirs.root / "linked/charts").symlink_to("../recorded/charts")
    folders = ("answered", "recorded", "linked")
    answers = one_after_another(
        theirs.root, *(["ingest", "bench.json", "-o", folder] for folder in folders)
    )
    assert [answer.code for answer in answers] == [0] * 3, answers
    assert sorted(tree(theirs.root / "answered")) == sorted(("run.json", *kept))
    assert sorted(tree(theirs.root / "recorded")) == sorted(("run.json", *stale, *kept))


@pytest.mark.slow
def test_an_input_that_an_earlier_run_has_written_stays(theirs: App) -> None:
    theirs.write("out/metrics.txt", hyperfine(parse=[1.0, 1.1]))
    for named in ("out/metrics.txt", "out"):
        (theirs.root / "out/comment.md").unlink(missing_ok=True)
        (theirs.root / "out/comment.md").symlink_to("comment.md")  # leads nowhere
        theirs.write("out/result.json", result.dump(evaluation()).decode())
        (answer,) = one_after_another(theirs.root, ["ingest", named, "-o", "out"])
        assert answer.code == 0, answer.err
        assert sorted(tree(theirs.root / "out")) == ["metrics.txt", "run.json"]
        assert not (theirs.root / "out/comment.md").is_symlink()
        (theirs.root / "out/run.json").unlink()


def test_ingesting_again_takes_nothing_of_the_user_either(app: App) -> None:
    app.write("result.json", hyperfine(parse=[1.0, 1.1]))
    app.write("metrics.txt", hyperfine(parse=[1.0, 1.1]))
    (app.root / "charts").mkdir()
    before = tree(app.root)
    commands = [["ingest", name, "-o", "."] for name in ("result.json", "metrics.txt") * 2]
    answers = one_after_another(app.root, *commands)
    assert [answer.code for answer in answers] == [0] * 4, answers
    after = tree(app.root)
    del after["run.json"]
    assert after == before
    assert (app.root / "charts").is_dir()


@pytest.mark.parametrize("link", [False, True])
def test_ingest_never_writes_over_its_own_input(app: App, *, link: bool) -> None:
    app.write("bench.json" if link else "run.json", hyperfine(parse=[1.0, 1.1]))
    if link:
        (app.root / "run.json").symlink_to("bench.json")
    before = tree(app.root)
    (answer,) = one_after_another(
        app.root, ["ingest", "bench.json" if link else "run.json", "-o", "."]
    )
    assert answer.code == 2
    assert "run.json is one of the files that are read, and would be written over" in answer.err
    assert tree(app.root) == before


@pytest.mark.parametrize("content", ["", "[]", '{"schema": "other/1"}', "perfci.run/1"])
def test_a_run_json_that_is_no_run_of_perfci_is_not_written_over(
    theirs: App, inside: Run, content: str
) -> None:
    theirs.settings(BROKEN)
    theirs.write("run.json", content)
    before = tree(theirs.root)
    for command in (["ingest", "bench.json", "-o", "."], ["run"]):
        answer = inside(*command)
        assert answer.code == 2
        assert "run.json is no run of perfci, and would be written over" in answer.err
        assert "--output" in answer.err
        assert tree(theirs.root) == before
