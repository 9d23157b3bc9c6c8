"""`perfci history`: which commits changed a level, what drifts, over the store or over files."""

import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase

from perfci.cli.baselines import age
from perfci.cli.history_drawn import place_of_page
from perfci.cli.history_files import timelines_of_files
from perfci.cli.history_stored import stored_timelines
from perfci.cli.layout import print_json
from perfci.cli.progress import progress
from perfci.errors import ConfigurationError, ExitCode
from perfci.gate.match import matches
from perfci.model.text import printable
from perfci.model.timeline import Course, Culprit, Timeline
from perfci.platforms.single_file import write_file
from perfci.readers.timelines.moments import spelled
from perfci.reports.history_json import history_document
from perfci.reports.history_page import history_page
from perfci.reports.history_text import Look, history_text
from perfci.reports.history_words import Told
from perfci.stats.course import culprits
from perfci.wiring import process
from perfci.wiring.commits import noted_by, notes_of
from perfci.wiring.crowd import followed
from perfci.worktrees.git import Git, find_root

_NOTED = 30


def main(options: Namespace) -> int:
    """Read, look, print; it reports and never gates."""
    if options.last is not None and options.last < 1:
        raise ConfigurationError(
            f"--last {options.last} leaves no point to look at", hint="name 1 or more: --last 200"
        )
    place = place_of_page(options.html, options.files) if options.html is not None else None
    since = _since(options.since) if options.since is not None else None
    if options.files:
        found, source = timelines_of_files(options), _source(options.files)
    else:
        found, source = stored_timelines(options, since)
    for each in found.told:
        progress().warn(each)
    chosen = _selected(found.series, options.select)
    bounded = [_bounded(each, since, options.last) for each in chosen]
    courses = followed(bounded, cluster=options.dask)
    blamed = culprits(courses)
    root = find_root(process.folder())
    git = Git(root, process.environ()) if root else None
    notes = notes_of(git, [(each.commit, _before(each, courses)) for each in blamed[:_NOTED]])
    if place and courses:
        write_file(place, history_page(courses, source, noted_by(git)))
    elif place:
        progress().warn(f"there is no series to draw, and {place} is not written")
    if not sys.stdout:  # closed before perfci began
        return ExitCode.PASS
    if options.json:
        print_json(history_document(courses, blamed, notes))
        return ExitCode.PASS
    screen = process.screen()
    told = Told(courses=courses, culprits=blamed, source=source, notes=notes)
    look = Look(width=screen.width, colour=screen.colour, ascii_only=screen.ascii_only)
    sys.stdout.write(history_text(told, look))
    return ExitCode.PASS


def _source(files: Sequence[str]) -> str:
    others = len(files) - 1
    return f"{files[0]} and {others} more" if others else files[0]


def _since(text: str) -> datetime:
    """Return a moment from a date, a time, or an age.

    Raises:
        ConfigurationError: it is none of them.
    """
    if re.fullmatch(r"\s*[0-9]{1,5}\s*[hdw]\s*", text):
        return process.SystemClock().now() - age(text)
    found = spelled(text)
    if found is None:
        raise ConfigurationError(
            f"--since {printable(text)[:40]!r} is neither a date nor an age",
            hint="write 2026-10-01, 2026-10-01T12:00:00+02:00, 90d, 12w or 36h",
        )
    return found


def _selected(series: Sequence[Timeline], globs: Sequence[str]) -> list[Timeline]:
    """Return the series that any of the globs means; all without any.

    Raises:
        ConfigurationError: a glob means none of them.
    """
    for glob in globs:
        if not any(_means(glob, each.name) for each in series):
            names = ", ".join(printable(each.name)[:80] for each in series[:5])
            raise ConfigurationError(
                f"--select {printable(glob)[:80]!r} matches none of {len(series)} series",
                hint=f"the first of them: {names}" if names else "nothing was read at all",
            )
    return [each for each in series if not globs or any(_means(glob, each.name) for glob in globs)]


def _means(glob: str, name: str) -> bool:
    try:
        return matches(glob, name)
    except ValueError:  # a file's own name need not be a key of ours
        return fnmatchcase(name, glob.replace("[", "[[]"))


def _bounded(timeline: Timeline, since: datetime | None, last: int | None) -> Timeline:
    spots = timeline.spots
    if since is not None:
        if any(spot.time is None for spot in spots):
            raise ConfigurationError(
                f"{printable(timeline.name)[:80]} has points without a time, so --since cannot "
                "be asked of it",
                hint="bound it by --last N",
            )
        spots = tuple(spot for spot in spots if spot.time is not None and spot.time >= since)
    return replace(timeline, spots=spots[-last:] if last else spots)


def _before(culprit: Culprit, courses: Sequence[Course]) -> str:
    """Return the commit that was measured before one, in a series whose step is placed on it."""
    share = next(it for it in culprit.shares if it.change.commit == culprit.commit)
    spots = next(it.timeline.spots for it in courses if it.timeline.name == share.name)
    return spots[share.change.index - 1].commit
