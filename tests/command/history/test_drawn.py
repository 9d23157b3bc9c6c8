"""`perfci history --html`: the same history as a page."""

from tests.command.conftest import App, Run
from tests.command.history.series import QUIET, SLOWER, lines, series

HOSTILE = "a/<script>alert(1)</script>\x1b[31m:latency"


def drawn(app: App, inside: Run, text: str, *flags: str) -> str:
    """Return the page of some series."""
    app.write("series.jsonl", text)
    answer = inside("history", "series.jsonl", "--html", "page.html", *flags)
    assert answer.code == 0, answer.err
    return (app.root / "page.html").read_text()


def test_the_page_shows_every_series_and_names_the_commit_that_did_it(
    app: App, inside: Run
) -> None:
    page = drawn(app, inside, lines(series(SLOWER), series(QUIET, name="codec/quiet:latency")))
    assert "1 commit made something worse" in page
    assert f"{30:040x}"[:10] in page
    assert "2 series, up to 60 runs of series.jsonl" in page
    assert "parse:latency</bdi>" in page
    assert page.count("<svg") >= 2
    assert "series.jsonl</bdi>" in page


def test_the_table_is_still_printed(app: App, inside: Run) -> None:
    app.write("series.jsonl", lines(series(SLOWER)))
    plain = inside("history", "series.jsonl")
    assert inside("history", "series.jsonl", "--html", "page.html").out == plain.out != ""


def test_the_page_asks_nobody_and_runs_nothing_of_a_file(app: App, inside: Run) -> None:
    page = drawn(app, inside, lines(series(SLOWER, name=HOSTILE)))
    assert "<script>alert" not in page
    assert "\x1b" not in page
    assert "default-src &#39;none&#39;" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_one_point_is_counted_and_not_drawn(app: App, inside: Run) -> None:
    page = drawn(app, inside, lines(series(SLOWER)), "--last", "1")
    assert "there is nothing to draw" in page
    assert "Not drawn: 1 series of a single point." in page


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_told(
    app: App, inside: Run
) -> None:
    app.write("series.jsonl", lines(series(SLOWER)))
    assert inside("history", "series.jsonl", "--html", "new/page.html").code == 0
    assert (app.root / "new/page.html").is_file()
    answer = inside("history", "series.jsonl", "--html", "series.jsonl/page.html")
    assert answer.code == 2
    assert "page.html" in answer.err
