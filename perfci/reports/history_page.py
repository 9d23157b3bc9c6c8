"""The page of `perfci history`: every series over its commits, one file that asks nobody."""

from collections.abc import Sequence

from perfci import __version__
from perfci.model.timeline import Course
from perfci.reports.page import template
from perfci.reports.text import clean
from perfci.reports.trends import trends_of
from perfci.reports.trends_events import Noted
from perfci.reports.trends_tracks import track_of
from perfci.reports.words import count


def history_page(courses: Sequence[Course], source: str, noted: Noted) -> bytes:
    """Draw the page.

    Args:
        courses: of series of any length; those of one point are counted, and not drawn.
        source: where they are from, in words; hostile text.
        noted: returns what the repository says of commits.
    """
    drawn = [track_of(each) for each in courses if len(each.timeline.spots) > 1]
    trends = trends_of(drawn, clean(source), noted)
    lone = len(courses) - len(drawn)
    text = template("history.html.j2").render(
        title=trends.title if trends else "there is nothing to draw",
        kind="warn" if trends and trends.unmended else "pass",
        word="worse" if trends and trends.unmended else "quiet",
        source=clean(source),
        lone=f"{count(lone, 'series', 'series')} of a single point" if lone else "",
        trends=trends,
        version=__version__,
    )
    return text.encode("utf-8", "replace")
