"""The timeline of regressions: what made it worse, whether it still is, and what ended it."""

import math
import re
from collections.abc import Sequence
from datetime import timedelta
from xml.etree import ElementTree as ET

from perfci.reports.history_words import Note
from perfci.reports.trends import trends_of
from perfci.reports.trends_regressions import events_of
from tests.reports.courses import BEGAN, commit, course, drawn, drifting


def test_a_regression_is_open_until_a_level_is_as_good_as_before() -> None:
    half = course("s/half:latency", (20, 1.0), (20, 2.0), (20, 1.5))
    back = course("s/back:latency", (20, 1.0), (20, 2.0), (20, 1.05))
    worse = course("s/worse:latency", (20, 1.0), (20, 1.2), (20, 1.5))
    found = {
        it.track.name: it
        for event in events_of([half, back, worse])
        for it in event.regressions
        if it.commit == commit(20)
    }
    assert found["half:latency"].end is None
    assert math.isclose(math.exp(found["half:latency"].left), 1.5)
    end = found["back:latency"].end
    assert end is not None
    assert (end.commit, end.time) == (commit(40), BEGAN + timedelta(days=40))
    states = {event.commit: event.state for event in drawn(worse).events}
    assert states == {commit(20): "still there, +50.0 % now", commit(40): "still there"}


def test_of_several_series_each_may_have_ended_by_another_commit() -> None:
    event, *others = drawn(
        course("s/a:latency", (20, 1.0), (20, 2.0), (20, 1.0)),
        course("s/b:latency", (20, 1.0), (25, 1.5), (15, 1.0)),
        course("s/c:latency", (20, 1.0), (40, 1.2)),
        notes={commit(40): Note(subject="cache <b>it</b>", author="somebody")},
    ).events
    assert others == []
    assert event.state == "1 still there, 2 ended"
    assert event.ends == (
        f"1 of them by {commit(40)} on 2026-09-10: cache <b>it</b> (somebody)",
        f"1 of them by {commit(45)} on 2026-09-15",
    )


def test_a_series_that_is_no_longer_measured_is_not_called_still_there() -> None:
    gone = course("s/gone:latency", (10, 1.0), (10, 2.0))
    there = course("s/there:latency", (100, 1.0))
    (event,) = drawn(gone, there).events
    assert event.state == "no longer measured"
    (event,) = drawn(course("s/new:latency", (10, 1.0), (10, 2.0))).events
    assert event.state == "still there"


def test_after_runs_of_some_benchmarks_the_others_are_still_there() -> None:
    worse = course("s/worse:latency", (10, 1.0), (10, 2.0))
    others = [course(f"s/other{at}:latency", (20, 1.0)) for at in range(3)]
    # as `perfci run NAME` leaves it, day after day
    named = course("s/named:latency", (60, 1.0))
    found = drawn(worse, *others, named)
    assert found.events[0].state == "still there"
    assert found.unmended
    gone = drawn(worse, *(course(f"s/other{at}:latency", (60, 1.0)) for at in range(3)), named)
    assert gone.events[0].state == "no longer measured"


def test_a_drift_is_a_row_of_the_timeline_without_a_commit() -> None:
    step = course("s/b:latency", (60, 1.0), (30, 2.0))
    asked: list[str] = []

    def noted(commits: Sequence[str]) -> dict[str, Note]:
        asked.extend(commits)
        return {}

    found = trends_of((drifting(begun=30), step), "main", noted)
    assert found is not None
    made, drift = found.events
    assert asked == [made.commit] == [commit(60)]
    assert (drift.commit, drift.when, drift.what) == ("", "2026-08-31", "")
    assert drift.series == (("s/a:latency", "+19.4 %"),)
    assert drift.more == "over 60 runs: +0.3 % a run, +0.2 % .. +0.4 %"
    assert (drift.kind, drift.state, drift.ends) == ("bad", "still drifting", ())
    picture = ET.fromstring(found.timeline)
    assert picture[0].text == "From when to when the regressions of 1 commit and 1 drift lasted"
    labels = [each.text for each in picture.iter("text")]
    assert labels[:2] == [commit(60), "drift"]
    # told apart by its shape, too: of two rows, one is a bar and the other widens
    assert len(picture.findall("rect")) == 1
    (wedge,) = re.findall(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)L\3 ([\d.]+)Z"', found.timeline)
    begin, y, end, above, below = map(float, wedge)
    assert begin < end
    assert (above, below) == (y - 5, y + 5)


def test_a_drift_of_a_series_that_is_no_longer_measured_is_not_called_still_there() -> None:
    there = course("s/there:latency", (200, 1.0))
    found = drawn(drifting(), there)
    (drift,) = found.events
    assert (drift.kind, drift.state) == ("good", "no longer measured")
    assert (found.title, found.unmended) == ("no series got worse", False)
