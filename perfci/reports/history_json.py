"""What became of series, as a document for programs: base units, signed ratios, finite numbers."""

import math
from collections.abc import Mapping, Sequence

from perfci.model.timeline import Course, Culprit, LevelChange, Trend
from perfci.reports.history_words import Note


def history_document(
    courses: Sequence[Course], culprits: Sequence[Culprit], notes: Mapping[str, Note]
) -> dict[str, object]:
    """Return everything that is known of them; what is not finite is null.

    Args:
        courses: one a series.
        culprits: the commits with which something changed.
        notes: what the repository says of commits.
    """
    return {
        "series": [_series(course) for course in courses],
        "commits": [_commit(each, notes.get(each.commit)) for each in culprits],
    }


def _series(course: Course) -> dict[str, object]:
    timeline = course.timeline
    return {
        "name": timeline.name,
        "unit": timeline.unit,
        "direction": timeline.better.value,
        "points": len(timeline.spots),
        "change_points": [_change(each) for each in course.changes],
        "episodes": [
            {
                "first": each.first,
                "last": each.last,
                "first_commit": timeline.spots[each.first].commit,
                "last_commit": timeline.spots[each.last].commit,
                "change": _finite(each.change),
            }
            for each in course.episodes
        ],
        "trend": _trend(course.trend) if course.trend else None,
        "noise": _finite(course.noise),
    }


def _change(change: LevelChange) -> dict[str, object]:
    return {
        "index": change.index,
        "commit": change.commit,
        "before": _finite(change.before),
        "after": _finite(change.after),
        "change": _finite(change.change),
        "p_value": _finite(change.p_value),
    }


def _trend(trend: Trend) -> dict[str, object]:
    return {
        "first": trend.first,
        "slope": _finite(trend.slope),
        "interval": [_finite(trend.interval.low), _finite(trend.interval.high)],
        "level": trend.interval.level,
        "change": _finite(trend.change),
        "p_value": _finite(trend.p_value),
    }


def _commit(culprit: Culprit, note: Note | None) -> dict[str, object]:
    return {
        "commit": culprit.commit,
        "time": culprit.time.isoformat() if culprit.time else None,
        "subject": note.subject if note else None,
        "author": note.author if note else None,
        "damage": _finite(culprit.damage),
        "series": [
            {"name": share.name, "worse": share.worse} | _change(share.change)
            for share in culprit.shares
        ],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
