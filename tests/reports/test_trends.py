"""Trends in the report: what the pictures and tables of many runs say, and that it is true."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.model.emission import File
from perfci.model.evaluation import Evaluation
from perfci.model.history import History
from perfci.model.metric import Better
from perfci.model.run import Environment
from perfci.model.timeline import Course, Spot, Timeline
from perfci.reports.history_words import Note
from perfci.reports.html import HtmlReporter
from perfci.reports.trends import Trends, trends_of
from perfci.reports.trends_tracks import Track, track_of, tracks_of
from tests.reports import ninety_days, suites
from tests.reports.builders import came, evaluation, stored, unchanged
from tests.reports.courses import BEGAN, commit, course, drawn, drifting
from tests.reports.ninety_days import MACHINE
from tests.reports.test_html import Page


@cache
def quarter() -> tuple[Track, ...]:
    return tracks_of([kept.line for kept in ninety_days.history()], {})


@cache
def told() -> Trends:
    found = trends_of(quarter(), "main")
    assert found is not None
    return found


def test_every_planted_commit_is_named_with_its_series_and_what_ended_it() -> None:
    events = {event.commit: event for event in told().events}
    for at, (names, change, until) in ninety_days.STEPS.items():
        planted = ninety_days.commit(at)[:10]
        if change < 1:
            assert planted not in events
            continue
        event = events[planted]
        assert {name.partition(":")[0] for name, _ in event.series} == set(names)
        if until is None:
            assert (event.kind, event.state, event.ends) == ("bad", "Still there".lower(), ())
        else:
            assert event.kind == "good"
            assert event.state.startswith("ended after 1")
            assert event.ends[0].startswith(f"by {ninety_days.commit(until)[:10]} on 2026-")


def test_a_while_on_another_level_is_told_with_its_end() -> None:
    _, first, last, _ = ninety_days.EPISODE
    event = next(it for it in told().events if it.commit == ninety_days.commit(first)[:10])
    assert event.state == "ended after 3 days"
    assert event.ends[0].startswith(f"by {ninety_days.commit(last + 1)[:10]}")


def test_the_planted_drift_is_told_without_a_commit() -> None:
    (drift,) = [event for event in told().events if not event.commit]
    assert drift.state == "still drifting"
    assert [name for name, _ in drift.series] == [f"{ninety_days.DRIFT[0]}:latency"]
    assert drift.more.startswith("over 270 runs: +0.09 % a run, ")


def test_the_sentence_counts_commits_series_and_runs() -> None:
    assert re.fullmatch(
        r"\d+ commits made something worse \(\d still there, 3 over\)[^:]*: 50 series, "
        r"up to 270 runs of main\.",
        told().said,
    )
    assert told().unmended
    assert told().span == "2026-08-25 to 2026-11-23"


def test_suites_are_compared_by_what_was_proven() -> None:
    rows = {row.name: row for row in told().rows}
    # nothing was planted there: chance made the newest runs of one of three, on a noisier machine
    assert (rows["memory"].moved, rows["memory"].changes) == ("1.2 % worse", 1)
    assert rows["search"].moved.endswith("worse")
    assert rows["render"].moved.endswith("better")
    assert rows["database"].worst.endswith("join:latency")
    assert sum(row.series for row in told().rows) == 50


def test_the_noise_is_told_week_by_week() -> None:
    days = [date.fromisoformat(week[0]) for week in told().weeks]
    assert {day.weekday() for day in days} == {0}
    assert len(days) == len(set(days)) == 14
    first, last = told().weeks[1], told().weeks[-2]
    for place in (2, 3):
        before, after = (float(week[place].removesuffix(" %")) for week in (first, last))
        assert 1.5 < after / before < 3
    assert "and lay" in told().noise_said


def test_less_throughput_is_worse_and_shown_as_it_was_measured() -> None:
    slow = course("s/a:throughput", (20, 100.0), (20, 50.0), better=Better.HIGHER, unit="1/s")
    found = drawn(slow, course("t/b:latency", (40, 1.0)))
    assert found.events[0].series == (("s/a:throughput", "\N{MINUS SIGN}50.0 %"),)
    assert found.rows[0].worst == "\N{MINUS SIGN}50.0 % a:throughput"


def test_what_may_be_zero_is_drawn_as_differences_apart_from_ratios() -> None:
    errors = course("s/a:error_rate", (20, 0.0), (20, 0.05), unit="ratio")
    found = drawn(errors, course("s/b:latency", (40, 1.0)))
    assert [suite.name for suite in found.suites] == ["s", "s"]
    assert [suite.key for suite in found.suites] == ["trend-s", "trend-s-ratio"]
    assert "as differences" in found.suites[1].said
    assert found.events[0].series == (("s/a:error_rate", "+5.00 %"),)


def test_with_few_runs_nothing_is_claimed() -> None:
    found = drawn(course("s/a:latency", (4, 1.0)))
    assert found.said.startswith("Too few runs to tell a change, which takes 10")
    assert found.suites[0].said == "1 series, too few runs to tell a change."
    assert (found.events, found.noise, found.compared) == ((), "", "")
    assert trends_of((), "main") is None


def test_a_drift_is_told_and_drawn_as_a_slope() -> None:
    found = drawn(drifting())
    assert found.title == "1 series drifts for the worse"
    assert found.unmended
    ((name, became),) = found.suites[0].series
    assert (name, became) == ("a:latency", "drifts by +0.3 % a run, +19.4 % over 60 runs")
    lines = re.findall(r'd="M52 ([\d.]+)L[^"]* ([\d.]+)" stroke-width="2"', found.suites[0].svg)
    assert len(lines) == 1
    assert float(lines[0][0]) > float(lines[0][1]) + 50
    # it begins at no change
    (zero,) = re.findall(r'y="([\d.]+)" text-anchor="end">0</text>', found.suites[0].svg)
    assert abs(float(lines[0][0]) - (float(zero) - 4)) < 1
    found = drawn(drifting(better=Better.HIGHER))
    assert (found.title, found.unmended, found.events) == ("no series got worse", False, ())


def test_a_series_that_came_back_is_neither_worse_nor_better() -> None:
    found = drawn(course("s/a:latency", (20, 1.0), (20, 2.0), (20, 1.01)), course("t/b:x", (60, 1)))
    assert (found.rows[0].moved, found.rows[0].worst, found.unmended) == ("0", "", False)
    assert found.title == "1 commit made something worse (1 over)"


def test_without_times_the_runs_are_counted() -> None:
    spots = tuple(Spot(commit=commit(at), time=None, value=1.0 + at % 2) for at in range(30))
    timeline = Timeline(name="any name", unit="", better=Better.LOWER, spots=spots)
    found = drawn(track_of(Course(timeline=timeline)))
    assert found.span == found.noise == ""
    assert "29 runs before" in found.suites[0].svg
    assert found.suites[0].name == "no suite"


def test_a_lonely_extreme_is_kept_and_said_where_it_leaves_the_scale() -> None:
    one = course("s/a:latency", (300, 1.0), (1, 80.0), (300, 1.0))
    spots = one.course.timeline.spots
    quiet = track_of(
        Course(timeline=Timeline(name="s/a:latency", unit="s", better=Better.LOWER, spots=spots))
    )
    (suite,) = drawn(quiet).suites
    assert "1 value beyond the scale stands at its edge" in suite.said
    top = min(float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", suite.svg))
    assert top == 32.0


@pytest.mark.parametrize("number", [1, 12, 13, 400])
def test_any_number_of_series_makes_one_picture_of_bounded_size(number: int) -> None:
    tracks = [course(f"s/b{at}:latency", (30, 1.0 + at % 7 / 100)) for at in range(number)]
    tracks += [course(f"s/c{at}:latency", (30, 1.0), (30, 1.5)) for at in range(number // 10)]
    (suite,) = drawn(*tracks).suites
    assert len(suite.svg) < 60_000
    assert len(suite.series) == min(number // 10, 6)
    assert bool(suite.more) == (number // 10 > 6)


def test_what_got_worst_stands_first_and_what_got_better_last() -> None:
    sizes = {"a": 0.5, "b": 1.1, "c": 3.0, "d": 1.5}
    tracks = [course(f"s/{name}:x", (20, 1.0), (20, size)) for name, size in sizes.items()]
    (suite,) = drawn(*tracks).suites
    assert [name for name, _ in suite.series] == ["c:x", "d:x", "b:x", "a:x"]
    (event,) = drawn(*tracks).events
    assert [name for name, _ in event.series] == ["s/c:x", "s/d:x", "s/b:x"]


def test_many_suites_leave_pictures_out_and_say_so() -> None:
    tracks = [course(f"s{at}/b:latency", (12, 1.0)) for at in range(40)]
    tracks.append(course("z/worse:latency", (12, 1.0), (12, 2.0)))
    found = drawn(*tracks)
    assert len(found.suites) == 24
    assert found.suites[0].name == "z"
    assert found.hidden.startswith("17 more pictures are left out")
    assert len(found.rows) == 41


def with_history() -> bytes:
    history = History(branch="main", runs=tuple(kept.line for kept in ninety_days.history()))
    return _text(on(evaluation(*unchanged(2), history=history), MACHINE)).encode()


def test_the_section_stands_in_the_report_where_the_branch_has_runs() -> None:
    text = with_history().decode()
    page = Page(text)
    assert page.open == []
    headings = re.findall(r"<h[23][^>]*>(.*?)</h[23]>", text)
    wanted = [
        "Trends",
        "Regressions, and what ended them",
        "By suite",
        "Suites compared",
        "The noise of this runner",
        "How this was decided",
    ]
    assert [it for it in headings if it in wanted] == wanted
    assert text.count("<caption>") == len(page.all("table"))
    assert text.count("<svg") == len(re.findall(r"<svg[^>]*><title>[^<]+</title>", text))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(it["aria-labelledby"] in ids for it in page.all("div") if "aria-labelledby" in it)
    assert {link["href"] for link in page.all("a")} == {"#results"}
    assert not any({"style", "src"} & set(attributes) for _, attributes in page.elements)
    assert len(text) < 400_000


def test_runs_of_another_machine_and_short_histories_show_no_trends() -> None:
    key = "codec/quiet-00:latency"
    for history in (stored(key, runs=9), None):
        found = evaluation(*unchanged(1), history=history)
        assert 'id="trends"' not in _text(found)
    assert 'id="trends"' in _text(evaluation(*unchanged(1), history=stored(key, runs=30)))
    there = evaluation(*unchanged(1), history=stored(key, runs=30))
    other = replace(there.recording.run.environment, kernel="Linux 5.4")
    assert 'id="trends"' not in _text(on(there, other))


def on(found: Evaluation, machine: Environment) -> Evaluation:
    recording = found.recording
    run = replace(recording.run, environment=machine)
    return replace(found, recording=replace(recording, run=run))


def _text(found: Evaluation) -> str:
    page = HtmlReporter(charts=False).render(found)[0]
    assert isinstance(page, File)
    return page.content.decode()


def test_each_suites_picture_is_a_file_where_files_are_wanted() -> None:
    history = stored("codec/quiet-00:latency", "api/x:latency", runs=30)
    found = evaluation(came("codec/quiet-00", "unchanged", 0.0), history=history)
    files = [it for it in HtmlReporter(charts=True).render(found) if isinstance(it, File)]
    pictures = [it for it in files if it.path.startswith("charts/trend-")]
    assert len(pictures) == 2
    for each in pictures:
        root = ET.fromstring(each.content)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root[1].get("fill") == "#ffffff"


def test_hostile_names_are_text_and_no_more() -> None:
    tracks = [course(f"{name}/{name}:x", (12, 1.0), (12, 2.0)) for name in suites.HOSTILE]
    notes = {commit(12): Note(subject="<script>x</script>\u202e", author="\x1b[31m]]>")}
    found = drawn(*tracks, notes=notes)
    for svg in (*(suite.svg for suite in found.suites), found.timeline, found.compared):
        ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", svg)
    assert not re.search("[\u202a-\u202e\x1b]", repr(found.events[0].what))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.floats(min_value=-1e300, max_value=1e300, allow_nan=False), min_size=2, max_size=60
    ),
    st.booleans(),
)
def test_any_finite_values_make_a_whole_picture(values: list[float], positive: bool) -> None:  # noqa: FBT001
    values = [abs(value) + 1e-300 for value in values] if positive else values
    spots = tuple(
        Spot(commit=commit(at), time=BEGAN + timedelta(hours=at), value=value)
        for at, value in enumerate(values)
    )
    timeline = Timeline(name="s/a:latency", unit="s", better=Better.LOWER, spots=spots)
    found = drawn(track_of(Course(timeline=timeline)))
    for suite in found.suites:
        assert not re.search(r"\b(nan|inf)\b", suite.svg)
