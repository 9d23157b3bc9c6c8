"""What of a history is looked at, and what is refused."""

import pytest

from tests.command.conftest import App, Run
from tests.command.history.series import QUIET, SLOWER, ask, lines, series


@pytest.mark.parametrize(
    ("flags", "points"),
    [
        (("--last", "40"), 40),
        (("--last", "1"), 1),
        (("--last", "1000"), 60),
        (("--since", "2025-11-28"), 25),
        (("--since", "2025-11-28T00:00:00+02:00", "--last", "5"), 5),
        (("--since", "2025-11-28T15:29:00Z"), 10),
        (("--since", "1h"), 0),
    ],
)
def test_a_bound_leaves_the_newest(
    app: App, inside: Run, flags: tuple[str, ...], points: int
) -> None:
    (found,) = ask(app, inside, lines(series(SLOWER)), *flags)["series"]
    assert found["points"] == points


def test_series_are_selected_by_globs(app: App, inside: Run) -> None:
    names = ["codec/a:latency", "codec/b[n=1]:latency", "x::fib_20", "y [1]"]
    text = lines(*(series(QUIET, name=name) for name in names))
    for globs, found in (
        (["codec/*"], names[:2]),
        (["*:latency"], names[:2]),
        (["x::*"], names[2:3]),
        (["y [1]", "codec/a"], [names[0], names[3]]),
    ):
        flags = [word for glob in globs for word in ("--select", glob)]
        document = ask(app, inside, text, *flags)
        assert [each["name"] for each in document["series"]] == found


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--select", "nothing/*"), "--select 'nothing/*' matches none of 1 series"),
        (("--last", "0"), "--last 0 leaves no point to look at"),
        (("--since", "yesterday"), "--since 'yesterday' is neither a date nor an age"),
        (("--since", "999999999d"), "is neither a date nor an age"),
        (("absent.csv",), "absent.csv cannot be read"),
        (("empty",), "empty is a folder without a file"),
        (("damaged.jsonl",), "damaged.jsonl, line 2: no valid JSON"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_2(
    app: App, inside: Run, flags: tuple[str, ...], says: str
) -> None:
    (app.root / "empty").mkdir()
    app.write("damaged.jsonl", lines(series(QUIET)) + '{"name": "x", "poi')
    app.write("runs.jsonl", lines(series(QUIET)))
    answer = inside("history", "runs.jsonl", *flags)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err
    assert "next: " in answer.err
