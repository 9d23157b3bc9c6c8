"""What became of a branch's series, for a terminal: which commits did it, drifts, episodes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from perfci.model.text import inert
from perfci.model.timeline import Course, Culprit, Episode, Share, Timeline, Trend
from perfci.reports.grid import Cell, Style, line, paint, total, widths
from perfci.reports.history_figures import bars, change_text, digits, harm, odds, rate, relative
from perfci.reports.history_words import (
    FEWEST,
    Told,
    direction,
    harmful,
    harmless,
    headline,
    ranked,
)
from perfci.reports.text import ascii_form, clean, shorten, wrapped
from perfci.reports.words import count
from perfci.units import scale_for

_COMMITS, _SHARES, _OTHERS = 20, 8, 10
"""Commits that are shown at most, series of each, and lines of every other section."""
_LEAST_NAME = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the output can show."""

    width: int
    """Columns; no line is longer, from 40 up."""
    colour: bool
    ascii_only: bool


def history_text(told: Told, look: Look) -> str:
    """Draw it: the verdict, the commits by damage, drifts, episodes, and what is quiet.

    Returns:
        Lines, each with its line break.
    """
    drawing = _Drawing(
        told=told,
        look=Look(width=max(look.width, 40), colour=look.colour, ascii_only=look.ascii_only),
        by_name={course.timeline.name: course for course in told.courses},
    )
    return "".join(f"{inert(each)}\n" for each in drawing.lines())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    told: Told
    look: Look
    by_name: Mapping[str, Course]

    def lines(self) -> Iterator[str]:
        told = self.told
        bad, good = harmful(told.culprits), harmless(told.culprits)
        style = Style.VERY_BAD if bad else Style.VERY_GOOD
        yield self.paint(shorten(headline(told), self.look.width), style)
        if not told.courses:
            return
        yield from self.wrap(self.about(), "  ")
        yield from self.commits(bad, _COMMITS, "made something worse")
        if good:
            yield ""
            yield from self.wrap(f"{count(len(good), 'commit')} only made something better", "")
            yield from self.commits(good, _OTHERS, "made something better")
        yield from self.drifts()
        yield from self.episodes()
        yield from self.quiet()

    def about(self) -> str:
        courses = self.told.courses
        spots = [course.timeline.spots for course in courses if course.timeline.spots]
        times = [one.time for each in spots for one in (each[0], each[-1]) if one.time]
        points = count(sum(map(len, spots)), "point")
        span = f", {_day(min(times))} to {_day(max(times))}" if times else ""
        series = count(len(courses), "series", "series")
        return f"{series}, {points}{span}, from {clean(self.told.source)}"

    def commits(self, culprits: Sequence[Culprit], most: int, what: str) -> Iterator[str]:
        shown = culprits[:most]
        rows = [[self.row(share) for share in ranked(each)[:_SHARES]] for each in shown]
        sizes = self.fitted([row for several in rows for row in several])
        for rank, (each, several) in enumerate(zip(shown, rows, strict=True), start=1):
            yield ""
            yield from self.head(rank, each)
            for row in several:
                yield self.drawn(row, sizes)
            hidden = len(each.shares) - _SHARES
            if hidden > 0:
                yield f"      {count(hidden, 'more series', 'more series')}"
        if culprits[most:]:
            yield from self.wrap(
                f"{count(len(culprits) - most, 'more commit')} {what}: see --json", ""
            )

    def head(self, rank: int, culprit: Culprit) -> Iterator[str]:
        note = self.told.notes.get(culprit.commit)
        commit = clean(culprit.commit, 40)
        name = commit[:10] if len(commit) >= 40 else commit
        if name:
            parts = [name, _day(culprit.time) if culprit.time else ""]
        else:
            parts = [f"{culprit.time:%Y-%m-%d %H:%M}" if culprit.time else "(no commit)"]
        if note:
            parts += [clean(note.subject, 80), f"({clean(note.author, 40)})" if note.author else ""]
        text = "  ".join(part for part in parts if part)
        first, *rest = wrapped(
            self.plain(text), self.look.width, first=f"{rank:>3}  ", rest="     "
        )
        yield self.paint(first, Style.BOLD)
        yield from rest
        if note and note.span > 1:
            text = f"or one of the {note.span - 1:,} before it that were not measured"
            yield from self.wrap(text, "     ")

    def row(self, share: Share) -> list[Cell]:
        timeline = self.by_name[share.name].timeline
        change = share.change
        scale = scale_for(timeline.unit, change.before, change.after)
        before, after = (digits(each / scale.factor) for each in (change.before, change.after))
        values = f"{before} -> {after} {clean(scale.unit, 20)}".rstrip()
        texts = (change_text(timeline, change.change), values, odds(change.p_value))
        return self.cells(timeline, texts, worse=share.worse)

    def cells(self, timeline: Timeline, texts: tuple[str, str, str], *, worse: bool) -> list[Cell]:
        """Return a row: name, change, which way that is, what else is to say, how sure, the line.

        Args:
            timeline: whose row it is.
            texts: the change, what else, how sure.
            worse: whether the change is for the worse.
        """
        change, more, sure = map(self.plain, texts)
        return [
            Cell(text=self.plain(clean(timeline.name))),
            Cell(text=change, right=True, style=Style.BAD if worse else Style.GOOD),
            Cell(text=direction(timeline.unit, worse=worse)),
            Cell(text=more),
            Cell(text=sure),
            Cell(text="" if self.look.ascii_only else bars(timeline), style=Style.DIM),
        ]

    def fitted(self, rows: list[list[Cell]]) -> list[int]:
        """Return the widths of the columns, the least important ones 0 where all do not fit."""
        if not rows:
            return []
        sizes = widths(rows)
        for column in (5, 4, 3, 2):
            if total(sizes[1:]) + 2 + min(sizes[0], _LEAST_NAME) + 6 <= self.look.width:
                break
            sizes[column] = 0
        room = self.look.width - 6 - total(sizes[1:]) - 2
        sizes[0] = max(min(sizes[0], room), 4)
        return sizes

    def drawn(self, row: Sequence[Cell], sizes: Sequence[int]) -> str:
        name = Cell(text=shorten(row[0].text, sizes[0]))
        return f"      {line([name, *row[1:]], sizes, colour=self.look.colour)}"

    def drifts(self) -> Iterator[str]:
        found = [(course, course.trend) for course in self.told.courses if course.trend]
        if not found:
            return
        found.sort(key=lambda pair: -harm(pair[0].timeline, pair[1].change))
        yield ""
        many = count(len(found), "series drifts", "series drift")
        yield from self.wrap(f"{many} without a step", "")
        yield from self.listed([self.drift(*pair) for pair in found[:_OTHERS]], len(found))

    def drift(self, course: Course, trend: Trend) -> list[Cell]:
        timeline = course.timeline
        worse = trend.change * timeline.sign > 0
        points = len(timeline.spots) - trend.first
        each = f"{rate(trend.slope)} a point, {rate(trend.interval.low)} .. "
        text = f"over {points:,} points: {each}{rate(trend.interval.high)}"
        texts = (relative(trend.change), text, odds(trend.p_value))
        return self.cells(timeline, texts, worse=worse)

    def episodes(self) -> Iterator[str]:
        found = [(course, each) for course in self.told.courses for each in course.episodes]
        if not found:
            return
        found.sort(key=lambda pair: -harm(pair[0].timeline, pair[1].change))
        yield ""
        many = count(len(found), "episode")
        yield from self.wrap(f"{many}: another level for a while, and back", "")
        yield from self.listed([self.episode(*pair) for pair in found[:_OTHERS]], len(found))

    def episode(self, course: Course, episode: Episode) -> list[Cell]:
        timeline = course.timeline
        worse = episode.change * timeline.sign > 0
        spots = timeline.spots[episode.first : episode.last + 1]
        ends = dict.fromkeys(clean(each.commit, 40)[:10] for each in (spots[0], spots[-1]))
        text = f"{count(len(spots), 'point')}, {' to '.join(ends)}"
        return self.cells(timeline, (change_text(timeline, episode.change), text, ""), worse=worse)

    def listed(self, rows: list[list[Cell]], found: int) -> Iterator[str]:
        sizes = self.fitted(rows)
        yield from (self.drawn(row, sizes) for row in rows)
        if found > len(rows):
            yield f"      {found - len(rows):,} more: see --json"

    def quiet(self) -> Iterator[str]:
        courses = [each for each in self.told.courses if len(each.timeline.spots) >= FEWEST]
        short = len(self.told.courses) - len(courses)
        yield ""
        if courses:
            quiet = [each for each in courses if not (each.changes or each.trend or each.episodes)]
            noisiest = max(courses, key=lambda each: each.noise)
            name = shorten(clean(noisiest.timeline.name), 60)
            middle = relative(median(each.noise for each in courses), signed=False)
            most = relative(noisiest.noise, signed=False)
            text = f"{count(len(quiet), 'series', 'series')} quiet: no step, no drift."
            text = f"{text} Noise: {middle} in the middle, at most {most} ({name})"
            yield from self.wrap(text, "")
        if short:
            series = count(short, "series", "series")
            yield from self.wrap(f"{series} too short: a step shows from {FEWEST} points on", "")

    def wrap(self, text: str, indent: str) -> list[str]:
        return wrapped(self.plain(text), self.look.width, first=indent, rest=f"{indent}  ")

    def plain(self, text: str) -> str:
        return inert(ascii_form(text) if self.look.ascii_only else text)

    def paint(self, text: str, style: Style) -> str:
        return paint(text, style, colour=self.look.colour)


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"
