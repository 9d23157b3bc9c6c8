"""`history --html` and `report --as -o` write the one file that is named, and lose no other."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from perfci.schema import result, run
from tests.command.conftest import Answer, App, Run, environment
from tests.command.history.conftest import inside
from tests.command.history.series import SLOWER, lines, series
from tests.schema.samples import evaluation, recording

__all__ = ["inside"]

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
PAGE = "<!doctype html>"
TABLE = "name,"
HTML = ("history", "series.jsonl", "--html")
CSV = ("report", "in/run.json", "--as", "csv", "-o")
BOTH = pytest.mark.parametrize(("command", "begins"), [(HTML, PAGE), (CSV, TABLE)])


@pytest.fixture
def stage(app: App) -> App:
    """Make a history, and a run with its result."""
    app.write("series.jsonl", lines(series(SLOWER)))
    app.write("in/result.json", result.dump(evaluation()).decode())
    app.write("in/run.json", run.dump(recording()).decode())
    return app


def refused(answer: Answer, *said: str) -> bool:
    return answer.code == 2 and answer.out == "" and all(each in answer.err for each in said)


@pytest.mark.parametrize("target", ["series.jsonl", "link", "in/../series.jsonl"])
def test_a_history_is_not_written_over_by_its_page(stage: App, inside: Run, target: str) -> None:
    (stage.root / "link").symlink_to("series.jsonl")
    before = (stage.root / "series.jsonl").read_bytes()
    answer = inside(*HTML, target)
    assert refused(answer, f"{target} is one of the files that are read")
    assert (stage.root / "series.jsonl").read_bytes() == before
    assert (stage.root / "link").is_symlink()


def test_what_is_no_page_is_not_written_over_by_one(stage: App, inside: Run) -> None:
    stage.write("runs.csv", "time,commit,x\n")
    # the files that are read were forgotten: the store's runs are meant
    for command in (("history",), ("history", "series.jsonl")):
        assert refused(inside(*command, "--html", "runs.csv"), "runs.csv is no HTML page")
    assert (stage.root / "runs.csv").read_text() == "time,commit,x\n"


@pytest.mark.parametrize("older", ["", "<!doctype html>old", "\n <!DOCTYPE HTML>old"])
def test_an_older_page_and_an_empty_file_are_replaced(stage: App, inside: Run, older: str) -> None:
    stage.write("page.html", older)
    assert inside(*HTML, "page.html").code == 0
    page = (stage.root / "page.html").read_text()
    assert page.startswith(PAGE)
    assert "parse:latency" in page


def test_a_page_in_a_folder_that_is_read_is_drawn_again(stage: App, inside: Run) -> None:
    (stage.root / "runs").mkdir()
    (stage.root / "series.jsonl").rename(stage.root / "runs/series.jsonl")
    for _ in "once", "again":
        assert inside("history", "runs", "--html", "runs/page.html").code == 0
    answer = inside("history", "runs", "--html", "runs/series.jsonl")
    assert refused(answer, "runs/series.jsonl is no HTML page")


def test_without_a_series_no_page_is_written_and_that_is_said(stage: App, inside: Run) -> None:
    stage.write("page.html", "<!doctype html>old")
    answer = inside("history", "--branch", "main", "--html", "page.html")
    assert answer.code == 0
    assert "there is no series to draw, and page.html is not written" in answer.err
    assert (stage.root / "page.html").read_text() == "<!doctype html>old"


@pytest.mark.parametrize(
    ("named", "target"),
    [
        ("in/run.json", "in/run.json"),
        ("in", "in/result.json"),
        ("in/result.json", "in/run.json"),
        ("in/run.json", "link"),
    ],
)
def test_values_are_not_written_over_what_they_are_read_from(
    stage: App, inside: Run, named: str, target: str
) -> None:
    (stage.root / "link").symlink_to("in/run.json")
    before = [(stage.root / "in" / name).read_bytes() for name in ("run.json", "result.json")]
    answer = inside("report", named, "--as", "csv", "-o", target)
    assert refused(answer, f"{target} is one of the files that are read")
    after = [(stage.root / "in" / name).read_bytes() for name in ("run.json", "result.json")]
    assert after == before
    assert (stage.root / "link").is_symlink()


def test_a_minus_is_standard_output_and_the_table_of_a_history_has_it(
    stage: App, inside: Run
) -> None:
    printed = inside(*CSV, "-")
    assert printed.code == 0
    assert printed.out == inside(*CSV[:-1]).out
    assert printed.out.startswith(TABLE)
    assert refused(inside(*HTML, "-"), "standard output has the table", "--html history.html")
    assert not (stage.root / "-").exists()


@BOTH
@pytest.mark.parametrize("folder", [".", "in", "new/"])
def test_a_folder_is_no_file(
    stage: App, inside: Run, command: tuple[str, ...], begins: str, folder: str
) -> None:
    assert begins
    assert refused(inside(*command, folder), f"{folder} is a folder", "name a file")
    assert not (stage.root / "new").exists()


@BOTH
def test_a_link_stays_and_the_file_behind_it_is_written(
    stage: App, inside: Run, command: tuple[str, ...], begins: str
) -> None:
    (stage.root / "far").mkdir()
    (stage.root / "link").symlink_to("far/next")
    (stage.root / "far/next").symlink_to("page")
    for _ in "not there yet", "there":
        assert inside(*command, "link").code == 0
        assert (stage.root / "link").readlink() == Path("far/next")
        assert (stage.root / "far/next").readlink() == Path("page")
        assert (stage.root / "far/page").read_text().startswith(begins)
    assert sorted(path.name for path in (stage.root / "far").iterdir()) == ["next", "page"]


@BOTH
def test_links_in_a_ring_are_told(
    stage: App, inside: Run, command: tuple[str, ...], begins: str
) -> None:
    assert begins
    (stage.root / "a").symlink_to("b")
    (stage.root / "b").symlink_to("a")
    assert refused(inside(*command, "a"), "a could not be written", "symbolic links")


@BOTH
def test_a_pipe_is_written_to_and_stays_one(
    stage: App, inside: Run, command: tuple[str, ...], begins: str
) -> None:
    pipe = stage.root / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    answer = inside(*command, "pipe")
    assert stat.S_ISFIFO(pipe.lstat().st_mode), "replaced by a file"
    assert answer.code == 0, answer.err
    reader.join(20)
    assert read[0].startswith(begins.encode())


@AS_ROOT
@BOTH
def test_a_device_is_written_to_and_stays_one(
    stage: App, inside: Run, command: tuple[str, ...], begins: str
) -> None:
    assert begins
    devices = {"null": os.makedev(1, 3), "full": os.makedev(1, 7)}
    for name, number in devices.items():
        try:
            os.mknod(stage.root / name, 0o666 | stat.S_IFCHR, number)
            (stage.root / name).open("wb").close()
        except PermissionError:
            # only root may, and not in every container; pipes and links show the rule, too
            pytest.skip("no devices can be made or opened here")
    (stage.root / "link").symlink_to("null")
    assert inside(*command, "link").code == 0
    assert inside(*command, "null").code == 0
    assert refused(inside(*command, "full"), "full could not be written: No space left on device")
    for name, number in devices.items():
        assert (stage.root / name).lstat().st_rdev == number
    assert (stage.root / "link").is_symlink()


def started(stage: App, *command: str, stdout: Path) -> int:
    """Run the command with its output going to the end of a file; return its exit code."""
    with stdout.open("ab") as file:
        done = subprocess.run(
            [sys.executable, "-m", "perfci", *command],
            cwd=stage.root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
    return done.returncode


@pytest.mark.slow
def test_a_log_that_is_open_as_standard_output_is_not_replaced(stage: App) -> None:
    log = stage.root / "log"
    log.write_text("before\n")
    number = log.stat().st_ino
    # this very process's names, and not the machine's /dev/stdout
    (stage.root / "output").symlink_to("/proc/self/fd/1")
    assert started(stage, *CSV, "output", stdout=log) == 0
    assert log.read_text().startswith("before\nname,")
    assert started(stage, *HTML, "output", stdout=log) == 2
    assert log.read_text().count("before\n") == 1
    assert PAGE not in log.read_text()
    log.write_text("")
    assert started(stage, *HTML, "output", stdout=log) == 2
    assert started(stage, *HTML, "log", stdout=log) == 2
    assert log.read_text() == "", "the table would be written into the page"
    assert log.stat().st_ino == number


def test_a_file_that_cannot_be_written_stays_as_it_was(stage: App, inside: Run) -> None:
    answer = inside(*CSV, "series.jsonl/values.csv")
    assert refused(answer, "series.jsonl/values.csv could not be written: Not a directory")
    assert "--output" not in answer.err


@AS_ROOT
def test_root_gives_the_file_to_the_folders_owner_and_leaves_the_folder_alone(
    stage: App, inside: Run
) -> None:
    os.chown(stage.root, 1001, 127)
    (stage.root / "mine").mkdir()
    assert inside(*CSV, "new/values.csv").code == 0
    assert inside(*CSV, "mine/values.csv").code == 0
    owners = {
        name: (stage.root / name).stat().st_uid
        for name in ("new", "new/values.csv", "mine", "mine/values.csv")
    }
    assert owners == {"new": 1001, "new/values.csv": 1001, "mine": 0, "mine/values.csv": 0}
