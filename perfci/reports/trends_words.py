"""What many runs came to, in a sentence."""

from collections.abc import Sequence
from statistics import median

from perfci.reports.history_figures import relative
from perfci.reports.trends_noise import Week
from perfci.reports.trends_regressions import Event
from perfci.reports.trends_tracks import FEWEST, Track
from perfci.reports.words import count


def headline(tracks: Sequence[Track], events: Sequence[Event]) -> str:
    """Return what got worse, and what of it still is: `5 commits made something worse, ...`."""
    if max(len(track.course.timeline.spots) for track in tracks) < FEWEST:
        return f"too few runs to tell a change, which takes {FEWEST}"
    made_by = [event for event in events if not event.drift]
    drifts = sum(bool(event.drift and event.open) for event in events)
    drift = f"{count(drifts, 'series drifts', 'series drift')} for the worse" if drifts else ""
    if not made_by:
        return drift or "no series got worse"
    still = sum(bool(event.open) for event in made_by)
    over = len(made_by) - still
    parts = [f"{still} still there" if still else "", f"{over} over" if over else ""]
    made = f"{count(len(made_by), 'commit')} made something worse"
    state = ", ".join(part for part in parts if part)
    return f"{made} ({state}){f'; {drift}' if drift else ''}"


def telling(weeks: Sequence[Week]) -> bool:
    """Return whether there is anything to say of the noise."""
    return len(weeks) > 1 and any(week.within or week.between for week in weeks)


def noise_sentence(weeks: Sequence[Week]) -> str:
    """Compare the spread of the later half of the weeks with that of the earlier."""
    known = [week.between for week in weeks if week.between is not None]
    if not telling(weeks) or len(known) < 2:
        return ""
    half = len(known) // 2
    before, now = median(known[:half]), median(known[half:])
    text = (
        f"A run lies {relative(now, signed=False)} from its series' level (standard deviation, "
        "the median over all series) in the later half of the weeks"
    )
    if before <= 0 or not 0.8 <= now / before <= 1.25:
        return f"{text}, and lay {relative(before, signed=False)} in the earlier half."
    return f"{text}, about as in the earlier half."
